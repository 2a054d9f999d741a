"""From a name to ranked candidates: reads the question, climbs the ladder, weighs what it finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import normalize, sound_key, strip_generic
from gazetteer.place import Candidate, Place
from gazetteer.ranking import DAMPING, KIND_WEIGHT, LOWER_RUNG, SURE, Hits, unique_hits
from gazetteer.store import ALTERNATE, CODE, COLLOQUIAL, ENGLISH, HISTORIC, PRIMARY, STRIPPED, Array

if TYPE_CHECKING:
    from gazetteer.gazetteer import Gazetteer

_COMMA = re.compile(r"\s*[,،、，;]\s*|\s*[(（]|[)）]\s*")
_CLASS_WORDS = {
    "A": "division or country",
    "P": "settlement",
    "L": "region",
    "H": "water",
    "T": "relief",
    "S": "site",
}
#: Endings of case and of adapted names in sound keys (Slavic, Baltic, Latin); the shortest stem they leave.
_ENDING = re.compile("(?:as|is|os|om|oi|am|ah|a|o|i|s)$")
SHORTEST_STEM = 4
_KIND_WORDS = {
    PRIMARY: "its name", ENGLISH: "a name of it in English", ALTERNATE: "one of its names",
    CODE: "a code of it",
    STRIPPED: "its name without the generic word", COLLOQUIAL: "a colloquial name of it",
    HISTORIC: "a historic name of it",
}  # fmt: skip
_RUNG_WORDS = {
    "exact": "agrees as written", "folded": "agrees apart from accents and case",
    "transliterated": "agrees in another spelling", "fuzzy": "perhaps a misspelling",
}  # fmt: skip
#: How far outside a settlement or a region what lies "within" it may still be, km beyond its radius.
AROUND_TOWN, AROUND_REGION = 15.0, 2.0
#: Countries whose states are written by their postal codes.
FEDERATIONS = ("US", "CA", "AU")
#: Weight of a place of another kind than the generic word says (a town for "X district").
OTHER_CLASS = 0.05
#: What is left of the scores where the name is known in other spellings only.
OTHER_SPELLING = 0.9
#: What is left of the scores where "X, Y" names a Y that is not known, or in which no X is known.
TAIL_UNKNOWN, TAIL_MISSED = 0.5, 0.2
#: What is left of the scores of a common word that stands alone.
COMMON_WORD = 0.4
#: Share of the scores that places with a name like the one asked for have beside places that bear it.
LIKE_SHARE = 0.3
#: Distance at which a place weighs half as much as one at the point given.
NEAR_KM = 50.0


@dataclass(frozen=True, slots=True)
class Container:
    """What a place must lie in: rows, and words for the reason."""

    rows: Array
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a name, what its place must lie in, what it is said to lie in, what it is near."""

    name: str
    tail: tuple[str, ...]
    country: str
    box: Container | None
    near: tuple[float, float] | None
    limit: int


def find(
    g: Gazetteer,
    name: str,
    *,
    within: str | Place | None = None,
    country: str | None = None,
    near: tuple[float, float] | None = None,
    fuzzy: bool = False,
    limit: int = 10,
) -> list[Candidate]:
    """See `Gazetteer.find`."""
    code = g.country_code(country) if country else ""
    box = container(g, within) if within is not None else None
    if (country and not code) or (within is not None and box is None):
        return []  # to lie in a place that is not known here is known of none
    whole = Question(name, (), code, box, near, limit)
    found = _by_ladder(g, whole)
    parts = parts_of(name)
    if len(parts) > 1 and not (found and found[0].match in ("exact", "folded")):
        whole = Question(parts[0], tuple(parts[1:]), code, box, near, limit)
        found = _by_ladder(g, whole) or found
    found = found or _by_ending(g, whole)
    if not fuzzy:
        return found
    # What bears just this name comes before what bears one like it; both together have the whole score.
    known = {c.place.id for c in found}
    alike = [c for c in _by_likeness(g, whole) if c.place.id not in known]
    if found and alike:
        found = [replace(c, score=int(c.score * (1 - LIKE_SHARE) * 1e4) / 1e4) for c in found]
        alike = [replace(c, score=int(c.score * LIKE_SHARE * 1e4) / 1e4) for c in alike]
    return sorted(found + alike, key=lambda c: -c.score)[:limit]


def _by_ladder(g: Gazetteer, asked: Question) -> list[Candidate]:
    hits, classes = rows_of(g, asked.name)
    weight = np.asarray(g.prior[hits.rows], np.float64) ** DAMPING
    weight *= np.array([KIND_WEIGHT[kind] for kind in sorted(KIND_WEIGHT)])[hits.kinds]
    if classes:
        weight *= np.where(np.isin(g.feature_class[hits.rows], classes), 1.0, OTHER_CLASS)
    if hits.folded.any() and not hits.folded.all():
        lower = ~hits.folded
        weight[lower] *= LOWER_RUNG * min(1.0, weight[hits.folded].max() / weight[lower].max())
    rungs = np.where(hits.folded, "folded", "transliterated")
    agrees = [agreement(int(kind)) for kind in hits.kinds]
    return _ranked(
        g, asked, hits.rows, weight, rungs, agrees, classes, 1.0 if hits.folded.any() else OTHER_SPELLING
    )


def _by_ending(g: Gazetteer, asked: Question) -> list[Candidate]:
    """Take a name for an inflected one: Bostonas, Харькова, Detroitum; never sure."""
    key = sound_key(asked.name)
    shorter = _ENDING.sub("", key)
    if shorter == key or len(shorter) < SHORTEST_STEM:
        return []
    rows = np.unique(g.store["key_row"][g.store.span("key", shorter)])
    weight = np.asarray(g.prior[rows], np.float64) ** DAMPING
    agrees = ["apart from its ending, one of its names"] * len(rows)
    return _ranked(g, asked, rows, weight, np.full(len(rows), "transliterated"), agrees, (), SURE)


def _by_likeness(g: Gazetteer, asked: Question) -> list[Candidate]:
    from gazetteer.fuzzy import LIKE, alike

    rows, likeness = alike(g, asked.name)
    weight = np.asarray(g.prior[rows], np.float64) ** DAMPING * ((likeness - LIKE + 0.02) / (1 - LIKE)) ** 3
    agrees = [f"one of its names is {like:.0%} like it:" for like in likeness]
    return _ranked(g, asked, rows, weight, np.full(len(rows), "fuzzy"), agrees, (), SURE)


def container(g: Gazetteer, within: str | Place) -> Container | None:
    """Read a name or a place as something to lie in; None where it is not known."""
    if isinstance(within, Place):
        row = g.store.row_of(within.id)
        return Container(np.array([row], np.int32), within.name) if row >= 0 else None
    parts = parts_of(within)
    if not parts:
        return None
    hits, classes = rows_of(g, parts[0])
    rows = hits.rows[hits.folded] if hits.folded.any() else hits.rows
    code = g.country_code(parts[0])
    if code:
        rows = np.union1d(rows, [g.store.row_of(f"country:{code}")])
    if len(parts[0]) in (2, 3) and parts[0].isupper():  # "Paris, TX"
        states = [g.store.row_of(f"iso:{federation}-{parts[0]}") for federation in FEDERATIONS]
        rows = np.union1d(rows, [row for row in states if row >= 0]).astype(np.int32)
    for part in parts[1:]:
        outer = container(g, part)
        if outer is not None:
            rows = rows[inside(g, rows, outer)]
    if classes and np.isin(g.feature_class[rows], classes).any():
        rows = rows[np.isin(g.feature_class[rows], classes)]
    # A division speaks for the town it is named after; what matters little is not meant beside what
    # matters much.
    divided = set(g.country[rows[g.feature_class[rows] == "A"]].tolist())
    town = (g.feature_class[rows] == "P") & np.isin(g.country[rows], list(divided))
    rows = rows[~town]
    if not len(rows):
        return None
    return Container(rows[g.prior[rows] >= g.prior[rows].max() / 1e4].astype(np.int32), within)


def inside(g: Gazetteer, rows: Array, box: Container) -> Array:
    """Mask of the rows that lie in a container: by outline, division, country, or by distance."""
    from gazetteer.distance import distances_km

    mask = np.zeros(len(rows), bool)
    for row in box.rows:
        feature = g.feature_codes[g.feature[row]]
        outline = g.outline(row)
        if outline is not None:
            from shapely import contains_xy, prepare

            prepare(outline)
            mask |= contains_xy(outline, g.lon[rows], g.lat[rows])
        elif feature.startswith("A.PCL"):
            mask |= g.country[rows] == g.country[row]
        elif feature in ("A.ADM1", "A.ADM2"):
            mask |= (g.admin1_row[rows] == row) | (g.admin2_row[rows] == row)
        else:
            reach = float(g.radius_km[row]) + (AROUND_TOWN if feature[:1] == "P" else AROUND_REGION)
            mask |= distances_km(float(g.lat[row]), float(g.lon[row]), g.lat[rows], g.lon[rows]) <= reach
        mask &= rows != row
    return mask


def rows_of(g: Gazetteer, name: str) -> tuple[Hits, tuple[str, ...]]:
    """Hits of the name, and of the name without its generic word; with the classes that word speaks for."""
    hits = g.hits(name)
    stripped = strip_generic(name)
    if stripped is None:
        return hits, ()
    more = g.hits(stripped.name)
    both = unique_hits(
        np.concatenate([hits.rows, more.rows]),
        np.concatenate([hits.folded, more.folded]),
        np.concatenate([hits.kinds, np.full(len(more.rows), STRIPPED, np.uint8)]),
    )
    return both, stripped.classes


def _ranked(
    g: Gazetteer,
    asked: Question,
    rows: Array,
    weight: Array,
    rungs: Array,
    agrees: Sequence[str],
    classes: Sequence[str],
    cap: float,
) -> list[Candidate]:
    """Keep the rows that lie where asked, and rank them by weight."""
    from gazetteer.distance import distances_km

    if not len(rows):
        return []
    why: list[str] = []
    keep = np.ones(len(rows), bool)
    if asked.country:
        keep &= g.country[rows] == asked.country
    if asked.box is not None:
        keep &= inside(g, rows, asked.box)
    for part in asked.tail:
        outer = container(g, part)
        within = inside(g, rows, outer) & keep if outer is not None else np.zeros(0, bool)
        if outer is None:
            why.append(f"{part!r} is not a place known here")
            cap *= TAIL_UNKNOWN
        elif within.any():
            keep = within
            why.append(f"within {part}")
        else:
            why.append(f"not known to lie in {part}")
            cap *= TAIL_MISSED
    if not keep.any():
        return []
    if asked.near is not None:
        away = distances_km(*asked.near, g.lat[rows], g.lon[rows])
        weight = weight * (1e-3 + 1 / (1 + (away / NEAR_KM) ** 2))
    words, left = common_word(g, asked)
    why += words
    cap *= left
    chosen = np.flatnonzero(keep)
    chosen = chosen[np.lexsort((rows[chosen], -weight[chosen]))]
    share = weight[chosen] / weight[chosen].sum() * cap
    found = []
    for i, score in zip(chosen[: asked.limit].tolist(), share.tolist(), strict=False):
        km = float(away[i]) if asked.near is not None else None
        found.append(
            candidate(
                asked, g.place(int(rows[i])), score, str(rungs[i]), agrees[i], why, classes, len(chosen), km
            )
        )
    return found


def parts_of(name: str) -> list[str]:
    """Give the name and what it is said to lie in: "Paris, Texas", "Paris (Texas)"."""
    return [part for part in _COMMA.split(name) if normalize(part)]


def agreement(kind: int) -> str:
    """Say in words which kind of name agrees."""
    return _KIND_WORDS[kind]


def common_word(g: Gazetteer, asked: Question) -> tuple[list[str], float]:
    """Give reasons against a name that is a common word and stands alone, and what is left of its scores."""
    if g.is_stop(asked.name) and not asked.tail and asked.box is None:
        return ["a common word: needs other evidence"], COMMON_WORD
    return [], 1.0


def candidate(
    asked: Question,
    place: Place,
    score: float,
    rung: str,
    agrees: str,
    why: Sequence[str],
    classes: Sequence[str],
    count: int,
    km: float | None = None,
) -> Candidate:
    """Make a candidate with its reasons in words; `count` places were found, `km` is how far this one is."""
    if rung != "fuzzy" and any(asked.name == n for n in (place.name, *sum(place.names.values(), ()))):
        rung = "exact"
    reasons = [f"in {asked.country}, as asked"] if asked.country else []
    reasons += [f"within {asked.box.text}"] if asked.box is not None else []
    reasons += [*why, f"{agrees} {_RUNG_WORDS[rung]}"]
    if place.feature[:1] in classes:
        reasons.append(f"a {_CLASS_WORDS.get(place.feature[:1], 'place')}, as the name says")
    if place.population:
        reasons.append(f"population {place.population:,}")
    if km is not None:
        reasons.append(f"{km:.0f} km from the point given")
    reasons.append("the only place found" if count == 1 else f"one of {count} places found")
    # Rounded down, so that the shares never add up to more than the whole.
    return Candidate(place, int(score * 1e4) / 1e4, rung, tuple(reasons))
