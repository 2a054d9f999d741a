"""Pairs of rows near enough in kind, time and place to be compared, found without comparing all with all.

Rows get the same key if they are of one family of types (a link of one type), on one day or the next, and in
one cell of a grid (or of one place id; or without coordinates and of one name). Only rows of different
documents are paired: a document tells its own incidents apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from geo.events.lexicon import family
from geo.factors import Array
from geo.frame import LINK_TYPES

#: Rows farther apart than this, in km, are never one incident, however vague their places are.
FAR_KM = 30.0
#: Height of a cell in degrees: two rows within `FAR_KM` share a cell in one of two grids half a cell apart.
CELL = 2.05 * FAR_KM / 111.0
#: Longest span of days that is looked at.
LONGEST_DAYS = 31


def near_pairs(columns: Mapping[str, Sequence[Any]]) -> Iterator[tuple[int, int]]:
    """Give the pairs of rows that may be one incident, each once, the lower position first.

    Parameters
    ----------
    columns : mapping of str to sequence
        ``type``, ``date``, ``date_end``, ``lat``, ``lon`` (degrees), ``place``, ``place_id``, ``document``
        of each row; None or NaN where not known.
    """
    documents = [_none(value) or f"\0{at}" for at, value in enumerate(columns["document"])]
    if len(set(documents)) < 2:
        return
    rows, keys = _keys(columns)
    _, document = np.unique(np.array(documents, dtype=object), return_inverse=True)
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    bounds = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True]) if len(keys) else np.zeros(1, np.int64)
    of = document[rows]
    # A block all of one document has nothing to pair.
    mixed = np.zeros(len(keys), bool)
    mixed[1:] = (of[1:] != of[:-1]) & (keys[1:] == keys[:-1])
    several = np.add.reduceat(mixed, bounds[:-1]) > 0 if len(keys) else np.zeros(0, bool)
    seen: set[tuple[int, int]] = set()
    for start, end in zip(bounds[:-1][several].tolist(), bounds[1:][several].tolist(), strict=True):
        members = rows[start:end].tolist()
        for at, one in enumerate(members):
            for other in members[at + 1 :]:
                pair = (one, other)
                if one != other and document[one] != document[other] and pair not in seen:
                    seen.add(pair)
                    yield pair


def day_span(first: str | None, last: str | None) -> tuple[int, int] | None:
    """Give first and last day as ordinals; None unless both are whole days."""
    try:
        begin = date.fromisoformat(first or "").toordinal()
        end = date.fromisoformat(last or first or "").toordinal()
    except ValueError:
        return None
    return begin, max(begin, end)


def plain(text: str) -> str:
    """Bring a text to its words in small letters."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _none(value: Any) -> Any:  # noqa: ANN401 - a cell of a frame
    """Give None for what frames have where nothing is known."""
    return None if value is None or value != value else value


def _keys(columns: Mapping[str, Sequence[Any]]) -> tuple[Array, Array]:
    """Give every row its keys: positions of rows, and a key of each."""
    spans = [
        day_span(_none(first), _none(last))
        for first, last in zip(columns["date"], columns["date_end"], strict=True)
    ]
    dated = np.array([at for at, span in enumerate(spans) if span is not None], np.int64)
    counts = np.array([min(s[1] - s[0], LONGEST_DAYS) + 1 for s in spans if s is not None], np.int64)
    begins = np.array([s[0] for s in spans if s is not None], np.int64)
    rows = np.repeat(dated, counts)
    days = np.repeat(begins, counts) + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    kinds = {k: k if k in LINK_TYPES else family(k) or k for k in set(columns["type"])}
    numbers = {kind: number for number, kind in enumerate(sorted(set(kinds.values())))}
    kind = np.array([numbers[kinds[k]] for k in columns["type"]], np.int64)[rows]
    # Of two days one after the other, one of the two halves is the same.
    whens = [kind << 32 | (days + shift) // 2 << 1 | shift for shift in (0, 1)]
    found_rows, found_keys = [], []
    for where, told in _wheres(columns):
        there = told[rows]
        for when in whens:
            found_rows.append(rows[there])
            found_keys.append(_mixed(when[there], where[rows][there]))
    both = np.unique(
        np.stack([np.concatenate(found_keys), np.concatenate(found_rows).astype(np.uint64)]), axis=1
    )
    return both[1].astype(np.int64), both[0]


def _wheres(columns: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Array, Array]]:
    """Give numbers for where each row is, and a mask of those that have one: cells of grids, ids, names."""
    lat, lon = (np.array([_float(v) for v in columns[name]], "float64") for name in ("lat", "lon"))
    located = np.isfinite(lat) & np.isfinite(lon)
    for up in (0.0, 0.5):
        band = np.floor((np.where(located, lat, 0.0) + 90) / CELL + up)
        edge = np.minimum(np.abs((band - up) * CELL - 90), np.abs((band + 1 - up) * CELL - 90))
        far = np.maximum(edge, np.abs((band + 0.5 - up) * CELL - 90)) + CELL
        around = np.maximum(1.0, np.floor(360 * np.cos(np.radians(np.minimum(far, 89.9))) / CELL))
        for right in (0.0, 0.5):
            cell = np.floor((np.where(located, lon, 0.0) + 180) / 360 * around + right) % around
            yield (
                (band.astype(np.int64) << 20 | cell.astype(np.int64)) << 2 | int(2 * up + right * 4) % 4,
                located,
            )
    yield _numbers(columns["place_id"], 1 << 50)
    names = [
        plain(name) if name is not None and not at else None
        for name, at in zip(map(_none, columns["place"]), located.tolist(), strict=True)
    ]
    yield _numbers(names, 1 << 51)


def _float(value: Any) -> float:  # noqa: ANN401 - a cell of a frame
    return float("nan") if _none(value) is None else float(value)


def _numbers(texts: Sequence[Any], start: int) -> tuple[Array, Array]:
    known: dict[str, int] = {}
    numbers = [known.setdefault(text, len(known) + start) if _none(text) else 0 for text in texts]
    found = np.array(numbers, np.int64)
    return found, found > 0


def _mixed(one: Array, other: Array) -> Array:
    """Mix two numbers into one key."""
    key = one.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ other.astype(np.uint64)
    key *= np.uint64(0xD6E8FEB86659FD93)
    return key ^ (key >> np.uint64(32))
