"""Names by the million beyond ASCII: letters that are read one by one, looked up in tables made of `names`.

Lines are as in `folding`. `kinds_of` tells which lines can be read so; the rest is left to `names`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.folding import BREAK, SPACE, Bytes, fold_lines
from gazetteer.letters import letters, pairs
from gazetteer.names import normalize, romanize

#: Alphabets whose letters are read one by one: Latin, Greek, Cyrillic, Armenian, Georgian.
_ALPHABETS = ((0xC0, 0x250), (0x370, 0x530), (0x531, 0x588), (0x10D0, 0x1100), (0x1E00, 0x1F00))
_LETTERS = ("Lu", "Ll", "Lt", "Lo")
_MOST, _LAST = 4, 0x1F00
_TURKIC_LETTERS = frozenset("əǝğı")


@dataclass(frozen=True, slots=True)
class _Table:
    """What each letter becomes: up to four bytes, and how many."""

    written: npt.NDArray[np.uint8]
    size: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, letters: dict[int, bytes]) -> _Table:
        written, size = np.zeros((_LAST, _MOST), np.uint8), np.zeros(_LAST, np.uint8)
        for code, text in letters.items():
            written[code, : len(text)] = np.frombuffer(text, np.uint8)
            size[code] = len(text)
        return cls(written, size)

    def apply(self, codes: npt.NDArray[np.uint32]) -> Bytes:
        size = self.size[codes]
        found: Bytes = np.repeat(self.written[:, 0][codes], size)
        longer = np.flatnonzero(size > 1)
        start = (np.cumsum(size, dtype=np.int64) - size)[longer]
        for j in range(1, _MOST):
            more = size[longer] > j
            found[start[more] + j] = self.written[codes[longer[more]], j]
        return found


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Letters beyond ASCII that are folded and romanised one by one, made of what `names` does to each."""

    known: npt.NDArray[np.bool_]
    turkic: npt.NDArray[np.bool_]
    folded: _Table
    roman: _Table
    roman_turkic: _Table


@lru_cache(maxsize=1)
def alphabet() -> Alphabet:
    """Read the tables; once for each process."""
    tables: list[dict[int, bytes]] = [{}, {}, {}]
    apart = {pair[-1] for pair, _ in pairs()}  # read by what stands before them
    for code in (*range(128), *(c for low, high in _ALPHABETS for c in range(low, high))):
        letter = chr(code)
        if code in (SPACE, BREAK):
            forms = [letter] * 3
        elif (
            letter.isalnum()
            and letter.casefold() not in apart
            and (code < 128 or unicodedata.category(letter) in _LETTERS)
        ):
            forms = [
                normalize(letter),
                *(romanize(letter.lower(), turkic=turkic) for turkic in (False, True)),
            ]
        else:
            continue
        written = [form.encode() for form in forms]
        silent = not written[1] and ord(letter.casefold()[0]) not in letters()
        if written[0] and not silent and max(map(len, written)) <= _MOST:
            for table, form in zip(tables, written, strict=True):
                table[code] = form
    known, turkic = np.zeros(_LAST + 1, bool), np.zeros(_LAST + 1, bool)
    known[list(tables[0])] = True
    turkic[[c for c in tables[0] if not _TURKIC_LETTERS.isdisjoint(chr(c).casefold())]] = True
    return Alphabet(known, turkic, *map(_Table.of, tables))


def ends_of(lines: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Position of the line break of each line."""
    return np.flatnonzero(lines == BREAK)


def select(lines: Bytes, ends: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_]) -> Bytes:
    """Give the lines that a mask names."""
    chosen: Bytes = lines[np.repeat(mask, np.diff(ends, prepend=-1))]
    return chosen


def among(ends: npt.NDArray[np.int64], positions: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Mask of the lines in which positions lie."""
    mask = np.zeros(len(ends), bool)
    mask[np.searchsorted(ends, positions)] = True
    return mask


def kinds_of(lines: Bytes) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Masks of the lines that are ASCII, and of the others that `fold_letters` can read."""
    ends = ends_of(lines)
    other = among(ends, np.flatnonzero(lines >= 128))
    at = np.flatnonzero(other)
    if not len(at):
        return ~other, other
    codes = _codes(select(lines, ends, other))
    breaks = ends_of(codes)
    space = codes == SPACE
    edge = np.zeros(len(codes), bool)  # no space at an edge or beside another: words stay where they are
    edge[1:] = space[1:] & ((codes[:-1] == SPACE) | (codes[:-1] == BREAK))
    edge[:-1] |= space[:-1] & (codes[1:] == BREAK)
    edge[0] |= space[0]
    bad = among(breaks, np.flatnonzero(~alphabet().known[np.minimum(codes, _LAST)] | edge))
    letters = np.zeros(len(ends), bool)
    letters[at[~bad]] = True
    return ~other, letters


def _codes(lines: Bytes) -> npt.NDArray[np.uint32]:
    return np.frombuffer(lines.tobytes().decode().encode("utf-32-le"), np.uint32)


def fold_letters(lines: Bytes) -> Bytes:
    """Fold lines of the letters of `alphabet`."""
    return alphabet().folded.apply(_codes(lines))


def roman_letters(lines: Bytes, *, turkic: bool) -> Bytes:
    """Romanise and fold lines of the letters of `alphabet`; one with ə, ğ or ı is read as Turkic anyway."""
    codes, table = _codes(lines), alphabet()
    if turkic:
        return fold_lines(table.roman_turkic.apply(codes))
    breaks = ends_of(codes)
    marked = among(breaks, np.flatnonzero(table.turkic[codes]))
    if not marked.any():
        return fold_lines(table.roman.apply(codes))
    # Both readings, cut into lines and put together again.
    in_marked = np.repeat(marked, np.diff(breaks, prepend=-1))
    readings = [table.roman.apply(codes[~in_marked]), table.roman_turkic.apply(codes[in_marked])]
    return fold_lines(merged(marked, *readings))


def merged(mask: npt.NDArray[np.bool_], others: Bytes, masked: Bytes) -> Bytes:
    """Put lines together: those of a mask from `masked`, the rest from `others`, each in its order."""
    sizes = np.zeros(len(mask), np.int64)
    sizes[~mask], sizes[mask] = (np.diff(ends_of(lines), prepend=-1) for lines in (others, masked))
    from_masked = np.repeat(mask, sizes)
    whole = np.empty(len(from_masked), np.uint8)
    whole[~from_masked], whole[from_masked] = others, masked
    return whole
