"""Misspelt names: places whose names sound nearly like it. Only when asked for, and never sure.

No further index is needed. All spellings one edit away from the name's sound key (some hundreds) are hashed
and looked up at once, and so are the consonants alone and what is one edit away from them; what is found is
then compared letter by letter with rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import skeletons, sound_key, sound_keys
from gazetteer.store import Array, Store, hash_all

if TYPE_CHECKING:
    from gazetteer.gazetteer import Gazetteer

#: Signs that sound keys are made of.
SIGNS = "aiobcdfghjklmnprstvzSC"
#: Least likeness (0 to 1) of two sound keys that may be one misspelt name; `rapidfuzz.fuzz.ratio` by 100.
LIKE = 0.72
#: Places compared letter by letter, those that matter most.
COMPARED = 400


def edits(key: str) -> Iterator[str]:
    """Give all strings one edit away; see P. Norvig, "How to write a spelling corrector"."""
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for sign in SIGNS:
            if tail:
                yield head + sign + tail[1:]
            yield head + sign + tail


def _lookup(store: Store, index: str, keys: set[str]) -> Array:
    """Rows of all keys that an index holds."""
    column = store[f"{index}_hash"]
    wanted = np.sort(hash_all(sorted(keys)))
    left, right = np.searchsorted(column, wanted, "left"), np.searchsorted(column, wanted, "right")
    hit = right > left
    spans = [store[f"{index}_row"][a:b] for a, b in zip(left[hit], right[hit], strict=True)]
    return np.unique(np.concatenate(spans)) if spans else np.zeros(0, np.int32)


def alike(g: Gazetteer, name: str) -> tuple[Array, Array]:
    """Give rows of places with a name like this one, and how like it is.

    Returns
    -------
    rows : ndarray of int32
    likeness : ndarray of float64
        From `LIKE` to 1.
    """
    from rapidfuzz.fuzz import ratio

    key = sound_key(name)
    if len(key) < 4:
        return np.zeros(0, np.int32), np.zeros(0)
    found = [_lookup(g.store, "key", set(edits(key)))]
    bone = skeletons([name])[0]
    if bone:
        near = {bone} | (set(edits(bone)) if len(bone) > 3 else set())
        found.append(_lookup(g.store, "bone", near))
    rows = np.unique(np.concatenate(found))
    # A name that sounds the same was on a higher rung; the most important of the rest are compared.
    rows = rows[np.argsort(-g.prior[rows], kind="stable")][:COMPARED]
    names: list[str] = []
    owners: list[int] = []
    for i, row in enumerate(rows):
        for lang, value in g.store.texts(int(row)):
            if lang == "@name" or not lang.startswith("@"):
                names.append(value)
                owners.append(i)
    best = np.zeros(len(rows))
    for i, other in zip(owners, sound_keys(names), strict=True):
        best[i] = max(best[i], ratio(key, other) / 100)
    keep = best >= LIKE
    return rows[keep].astype(np.int32), best[keep]
