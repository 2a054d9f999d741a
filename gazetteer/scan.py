"""All names in running texts: runs of words hashed and looked up at once, many texts together.

The hash of a run of words follows from sums over the text (`store.hash64` is a polynomial in its bytes), so
that no run is ever cut out as a string, save where a bulk dump has brought names whose spellings are not
remembered. Only spellings that the gazetteer knows are found, in any case of
letters; what begins with a small letter is not looked at, and scripts that put no spaces between words are
not taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from gazetteer.atlas import SHORT, Atlas
from gazetteer.hits import unspelled
from gazetteer.keys import COMMON
from gazetteer.store import CODE, Array, powers

#: Longest name looked for, in words; most bytes between two words of a name.
LONGEST, GAP = 7, 3
#: Longest code, in letters.
LONGEST_CODE = 4
#: Characters read at once: what a processor's cache holds.
CHUNK = 1 << 17

_WORD = np.zeros(256, bool)
_WORD[[*range(48, 58), *range(97, 123), *range(128, 256)]] = True
#: First bytes in UTF-8 of characters that stand between words: Latin-1 signs, general and CJK punctuation.
_APART = ((b"\xc2", 2), (b"\xe2\x80", 3), (b"\xe3\x80", 3))


class Spotted(NamedTuple):
    """Names in texts, in order: the number of the text, and where in it, in code points, end exclusive."""

    text: Array
    start: Array
    end: Array


def scan(g: Atlas, texts: Sequence[str]) -> Spotted:
    """See `gazetteer.Gazetteer.scan`."""
    none = np.zeros(0, np.int64)
    holds: dict[str, bool] = {}  # short names asked for already
    parts = [
        (none, none, none),
        *(_scan(g, texts[first:last], first, holds) for first, last in _chunks(texts)),
    ]
    return Spotted(*map(np.concatenate, zip(*parts, strict=True)))


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = size = 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK or i == len(texts) - 1:
            yield first, i + 1
            first, size = i + 1, 0


def _scan(g: Atlas, texts: Sequence[str], number: int, holds: dict[str, bool]) -> Spotted:
    whole = "\0".join(texts).replace("\n", " ")
    lower = whole.lower()
    if len(lower) != len(whole):  # of all letters only this one grows
        lower = whole.replace("\u0130", "i").lower()
    data = np.frombuffer(lower.encode("utf-8", "surrogatepass"), np.uint8)
    starts, ends = _words(data, ascii=lower.isascii())
    plain = len(data) == len(whole)
    place = np.arange(len(data) + 1) if plain else np.cumsum((data & 0xC0) != 0x80) - 1
    first = np.flatnonzero(~_small(whole, place[starts]))
    owner = np.cumsum([0, *(len(text) + 1 for text in texts)])
    of = np.searchsorted(owner, place[starts], "right") - 1
    # Runs of up to LONGEST words that hang together.
    joined = np.zeros(len(starts) + LONGEST, bool)
    joined[: max(len(starts) - 1, 0)] = (starts[1:] - ends[:-1] <= GAP) & (of[1:] == of[:-1])
    heads, lasts, run = [], [], first
    for extra in range(LONGEST):
        heads.append(run)
        lasts.append(run + extra)
        run = run[joined[run + extra]]
    head, last = np.concatenate(heads), np.concatenate(lasts)
    at = g.store.spellings.firsts(_hashes(data, starts[head], ends[last]))
    held = at >= 0
    common = np.flatnonzero(held)
    common = common[g.store["spell_flag"][at[common]] & COMMON != 0]
    held[common] = False
    if g.store.meta.get("unspelled"):
        new = np.flatnonzero(at < 0)
        spans = zip(starts[head[new]].tolist(), ends[last[new]].tolist(), strict=True)
        held[new] = unspelled(g, [data[a:b].tobytes().decode("utf-8", "replace") for a, b in spans])

    def word(i: int) -> str:
        return whole[place[starts[i]] : place[ends[i] - 1] + 1] if 0 <= i < len(starts) else ""

    short = common[
        (head[common] == last[common]) & (ends[last[common]] - starts[head[common]] <= LONGEST_CODE)
    ]
    large = ~_small(whole, place[ends[last[short]] - 1])
    short = short[large & (ends[last[short]] - starts[head[short]] > 1)]
    capitals = {i: word(i) for i in head[short].tolist()}
    codes = {name for name in set(capitals.values()) if _is_code(g, name)}
    for run, i in zip(short.tolist(), head[short].tolist(), strict=True):
        # In capitals among words that are not.
        held[run] = capitals[i] in codes and not any(
            len(beside) > 1 and beside.isupper() for beside in (word(i - 1), word(i + 1))
        )
    known = np.flatnonzero(held)
    chosen = _leftmost_longest(head[known], last[known])
    head, last = head[known][chosen], last[known][chosen]
    start, text = place[starts[head]], of[head]
    end = ends[last] if plain else place[ends[last] - 1] + 1
    keep = np.ones(len(start), bool)
    short = np.flatnonzero(end - start <= SHORT)  # codes and the like count only as they are written
    written = [whole[a:b] for a, b in zip(start[short].tolist(), end[short].tolist(), strict=True)]
    for name in set(written) - holds.keys():
        holds[name] = bool(g.agreements(name))
    keep[short] = [holds[name] for name in written]
    text = text[keep]
    return Spotted(text + number, start[keep] - owner[text], end[keep] - owner[text])


def _is_code(g: Atlas, name: str) -> bool:
    """Whether a common word in capitals is a code: "US"."""
    return name.isupper() and CODE in g.agreements(name).values()


def _words(data: Array, *, ascii: bool) -> tuple[Array, Array]:  # noqa: A002
    """Give the starts and ends of the words of a text in lower case, in bytes."""
    word = np.zeros(len(data) + 2, bool)
    word[1:-1] = _WORD[data]
    if not ascii:
        for sign, size in _APART:
            at = np.flatnonzero(data == sign[0]) + 1
            if len(sign) > 1:
                at = at[data.take(at, mode="clip") == sign[1]]
            for i in range(size):
                word[at + i] = False
    edges = np.flatnonzero(word[1:] != word[:-1])
    return edges[::2], edges[1::2]


def _small(whole: str, at: Array) -> Array:
    """Whether the characters of a text at some places are small letters."""
    points = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)[at]
    different, which = np.unique(points, return_inverse=True)
    small: Array = np.array([chr(c).islower() for c in different.tolist()], bool)[which]
    return small


def _hashes(data: Array, starts: Array, ends: Array) -> Array:
    """Hashes of stretches of bytes, as `store.hash64` of each."""
    values = data.astype(np.uint64)
    size = 1 << max(len(data), 1).bit_length()
    found = []
    for (prime, up), (_, down) in zip(powers(size), powers(size, -1), strict=True):
        sums = np.zeros(len(data) + 1, np.uint64)
        np.cumsum(values * up[: len(data)], out=sums[1:])
        found.append((sums[ends] - sums[starts]) % np.uint64(prime) * down[starts] % np.uint64(prime))
    return found[0] << np.uint64(30) | found[1]


def _leftmost_longest(heads: Array, lasts: Array) -> Array:
    """Choose runs that do not overlap: the leftmost, of those that begin together the longest."""
    chosen, free = [], -1
    order = np.lexsort((-lasts, heads))
    for i, head, last in zip(order.tolist(), heads[order].tolist(), lasts[order].tolist(), strict=True):
        if head > free:
            chosen.append(i)
            free = last
    return np.array(chosen, np.int64)
