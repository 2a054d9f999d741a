"""Misspelt names: places whose names are written or sound nearly like it. Only when asked for, never sure.

No further index is needed. All spellings one edit away from the name as written, and all one edit away from
its sound key (some hundreds each), are hashed and looked up at once; so are its consonants alone, with what
is one edit away from them. What is found is compared by its sound with rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from gazetteer.atlas import Atlas
from gazetteer.names import skeletons, sound_key, sound_keys
from gazetteer.ranking import KIND_WEIGHT
from gazetteer.store import PRIMARY, hash_all

#: Signs that names and sound keys are written with.
LETTERS, SIGNS = "abcdefghijklmnopqrstuvwxyz", "aiobcdfghjklmnprstvzSC"
#: Least likeness (0 to 1) of two sound keys that may be one misspelt name; `rapidfuzz.fuzz.ratio` by 100.
LIKE = 0.72
#: Places whose consonants agree that are compared: those that matter most, then those written most alike.
WEIGHED, COMPARED = 150, 40


def edits(key: str, signs: str) -> Iterator[str]:
    """Give all strings one edit away; see P. Norvig, "How to write a spelling corrector"."""
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        rest = tail[1:]
        if tail:
            yield head + rest
            for sign in signs:
                yield head + sign + rest
        if rest:
            yield head + rest[0] + tail[0] + rest[1:]
        for sign in signs:
            yield head + sign + tail


class Likeness(NamedTuple):
    """How like a name of a place is: of its sound (0 to 1), and with the kind of name, as a weight."""

    like: float
    weight: float


def alike(g: Atlas, name: str) -> dict[int, Likeness]:
    """Give rows of places with a name like this one, and how like it is: from `LIKE` to 1."""
    from rapidfuzz.fuzz import ratio

    key, lower = sound_key(name), name.replace("\n", " ").lower()
    if len(key) < 4:
        return {}
    found: dict[int, Likeness] = {}
    rows, _, kinds = g.store.keyed

    def add(places: Iterable[tuple[int, int]], sound: str, written: str) -> None:
        like = ratio(key, sound) / 100
        if written:
            like = (like + ratio(lower, written) / 100) / 2
        if like >= LIKE:
            close = ((like - LIKE + 0.02) / (1 - LIKE)) ** 3
            for row, kind in places:
                weight = close * KIND_WEIGHT[kind]
                if row not in found or weight > found[row].weight:
                    found[row] = Likeness(like, weight)

    # As written: where a letter is wrong, what it sounds like may be far off.
    written = list(dict.fromkeys(edits(lower, LETTERS)))
    at = g.store.spellings.firsts(hash_all(written))
    spelled = [written[i] for i in np.flatnonzero(at >= 0).tolist()]
    for spelling, sound in zip(spelled, sound_keys(spelled), strict=True):
        span = g.store.span("key", sound)
        add(zip(rows[span], kinds[span], strict=True), sound, spelling)
    sounded = list(dict.fromkeys(edits(key, SIGNS)))
    starts, ends = g.store.keys.spans(hash_all(sounded))
    for i in np.flatnonzero(ends > starts).tolist():
        a, b = int(starts[i]), int(ends[i])
        add(zip(rows[a:b], kinds[a:b], strict=True), sounded[i], "")
    for row, sound in _by_consonants(g, name):
        add([(row, PRIMARY)], sound, "")
    return found


def _by_consonants(g: Atlas, name: str) -> Iterator[tuple[int, str]]:
    """Give places whose main name has nearly the consonants of a name, with its sound key."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    bone = skeletons([name])[0]
    if not bone:
        return
    near = list(dict.fromkeys((bone, *(edits(bone, SIGNS) if len(bone) > 3 else ()))))
    starts, ends = g.store.index("bone").spans(hash_all(near))
    spans = [g.store["bone_row"][a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if a < b]
    if not spans:
        return
    rows = np.unique(np.concatenate(spans))
    if len(rows) > WEIGHED:
        rows = rows[np.argpartition(-g.prior[rows], WEIGHED)[:WEIGHED]]
    names = [g.name(row) for row in rows.tolist()]
    chosen = [i for _, _, i in extract(name, names, scorer=ratio, limit=COMPARED)]
    yield from zip(rows[chosen].tolist(), sound_keys([names[i] for i in chosen]), strict=True)
