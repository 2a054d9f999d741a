"""Rows by which different sources tell one incident: to the minute, at one spot, in like words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from gazetteer.distance import distance_km

#: Points farther apart than this, in km, are two incidents, even if they are told alike.
APART_KM = 0.2
#: How alike words must be, in percent of `rapidfuzz.fuzz.token_set_ratio`.
ALIKE = 80
#: Columns that must be the same, so that two rows can be one told twice.
MOMENT = ("type", "date", "time", "killed", "wounded", "actors")
#: More rows than this of one moment are a list, such as of arrests: none of them is compared.
MOST = 50


def find_retold(
    rows: Sequence[int], moments: Sequence[int], told: Mapping[int, dict[str, Any]]
) -> dict[int, int]:
    """Find rows that tell again, by another source, what an earlier one tells.

    Parameters
    ----------
    rows : sequence of int
        Positions, in order.
    moments : sequence of int
        Of each row the hash of `MOMENT`; 0 where time, point or source is not told.
    told : mapping of int to dict
        The rows as records.

    Returns
    -------
    dict of int to int
        Row to the earlier one.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for row, moment in zip(rows, moments, strict=True):
        if moment:
            groups[moment].append(row)
    found: dict[int, int] = {}
    for group in groups.values():
        kept: list[int] = []
        for row in group if len(group) <= MOST else ():
            twin = next((one for one in kept if _one(told[one], told[row])), None)
            if twin is None:
                kept.append(row)
            else:
                found[row] = twin
    return found


def _one(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether two rows of one moment are one incident told by two sources."""
    from rapidfuzz import fuzz, utils

    if (a["source"], a["url"]) == (b["source"], b["url"]) or (a["source"] and a["source"] == b["source"]):
        return False  # who tells two of one moment tells them apart
    if distance_km(a["lat"], a["lon"], b["lat"], b["lon"]) > APART_KM:
        return False
    texts = [[row[name] for name in ("title", "description", "quote") if row[name]] for row in (a, b)]
    return any(
        fuzz.token_set_ratio(one, two, processor=utils.default_process) >= ALIKE
        for one in texts[0]
        for two in texts[1]
    )
