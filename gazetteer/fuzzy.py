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
from gazetteer.batch import expand
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
WEIGHED, COMPARED = 50, 20


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
        found = []
        for prime, up in powers(n + 1):
            p, back = np.uint64(prime), np.uint64(pow(256, -1, prime))
            head = np.concatenate([np.zeros(1, np.uint64), np.cumsum(data * up[:n])]) % p
            tail = (head[n] + p - head) % p
            put = sign * up[:, None]
            swapped = data[1:] * up[: n - 1] + data[:-1] * up[1:n] if n > 1 else tail[:0]
            parts = (
                head[:, None] + tail[:, None] * np.uint64(256) + put,
                (head[:-1] + tail[1:])[:, None] + put[:-1],
                head[:-1] + tail[1:] * back % p,
                head[: len(swapped)] + swapped + tail[2:],
            )
            found.append(np.concatenate([part.ravel() for part in parts]) % p)
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
    spelled = [spelling for spelling, _, _ in _held(g.store.spellings, Edits(lower, LETTERS))]
    boned = _by_consonants(g, name)
    sounds = sound_keys([*spelled, *(other for _, other in boned)])
    for spelling, sound in zip(spelled, sounds, strict=False):
        span = g.store.span("key", sound)
        add(zip(rows[span], kinds[span], strict=True), sound, spelling)
    for (row, _), sound in zip(boned, sounds[len(spelled) :], strict=True):
        add([(row, PRIMARY)], sound, "")
    for sound, start, end in _held(g.store.keys, Edits(key, SIGNS)):
        add(zip(rows[start:end], kinds[start:end], strict=True), sound, "")
    return found


def _held(index: Index, edits: Edits) -> Iterator[tuple[str, int, int]]:
    """Give those edits that an index holds, each once, with where."""
    seen = set()
    for i in index.among(edits.hashes).tolist():
        wanted = int(edits.hashes[i])
        if wanted not in seen:
            seen.add(wanted)
            start, end = index.span(wanted)
            if start < end:
                yield edits[i], start, end


def _by_consonants(g: Atlas, name: str) -> list[tuple[int, str]]:
    """Give places whose main name has nearly the consonants of a name, with that name."""
    from rapidfuzz.fuzz import ratio

    bone = skeletons([name])[0]
    if not bone:
        return []
    index = g.store.index("bone")
    wanted = Edits(bone, CONSONANTS).hashes if len(bone) > 3 else np.zeros(0, np.uint64)
    wanted = np.unique(np.append(wanted, np.uint64(hash64(bone))))
    at, _ = expand(*index.spans(wanted[index.among(wanted)]))
    rows = np.unique(g.store["bone_row"][at])
    if len(rows) > WEIGHED:
        rows = rows[np.argpartition(-g.prior[rows], WEIGHED)[:WEIGHED]]
    named = [(row, g.name(row)) for row in rows.tolist()]
    return sorted(named, key=lambda pair: -ratio(name, pair[1]))[:COMPARED]
