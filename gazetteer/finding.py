"""From a name to ranked candidates: climbs the ladder, weighs what it finds, and says why."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from gazetteer.atlas import SHORT, SOUNDS, Atlas
from gazetteer.distance import distance_km
from gazetteer.keys import COMMON, GENERIC, keys_of
from gazetteer.place import Candidate, Place
from gazetteer.ranking import DAMPING, KIND_WEIGHT, LOWER_RUNG, SURE
from gazetteer.store import ALTERNATE, CODE, COLLOQUIAL, ENGLISH, HISTORIC, PRIMARY, STRIPPED, hash64

if TYPE_CHECKING:
    from gazetteer.containers import Container

#: What may stand between a name and what it lies in; see `containers.parts_of`.
PARTED = re.compile("[,،、，;(（]")
_CLASS_WORDS = {
    "A": "division or country",
    "P": "settlement",
    "L": "region",
    "H": "water",
    "T": "relief",
    "S": "site",
}
#: Endings of case and of adapted names in sound keys (Slavic, Baltic, Latin); the shortest stem they leave.
_ENDING = "(?:as|is|os|om|oi|am|ah|a|o|i|s)$"
SHORTEST_STEM = 4
KIND_WORDS = {
    PRIMARY: "its name", ENGLISH: "a name of it in English", ALTERNATE: "one of its names",
    CODE: "a code of it",
    STRIPPED: "its name without the generic word", COLLOQUIAL: "a colloquial name of it",
    HISTORIC: "a historic name of it",
}  # fmt: skip
_RUNG_WORDS = {
    "exact": "agrees as written", "folded": "agrees apart from accents and case",
    "transliterated": "agrees in another spelling", "fuzzy": "perhaps a misspelling",
}  # fmt: skip
_LIKE_WORDS = [f"one of its names is {like}% like it:" for like in range(101)]
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


class Terms(NamedTuple):
    """What is asked beside the name: a country, what it must lie in, what it is near; how many answers."""

    country: str = ""
    box: Container | None = None
    near: tuple[float, float] | None = None
    limit: int = 10


#: By agreement (see `Atlas.agreements`) the weight of the kind of name; the rung, and the name in words.
_CODE_WEIGHTS = {code + rung: weight for code, weight in KIND_WEIGHT.items() for rung in (0, SOUNDS)}
_CODE_WORDS = {
    code + rung: (word, text)
    for code, text in KIND_WORDS.items()
    for rung, word in ((0, "folded"), (SOUNDS, "transliterated"))
}


class Reading(NamedTuple):
    """A place that the name may mean, with its weight, its rung and, in words, which name of it agrees."""

    row: int
    weight: float
    rung: str
    agrees: str


#: Quicker than the class, which takes its fields one by one.
_reading = partial(tuple.__new__, Reading)


def terms_of(
    g: Atlas,
    *,
    within: str | Place | None = None,
    country: str | None = None,
    near: tuple[float, float] | None = None,
    limit: int = 10,
) -> Terms | None:
    """Read what is asked beside the name; None where it names what is not known: nothing lies there."""
    code = g.country_code(country) if country else ""
    box = None
    if within is not None:
        from gazetteer.containers import container

        box = container(g, within)
        if box is None:
            return None
    return None if country and not code else Terms(code, box, near, limit)


class _Answer:
    """The candidates of a plain name in full, weighed when the first score or reason is asked for."""

    __slots__ = ("_found", "_g", "_name")

    def __init__(self, g: Atlas, name: str) -> None:
        self._g, self._name = g, name
        self._found: dict[int, Candidate] | None = None

    def __getitem__(self, row: int) -> Candidate:
        if self._found is None:
            # All of them: of many that weigh the same the index may list others first.
            self._found = _by_ladder(self._g, self._name, (), Terms(limit=sys.maxsize))
        return self._found[row]


def find_plain(g: Atlas, name: str, limit: int) -> list[Candidate] | None:
    """Find what `find` does without terms, in the order of the index; None where that is not all.

    The index holds the keys of one sound by weight (`ranking.by_weight`): where a spelling is known and
    agrees as folded, nothing has to be weighed to rank its places. Scores and reasons are read later.
    """
    store = g.store
    at = store.spellings.first(hash64(name.lower()))
    if at < 0 or limit < 1 or (len(name) <= SHORT and name.isascii()):
        return None
    sounds, folds, flags = store.spelled
    if flags[at]:
        return None
    start, end = store.keys.span(sounds[at])
    fold = folds[at]
    rows, others, kinds = store.keyed
    answer = _Answer(g, name)
    if (limit == 1 or end - start == 1) and end > start and others[start] == fold and kinds[start] != CODE:
        return [Candidate.ranked(answer, rows[start])]
    agree: list[int] = others[start:end].tolist()
    spelled = agree.count(fold)
    if not spelled:
        return None
    listed: list[int] = rows[start:end].tolist()
    held: list[int] = kinds[start:end].tolist()
    if CODE in held:
        if name.isupper():
            return None
        listed = [row for row, kind in zip(listed, held, strict=True) if kind != CODE]
        agree = [other for other, kind in zip(agree, held, strict=True) if kind != CODE]
    if spelled < len(agree):  # what is spelled so, then what only sounds so
        first = [row for row, other in zip(listed, agree, strict=True) if other == fold]
        if not first:
            return None
        listed = first + listed
    return [Candidate.ranked(answer, row) for row in islice(dict.fromkeys(listed), limit)]


def find(g: Atlas, name: str, terms: Terms, *, fuzzy: bool = False) -> list[Candidate]:
    """See `gazetteer.Gazetteer.find`."""
    found = _by_ladder(g, name, (), terms)
    tail: tuple[str, ...] = ()
    if PARTED.search(name) and (not found or _first(found).match == "transliterated"):
        from gazetteer.containers import parts_of

        parts = parts_of(name)
        if len(parts) > 1:
            name, tail = parts[0], tuple(parts[1:])
            found = _by_ladder(g, name, tail, terms) or found
    found = found or _by_ending(g, name, tail, terms)
    if not fuzzy:
        return list(found.values())
    # What bears just this name comes before what bears one like it; both together have the whole score.
    alike = {row: c for row, c in _by_likeness(g, name, tail, terms).items() if row not in found}
    if not found or not alike:
        return [*found.values(), *alike.values()][: terms.limit]
    both = [c.with_score(c.score * (1 - LIKE_SHARE)) for c in found.values()]
    both += [c.with_score(c.score * LIKE_SHARE) for c in alike.values()]
    return sorted(both, key=lambda c: -c.score)[: terms.limit]


def _first(found: Mapping[int, Candidate]) -> Candidate:
    return next(iter(found.values()))


def _by_ladder(g: Atlas, name: str, tail: tuple[str, ...], terms: Terms) -> dict[int, Candidate]:
    keys = keys_of(g.store, name)
    classes: tuple[str, ...] = ()
    if keys.flags & GENERIC:
        agreements, classes = g.stripped_agreements(name, keys)
    else:
        agreements = g.agreements(name, keys)
    if not agreements:
        return {}
    readings, cap = weigh(g, agreements, classes)
    return ranked(g, Asked(name, tail, terms, classes, bool(keys.flags & COMMON)), readings, cap)


def weigh(g: Atlas, agreements: Mapping[int, int], classes: Sequence[str]) -> tuple[list[Reading], float]:
    """Weigh the places of a name; gives what is left of their scores besides."""
    prior = g.store.views["prior"]
    weights = {row: prior[row] ** DAMPING * _CODE_WEIGHTS[code] for row, code in agreements.items()}
    if classes:
        _favour_kind(g, agreements, classes, weights)
    heard = [row for row, code in agreements.items() if code >= SOUNDS]
    spelled = len(heard) < len(agreements)
    if heard and spelled:  # what only sounds so gives way to what is spelled so
        high = max([weights[row] for row, code in agreements.items() if code < SOUNDS])
        low = max([weights[row] for row in heard])
        for row in heard:
            weights[row] *= LOWER_RUNG * min(1.0, high / low)
    readings = [_reading((row, weights[row], *_CODE_WORDS[code])) for row, code in agreements.items()]
    return readings, 1.0 if spelled else OTHER_SPELLING


def _favour_kind(
    g: Atlas, agreements: Mapping[int, int], classes: Sequence[str], weights: dict[int, float]
) -> None:
    """Let places of another kind than the generic word says weigh less than all that may be meant by it.

    "Lake Chad" is the lake, however many more people the country matters to.
    """
    meant, others = 0.0, []
    for row, code in agreements.items():
        if g.class_of(row) not in classes:
            weights[row] *= OTHER_CLASS
            if STRIPPED <= code < SOUNDS:  # its name has no such word
                others.append(row)
                continue
        if code < SOUNDS:
            meant = max(meant, weights[row])
    most = max([weights[row] for row in others], default=0.0)
    if meant and most > OTHER_CLASS * meant:
        for row in others:
            weights[row] *= OTHER_CLASS * meant / most


def _by_ending(g: Atlas, name: str, tail: tuple[str, ...], terms: Terms) -> dict[int, Candidate]:
    """Take a name for an inflected one: Bostonas, Харькова, Detroitum; never sure."""
    from gazetteer.names import sound_key

    key = sound_key(name)
    shorter = re.sub(_ENDING, "", key)
    if shorter == key or len(shorter) < SHORTEST_STEM:
        return {}
    views, span = g.store.views, g.store.span("key", shorter)
    agrees = "apart from its ending, one of its names"
    readings = [
        Reading(row, views["prior"][row] ** DAMPING, "transliterated", agrees)
        for row in dict.fromkeys(views["key_row"][span])
    ]
    return ranked(g, Asked(name, tail, terms), readings, SURE)


def _by_likeness(g: Atlas, name: str, tail: tuple[str, ...], terms: Terms) -> dict[int, Candidate]:
    from gazetteer.fuzzy import alike

    prior = g.store.views["prior"]
    readings = [
        Reading(row, prior[row] ** DAMPING * weight, "fuzzy", _LIKE_WORDS[round(like * 100)])
        for row, (like, weight) in alike(g, name).items()
    ]
    return ranked(g, Asked(name, tail, terms), readings, SURE)


class Asked(NamedTuple):
    """A question: the name, what it is said to lie in, the terms; what its generic word speaks for."""

    name: str
    tail: tuple[str, ...]
    terms: Terms
    classes: tuple[str, ...] = ()
    common: bool = False


def ranked(g: Atlas, asked: Asked, readings: list[Reading], cap: float) -> dict[int, Candidate]:
    """Keep the readings that lie where asked, and rank them by weight; candidates by row, best first."""
    terms, why, away = asked.terms, [], {}
    if terms.country:
        readings = [r for r in readings if g.store.country(r.row) == terms.country]
    if terms.box is not None:
        readings = _within(g, readings, terms.box)
    for part in asked.tail:
        from gazetteer.containers import container

        outer = container(g, part)
        held = _within(g, readings, outer) if outer is not None else []
        if outer is None:
            why.append(f"{part!r} is not a place known here")
            cap *= TAIL_UNKNOWN
        elif held:
            readings = held
            why.append(f"within {part}")
        else:
            why.append(f"not known to lie in {part}")
            cap *= TAIL_MISSED
    if not readings:
        return {}
    if terms.near is not None:
        lat, lon = g.store.views["lat"], g.store.views["lon"]
        away = {r.row: distance_km(*terms.near, lat[r.row], lon[r.row]) for r in readings}
        readings = [
            r._replace(weight=r.weight * (1e-3 + 1 / (1 + (away[r.row] / NEAR_KM) ** 2))) for r in readings
        ]
    common, left = common_reasons(asked)
    why += common
    cap *= left
    readings.sort(key=lambda r: (-r.weight, r.row))
    total, count = sum([r.weight for r in readings]), len(readings)
    return {
        r.row: candidate(g, asked, r, r.weight / total * cap, why, count, away.get(r.row))
        for r in readings[: terms.limit]
    }


def common_reasons(asked: Asked) -> tuple[list[str], float]:
    """Give reasons against a name that is a common word and stands alone, and what is left of its scores."""
    if asked.common and not asked.tail and asked.terms.box is None:
        return ["a common word: needs other evidence"], COMMON_WORD
    return [], 1.0


def _within(g: Atlas, readings: list[Reading], box: Container) -> list[Reading]:
    import numpy as np

    from gazetteer.containers import inside

    mask = inside(g, np.array([r.row for r in readings], np.int32), box)
    return [r for r, held in zip(readings, mask.tolist(), strict=True) if held]


def candidate(
    g: Atlas,
    asked: Asked,
    reading: Reading,
    score: float,
    why: Sequence[str],
    count: int,
    km: float | None = None,
) -> Candidate:
    """Make a candidate, its place and reasons read when asked for.

    Parameters
    ----------
    score : float
    why : sequence of str
        Reasons that hold for all candidates of the name.
    count : int
        How many places were found.
    km : float, optional
        How far it is from the point given.
    """
    return Candidate.later(score, partial(_read, g, asked, reading, why, count, km))


def _read(
    g: Atlas, asked: Asked, reading: Reading, why: Sequence[str], count: int, km: float | None
) -> tuple[Place, str, tuple[str, ...]]:
    """Give the place, the rung of the ladder and the reasons in words."""
    place, rung, terms = g.place(reading.row), reading.rung, asked.terms
    if rung != "fuzzy" and any(asked.name == n for n in (place.name, *sum(place.names.values(), ()))):
        rung = "exact"
    reasons = [f"in {terms.country}, as asked"] if terms.country else []
    reasons += [f"within {terms.box.text}"] if terms.box is not None else []
    reasons += [*why, f"{reading.agrees} {_RUNG_WORDS[rung]}"]
    if place.feature[:1] in asked.classes:
        reasons.append(f"a {_CLASS_WORDS.get(place.feature[:1], 'place')}, as the name says")
    if place.population:
        reasons.append(f"population {place.population:,}")
    if km is not None:
        reasons.append(f"{km:.0f} km from the point given")
    reasons.append("the only place found" if count == 1 else f"one of {count} places found")
    return place, rung, tuple(reasons)
