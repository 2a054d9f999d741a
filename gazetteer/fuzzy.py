"""Misspelt names: places whose names are written or sound nearly like it. Only when asked for, never sure.

No further index is needed. All spellings one edit away from the name as written, and all one edit away from
its sound key (some hundreds each), are hashed and looked up at once; where no spelling is found so, then its
consonants alone as well, with what is one edit away from them. What is found is compared by its sound with
rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from gazetteer.atlas import Atlas
from gazetteer.hits import expand, unspelled
from gazetteer.names import skeletons, sound_key, sound_keys
from gazetteer.ranking import KIND_WEIGHT
from gazetteer.store import PRIMARY, Array, Index, hash64, powers

#: Signs that names and sound keys are written with.
LETTERS, SIGNS = "abcdefghijklmnopqrstuvwxyz", "aiobcdfghjklmnprstvzSC"
CONSONANTS = "bcdfghjklmnprstzSC"
#: Bytes of a name that edits are tried on.
LONGEST = 64
#: Least likeness (0 to 1) of two sound keys that may be one misspelt name; `rapidfuzz.fuzz.ratio` by 100.
LIKE = 0.72
#: Places whose consonants agree that are compared: those that matter most, then those written most alike.
WEIGHED, COMPARED = 30, 12


@cache
def _moduli() -> tuple[Array, Array, Array]:
    """Give the two primes of `store.hash64`, the inverse of 256 and its powers; one row for each."""
    both = powers(LONGEST + 1)
    primes = [prime for prime, _ in both]
    backs = [pow(256, -1, prime) for prime in primes]
    p, back = (np.array(values, np.uint64)[:, None] for values in (primes, backs))
    return p, back, np.stack([up for _, up in both])


class Edits:
    """All that is one edit away from a key, by its hashes; see Norvig, "How to write a spelling corrector".

    The hash is a polynomial in the bytes, so that those of all edits follow from sums over the key: only what
    is found is ever spelled out.

    Attributes
    ----------
    hashes : ndarray of uint64
        Of what one sign put in, one in place of another, one left out, two neighbours exchanged make.
    """

    def __init__(self, key: str, signs: str) -> None:
        self.key, self.signs = key.encode("utf-8", "surrogatepass")[:LONGEST], signs.encode()
        data, sign = (np.frombuffer(raw, np.uint8).astype(np.uint64) for raw in (self.key, self.signs))
        n = len(data)
        p, back, up = _moduli()
        up = up[:, : n + 1]  # first axis: the two primes
        head = np.zeros((2, n + 1), np.uint64)
        np.cumsum(data * up[:, :n], axis=1, out=head[:, 1:])
        head %= p
        tail = (head[:, n:] + p - head) % p
        put = sign * up[:, :, None]
        without = head[:, :-1] + tail[:, 1:]
        swaps = max(n - 1, 0)
        parts = (
            (head + tail * np.uint64(256))[:, :, None] + put,
            without[:, :, None] + put[:, :-1],
            head[:, :-1] + tail[:, 1:] * back % p,
            head[:, :swaps] + tail[:, 2:] + data[1:] * up[:, :swaps] + data[:swaps] * up[:, 1 : swaps + 1],
        )
        found = np.concatenate([part.reshape(2, -1) for part in parts], axis=1) % p
        self.hashes: Array = found[0] << np.uint64(30) | found[1]

    def __getitem__(self, number: int) -> str:
        """Spell an edit out."""
        key, n, k = self.key, len(self.key), len(self.signs)
        for kept, size in ((0, (n + 1) * k), (1, n * k)):
            if number < size:
                i, sign = divmod(number, k)
                return (key[:i] + self.signs[sign : sign + 1] + key[i + kept :]).decode("utf-8", "replace")
            number -= size
        i, end = (number, number + 1) if number < n else (number - n, number - n + 2)
        between = b"" if number < n else key[i : i + 2][::-1]
        return (key[:i] + between + key[end:]).decode("utf-8", "replace")


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
    edits = Edits(lower, LETTERS)
    spelled = [spelling for spelling, _, _ in _held(g.store.spellings, edits)]
    if g.store.meta.get("unspelled"):
        others = list(dict.fromkeys(edits[i] for i in range(len(edits.hashes))))
        known = zip(others, unspelled(g, others).tolist(), strict=True)
        spelled = list(dict.fromkeys([*spelled, *(other for other, held in known if held)]))
    # Where no such spelling is known it may be a freer one: its consonants are what is left of it.
    boned = _by_consonants(g, name) if not spelled else []
    sounds = sound_keys([*spelled, *(other for _, other in boned)])
    for spelling, sound in zip(spelled, sounds, strict=False):
        start, end = g.store.keys.span(hash64(sound))
        add(zip(rows[start:end], kinds[start:end], strict=True), sound, spelling)
    for (row, _), sound in zip(boned, sounds[len(spelled) :], strict=True):
        add([(row, PRIMARY)], sound, "")
    for sound, start, end in _held(g.store.keys, Edits(key, SIGNS)):
        add(zip(rows[start:end], kinds[start:end], strict=True), sound, "")
    return found


def _held(index: Index, edits: Edits) -> Iterator[tuple[str, int, int]]:
    """Give those edits that an index holds, each once, with where."""
    at = index.firsts(edits.hashes)
    which = np.flatnonzero(at >= 0)
    once = dict(zip(at[which].tolist(), which.tolist(), strict=True))
    for i in once.values():
        yield edits[i], *index.span(int(edits.hashes[i]))


def _by_consonants(g: Atlas, name: str) -> list[tuple[int, str]]:
    """Give places whose main name has nearly the consonants of a name, with that name."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    bone = skeletons([name])[0]
    if not bone:
        return []
    index = g.store.index("bone")
    wanted = Edits(bone, CONSONANTS).hashes if len(bone) > 3 else np.zeros(0, np.uint64)
    wanted = np.append(wanted, np.uint64(hash64(bone)))
    at, _ = expand(*index.spans(np.unique(wanted[index.firsts(wanted) >= 0])))
    rows = np.unique(g.store["bone_row"][at])
    if len(rows) > WEIGHED:
        rows = rows[np.argpartition(-g.prior[rows], WEIGHED)[:WEIGHED]]
    listed = rows.tolist()
    likest = extract(name, [g.name(row) for row in listed], scorer=ratio, limit=COMPARED)
    return [(listed[i], other) for other, _, i in likest]
