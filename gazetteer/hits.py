"""What the index holds for many names at once, before anything is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gazetteer.atlas import SHORT, Atlas
from gazetteer.keys import COMMON, GENERIC, ManyKeys, many_keys
from gazetteer.names import hides_vowels, skeletons, sound_keys
from gazetteer.store import ALTERNATE, CODE, Array, hash_all

#: From so many names on a list is read by Arrow, which has to be imported first.
LONG = 10_000
#: Names as a list, or as a column of Arrow, pandas or numpy; None for what is missing.
Column = Any


@dataclass(frozen=True, slots=True)
class BatchHits:
    """Rows that many names may mean: whose they are, the rung and the kind of name; by owner, then row."""

    owner: Array
    rows: Array
    folded: Array
    kinds: Array

    def of(self, which: Array) -> BatchHits:
        """Give some of the hits."""
        return BatchHits(self.owner[which], self.rows[which], self.folded[which], self.kinds[which])

    def unique(self) -> BatchHits:
        """Keep the best agreement of each owner and row."""
        ordered = self.of(np.lexsort((self.kinds, ~self.folded, self.rows, self.owner)))
        first = np.ones(len(ordered.rows), bool)
        first[1:] = np.diff(ordered.rows) != 0
        first[1:] |= np.diff(ordered.owner) != 0
        return ordered.of(first)


def spans(g: Atlas, names: Sequence[str], keys: ManyKeys) -> tuple[Array, Array]:
    """Start and end of each name in the index of keys; one that is not known is read in further ways."""
    index = g.store.index("key")
    left, right = index.spans(keys.sound)

    def probe(which: list[int], sounds: list[str]) -> list[int]:
        left[which], right[which] = index.spans(hash_all(sounds))
        return [i for i in which if left[i] == right[i]]

    missed = [i for i in np.flatnonzero(left == right).tolist() if len(names[i]) > 2]
    missed = probe(missed, sound_keys([names[i] for i in missed], turkic=True))
    slavic = [i for i in missed if "j" in names[i].lower()]
    probe(slavic, sound_keys([names[i].lower().replace("j", "y") for i in slavic]))
    return left, right


def expand(starts: Array, ends: Array) -> tuple[Array, Array]:
    """Positions of many spans one after another, and the span that each is of."""
    counts = ends - starts
    owner = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return np.arange(len(owner)) - np.repeat(firsts - starts, counts), owner


def hits_all(g: Atlas, names: Sequence[str]) -> BatchHits:
    """Give what `Atlas.hits` gives for each name."""
    return hits_of(g, names, many_keys(g.store, names, flagged=False)).unique()


def hits_of(g: Atlas, names: Sequence[str], keys: ManyKeys) -> BatchHits:
    """Give what the index holds for names of these keys; a row may come more than once."""
    starts, ends = spans(g, names, keys)
    at, owner = expand(starts, ends)
    rows, folds, kinds = (g.store[f"key_{part}"][at] for part in ("row", "fold", "kind"))
    folded = folds == keys.fold[owner]
    bare = [i for i in np.flatnonzero(starts == ends).tolist() if hides_vowels(names[i])]
    if bare:
        bones = skeletons([names[i] for i in bare])
        whose = np.array([i for i, bone in zip(bare, bones, strict=True) if bone], np.int64)
        wanted = hash_all([bone for bone in bones if bone])
        at, which = expand(*g.store.index("bone").spans(wanted))
        owner = np.concatenate([owner, whose[which]])
        rows = np.concatenate([rows, g.store["bone_row"][at]])
        folded = np.concatenate([folded, np.zeros(len(at), bool)])
        kinds = np.concatenate([kinds, np.full(len(at), ALTERNATE, np.uint8)])
    short = np.fromiter(map(len, names), np.int64, len(names)) <= SHORT
    for i in np.flatnonzero(short).tolist():
        short[i] = names[i].isascii()
    keep = folded | ~short[owner]
    codes = np.flatnonzero(kinds == CODE)
    upper = {i: names[i].isupper() for i in set(owner[codes].tolist())}
    keep[codes] &= folded[codes] & np.array([upper[i] for i in owner[codes].tolist()], bool)
    return BatchHits(owner, rows, folded, kinds).of(keep)


def numbered(names: Column) -> tuple[list[str], Array]:
    """Give the different names, and for each name the number of its own, -1 where it is missing.

    Columns of Arrow, pandas and numpy are read as they are; long lists become one, which is quicker than
    Python's own dictionary.
    """
    plain = isinstance(names, list | tuple)
    if not plain or len(names) > LONG:
        import pyarrow as pa

        try:
            column = (
                names
                if isinstance(names, pa.Array | pa.ChunkedArray)
                else pa.array(names, pa.string() if plain else None, from_pandas=True)
            )
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            if not pa.types.is_dictionary(column.type):
                column = column.cast(pa.large_string()).dictionary_encode()
            return column.dictionary.to_pylist(), column.indices.fill_null(-1).to_numpy()
        except (pa.ArrowInvalid, UnicodeEncodeError):  # half a pair of surrogates is no text to Arrow
            names = list(names)
    number: dict[str, int] = {}
    numbers = [-1 if name is None else number.setdefault(name, len(number)) for name in names]
    return list(number), np.array(numbers, np.int64)


def unspelled(g: Atlas, names: Sequence[str]) -> Array:
    """Whether a place bears each of many names, common words aside; for spellings that are not remembered.

    Names of bulk dumps are not among the spellings (`laying.lay`): they are known by their keys alone.
    """
    different, number = numbered(names)
    keys = many_keys(g.store, different)
    held = foremost(g, keys._replace(flags=np.zeros_like(keys.flags)), codes=True) >= 0
    known: Array = (held & (keys.flags & COMMON == 0))[number]
    return known


def foremost(g: Atlas, keys: ManyKeys, *, codes: bool = False) -> Array:
    """Row of the first key that agrees as folded, as the index has them; -1 where more has to be weighed."""
    folds, kinds = g.store["key_fold"], g.store["key_kind"]
    at, end = g.store.keys.spans(keys.sound)
    best = np.full(len(at), -1, np.int32)
    which = np.flatnonzero((at < end) & (keys.flags & GENERIC == 0))
    while len(which):
        agree = folds[at[which]] == keys.fold[which]
        found = which[agree & (codes | (kinds[at[which]] != CODE))]
        best[found] = g.store["key_row"][at[found]]
        which = which[~agree]
        at[which] += 1
        which = which[at[which] < end[which]]
    return best
