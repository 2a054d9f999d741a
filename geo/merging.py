"""One incident told by several sources becomes one row that names them all.

The rule: two rows are the same incident when they are of one family of types, at one place and on one day,
and their words or actors are alike; links also join the same ends. Each part is scored from 0 to 1; `MERGED`
and above is merged, `PROPOSED` and above is only proposed, in ``attrs["near_duplicates"]``. A document tells
its own incidents apart: two rows of one document are merged only when they are the same row. The order of
input plays no part.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.distance import distance_km
from geo.blocking import FAR_KM, day_span, near_pairs, plain
from geo.events.lexicon import family
from geo.events.wording import type_table
from geo.frame import COLUMNS, LINK_TYPES, PRECISIONS, STATUSES, Beside, build_frame, records

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

Row = dict[str, Any]

#: Scores from which two rows are merged, and from which they are proposed as one.
MERGED, PROPOSED = 0.87, 0.7
#: What place, day and words weigh in the score.
WEIGHTS = (0.3, 0.3, 0.4)
#: Clock times farther apart than this, in minutes, speak of different incidents.
APART_MINUTES = 180
#: Columns that belong together: a place of one row never gets the coordinates of another.
TOGETHER = (
    ("place", "place_id", "lat", "lon", "radius_km", "precision", "located_by", "confidence"),
    ("origin", "origin_id", "origin_lat", "origin_lon"),
    ("date", "date_end"),
    ("time", "time_end"),
    ("quote", "start", "end"),
)
#: What joins several sources, links or documents in one cell.
JOINT = "; "


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one incident.

    Attributes
    ----------
    one, other : int
        Positions.
    place, day, words, score : float
        0 to 1; the score is the weighted sum of the others.
    """

    one: int
    other: int
    place: float
    day: float
    words: float

    @property
    def score(self) -> float:
        """How sure it is that the two are one."""
        parts = (self.place, self.day, self.words)
        return round(sum(w * part for w, part in zip(WEIGHTS, parts, strict=True)), 4)


def combine(*frames: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Put frames of incidents together, duplicates merged, sources kept.

    Parameters
    ----------
    *frames : geopandas.GeoDataFrame
        As `geo.find_incidents`, `geo.read_incidents` and this function return them.

    Returns
    -------
    geopandas.GeoDataFrame
        Sorted by day, time and id; the same whatever the order of the rows and the frames, and unchanged
        by combining it again. ``source``, ``url`` and ``document`` join what several rows said with
        ``"; "``; the document that ``quote``, ``start`` and ``end`` belong to comes first.
        ``attrs`` keeps the reports, articles and mentions (a sequence for each article) of all frames,
        and ``near_duplicates``: pairs that may be one incident, with their scores, left for a reader.
    """
    import pandas as pd

    whole = pd.concat([frame[list(COLUMNS)] for frame in (*frames, build_frame({}))], ignore_index=True)
    # Only rows that may be one with another are looked at one by one.
    touched = _again(whole) | _paired(whole)
    rows = _distinct(records(whole[touched]))
    while True:
        merged = _merge_once(rows)
        if len(merged) == len(rows):
            break
        rows = _distinct(merged)
    near = [pair for pair in _pairs(rows) if pair.score >= PROPOSED]
    rows, ids = _tell_apart(rows, whole[~touched])
    untouched = whole[~touched].assign(id=ids)
    joined = build_frame({name: [row[name] for row in rows] for name in COLUMNS})
    frame = _sorted([untouched, joined])
    proposed = [
        {"one": rows[p.one]["id"], "other": rows[p.other]["id"], "score": p.score}
        | {"place": p.place, "day": p.day, "words": p.words}
        for p in sorted(near, key=lambda p: (_key(rows[p.one]), _key(rows[p.other])))
    ]
    frame.attrs = _attrs(frames) | {"near_duplicates": proposed}
    return frame


def _again(whole: pd.DataFrame) -> np.ndarray:
    """Mask of the rows that are met again, as they are or edited (same id, same document)."""
    named = whole["id"].notna().to_numpy() & whole["document"].notna().to_numpy()
    again = np.zeros(len(whole), bool)
    again[named] = whole.loc[named, ["id", "document"]].duplicated(keep=False).to_numpy()
    again[~named] = whole.loc[~named].duplicated(keep=False).to_numpy()
    return again


def _paired(whole: pd.DataFrame) -> np.ndarray:
    """Mask of the rows that may be one incident with a row of another document."""
    import pandas as pd

    mask = np.zeros(len(whole), bool)
    names = ("type", "date", "date_end", "lat", "lon", "place", "place_id", "document")
    if whole["document"].nunique(dropna=False) > 1 or whole["document"].isna().any():
        for pair in near_pairs(
            {name: [None if v is pd.NA else v for v in whole[name].tolist()] for name in names}
        ):
            mask[list(pair)] = True
    return mask


def _sorted(frames: Sequence[pd.DataFrame]) -> geopandas.GeoDataFrame:
    """Put rows in order: by day, time and id, what is not known last."""
    import geopandas
    import pandas as pd

    from geo.frame import geometry_of

    table = pd.concat([frame[list(COLUMNS)] for frame in frames], ignore_index=True)
    keys = pd.DataFrame(
        {name: table[name].fillna("~" if name != "id" else "") for name in ("date", "time", "id")}
    )
    table = table.iloc[keys.sort_values(["date", "time", "id"], kind="stable").index].reset_index(drop=True)
    return geopandas.GeoDataFrame(table, geometry=geometry_of(table), crs="EPSG:4326")


def _key(row: Row) -> tuple[str, str, str]:
    return row["date"] or "~", row["time"] or "~", row["id"] or ""


def _order(row: Row) -> tuple[str, ...]:
    """Key that puts rows in the same order however they came."""
    return tuple("" if row[name] is None else str(row[name]) for name in COLUMNS)


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """Rows in a set order; the same row met again, or edited (same id, same document), becomes one."""
    unique = {_order(row): row for row in rows}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    out = []
    for _, row in sorted(unique.items()):
        if row["id"] and row["document"]:
            groups[row["id"], row["document"]].append(row)
        else:
            out.append(row)
    out += [joined(group)[1] for group in groups.values()]
    return sorted(out, key=_order)


def _merge_once(rows: list[Row]) -> list[Row]:
    return [joined([rows[at] for at in group])[1] for group in clusters(rows)]


def clusters(rows: Sequence[Row]) -> list[list[int]]:
    """Group the rows that are one incident: the surest pairs, all of which fit together.

    Parameters
    ----------
    rows : sequence of dict
        By column of `COLUMNS`. No two of one document are one incident.

    Returns
    -------
    list of list of int
        Positions.
    """
    pairs = list(_pairs(rows))
    fits = {(p.one, p.other) for p in pairs if p.score >= PROPOSED}
    cluster = list(range(len(rows)))
    members = {at: [at] for at in cluster}
    documents = {at: _documents(row) for at, row in enumerate(rows)}
    for pair in sorted(pairs, key=lambda p: (-p.score, p.one, p.other)):
        one, other = cluster[pair.one], cluster[pair.other]
        if pair.score < MERGED or one == other or documents[one] & documents[other]:
            continue
        if any((min(a, b), max(a, b)) not in fits for a in members[one] for b in members[other]):
            continue
        for at in members.pop(other):
            cluster[at] = one
            members[one].append(at)
        documents[one] |= documents.pop(other)
    return [sorted(group) for group in members.values()]


def _documents(row: Row) -> set[str]:
    return set((row["document"] or "").split(JOINT)) - {""}


# -- likeness -------------------------------------------------------------------------------------------


def _pairs(rows: Sequence[Row]) -> Iterator[Pair]:
    """Pairs of rows from different documents that may be one incident."""
    names = ("type", "date", "date_end", "lat", "lon", "place", "place_id", "document")
    days = [day_span(row["date"], row["date_end"]) for row in rows]
    documents = [_documents(row) for row in rows]
    for one, other in near_pairs({name: [row[name] for row in rows] for name in names}):
        if not documents[one] & documents[other] and (pair := _compare(rows, days, one, other)):
            yield pair


def _compare(
    rows: Sequence[Row], days: Sequence[tuple[int, int] | None], one: int, other: int
) -> Pair | None:
    a, b = rows[one], rows[other]
    place = _place(a, b)
    first, second = days[one], days[other]
    if place is None or first is None or second is None:
        return None
    overlap = first[0] <= second[1] and second[0] <= first[1]
    day = 1.0 if first == second else 0.9 if overlap else 0.5
    minutes = _minutes(a), _minutes(b)
    at_one_time = False
    if None not in minutes and first == second:
        apart = abs(minutes[0] - minutes[1])  # type: ignore[operator]
        at_one_time = apart <= 10
        day *= 0.2 if apart > APART_MINUTES else 1.0
    words = _words(a, b)
    words = 0.5 if words is None else words
    if at_one_time:  # at one minute of one day at one place: the same, however it is told
        words = max(words, 0.75)
    return Pair(one, other, round(place, 3), round(day, 3), round(words, 3))


def _minutes(row: Row) -> int | None:
    found = re.match(r"(\d\d):(\d\d)", row["time"] or "")
    return int(found[1]) * 60 + int(found[2]) if found else None


def _place(a: Row, b: Row) -> float | None:
    """How near two rows are, 0 to 1; None where they are different places, or links of other ends."""
    if a["type"] in LINK_TYPES and _ends(a) != _ends(b):
        return None
    if a["lat"] is None or b["lat"] is None:
        same = a["lat"] is b["lat"] and a["place"] and plain(a["place"]) == plain(b["place"] or "")
        return 0.7 if same else None
    if a["place_id"] and a["place_id"] == b["place_id"]:
        return 1.0
    km = distance_km(a["lat"], a["lon"], b["lat"], b["lon"])
    close = {a["precision"], b["precision"]} <= {"exact", "settlement"}
    if km > FAR_KM or (close and a["place_id"] and b["place_id"] and km > 2):
        return None  # two villages by name, however near, are two places
    reach = (a["radius_km"] or 1) + (b["radius_km"] or 1) + 1
    return max(0.0, 1 - km / reach) if km > 1 else 1.0


def _ends(row: Row) -> set[str]:
    """Both ends of a link, whichever called."""
    return {row[f"{end}_id"] or plain(row[end] or "") for end in ("origin", "place")}


def _words(a: Row, b: Row) -> float | None:
    """How alike the words, or the actors, are; None where one row has neither."""
    from rapidfuzz import fuzz

    texts = [_telling(a), _telling(b)]
    alike = [fuzz.token_set_ratio(one, two) / 100 for one in texts[0] for two in texts[1]]
    if a["actors"] and b["actors"]:
        alike.append(fuzz.token_sort_ratio(plain(a["actors"]), plain(b["actors"])) / 100)
    if a["id"] == b["id"] and a["id"] and not a["id"].isdigit():
        alike.append(0.9)
    return max(alike) if alike else None


def _telling(row: Row) -> list[str]:
    """Words that tell a row from others: of talks not the title that only says what and where."""
    names: tuple[str, ...] = ("title", "description", "quote")
    if row["type"] not in LINK_TYPES and family(row["type"]) == "diplomacy":
        said = (row["title"] or "").startswith(type_table()[row["type"]]["label"])
        names = ("quote",) if said else ("title", "quote")
    return [plain(row[name]) for name in names if row[name]]


# -- joining --------------------------------------------------------------------------------------------


def _rank(row: Row) -> tuple[Any, ...]:
    """Which row of several speaks for all: the one placed most closely, then the one that says most."""
    precision = PRECISIONS.index(row["precision"]) if row["precision"] in PRECISIONS else len(PRECISIONS)
    filled = sum(value is not None for value in row.values())
    return (row["lat"] is None, precision, -filled, _order(row))


def joined(group: Sequence[Row]) -> tuple[int, Row]:
    """Make one row of several; what the first does not say is taken from the next.

    Returns
    -------
    int, dict
        Position of the row that speaks for all, and what they say together.
    """
    if len(group) == 1:
        return 0, group[0]
    ranked = sorted(group, key=_rank)
    row = dict(ranked[0])
    for names in TOGETHER:
        owner = next((r for r in ranked if r[names[0]] is not None), ranked[0])
        row |= {name: owner[name] for name in names}
    for name in ("title", "description", "actors", "weapon", "killed", "wounded"):
        row[name] = next((r[name] for r in ranked if r[name] is not None), None)
    if row["type"] == "other":
        row["type"] = next((r["type"] for r in ranked if r["type"] != "other"), "other")
    row["status"] = _status({r["status"] for r in ranked})
    for name in ("source", "url"):
        row[name] = _union(r[name] for r in ranked)
    quoted = next((r["document"] for r in ranked if r["quote"] is not None and r["document"]), "")
    first = quoted.split(JOINT)[0]
    documents = sorted({part for r in ranked for part in _documents(r)} - {first})
    row["document"] = JOINT.join([first] * bool(first) + documents) or None
    return group.index(ranked[0]), row


def _union(cells: Iterable[str | None]) -> str | None:
    parts = {part for cell in cells if cell for part in cell.split(JOINT) if part}
    return JOINT.join(sorted(parts)) or None


def _status(found: set[str]) -> str:
    """Status of several tellings together: claimed here and denied there is contested."""
    if "contested" in found or ("denied" in found and len(found) > 1):
        return "contested"
    return min(found, key=STATUSES.index)


def _tell_apart(rows: list[Row], others: pd.DataFrame) -> tuple[list[Row], pd.Series]:
    """Give different incidents that came with one id (two files that both count from 1) ids of their own.

    Returns
    -------
    rows, ids
        The rows, and the ids of the others.
    """
    ids = others["id"].fillna("row")
    taken = {row["id"] or "row" for row in rows}
    doubtful = ids.isin(list(taken)) | ids.duplicated(keep=False)
    mixed = [(row, None) for row in rows]
    mixed += list(zip(records(others[doubtful]), others.index[doubtful], strict=True))
    met: set[str] = set()
    told = list(rows)
    number = {id(row): at for at, row in enumerate(rows)}
    for row, index in sorted(mixed, key=lambda one: _order(one[0])):
        ident = row["id"] or "row"
        if ident in met:
            ident += "-" + hashlib.blake2s("\x1f".join(_order(row)).encode(), digest_size=5).hexdigest()
        met.add(ident)
        if index is not None:
            ids[index] = ident
        elif ident != row["id"]:
            told[number[id(row)]] = row | {"id": ident}
    return told, ids


# -- attrs ----------------------------------------------------------------------------------------------


def _attrs(frames: Sequence[geopandas.GeoDataFrame]) -> dict[str, Any]:
    """Join what stands beside the frames: lists go on, mappings unite, an article met twice counts once."""
    kept: dict[str, Any] = {}
    articles: dict[Any, tuple[Any, ...]] = {}
    for frame in frames:
        named = frame.attrs.get("mentions", ())
        told = frame.attrs.get("articles", ())
        told = list(told) if isinstance(told, list | tuple) else [told]
        grouped = all(isinstance(group, list | tuple) for group in named) and len(named) == len(told)
        for at, article in enumerate(told):
            articles.setdefault(article, tuple(named[at] if grouped else named if at == 0 else ()))
        for name, value in frame.attrs.items():
            if name in ("mentions", "articles", "near_duplicates"):
                continue
            have = kept.get(name)
            if have is None:
                kept[name] = value
            elif isinstance(have, dict) and isinstance(value, dict):
                kept[name] = Beside({**have, **value})
            elif _list_like(have) and _list_like(value) and list(have) != list(value):
                kept[name] = [*have, *value]
    if articles:
        kept |= {"articles": tuple(articles), "mentions": tuple(articles.values())}
    return kept


def _list_like(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | tuple)
