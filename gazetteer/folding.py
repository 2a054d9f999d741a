"""Names by the million: what `names` does to one name at a time, done to all of them as one array of bytes.

Names lie one after another as bytes of UTF-8, each ended by a line break (`lines_of`). ASCII and the letters
of alphabets that are read one by one are read here; `kinds_of` tells which, the rest is left to `names`.
A test holds that both ways give the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.names import letters, normalize, pairs, romanize, sound_rules

Bytes = npt.NDArray[np.uint8]

SPACE, BREAK = 32, 10
#: Bytes worked on at once: what fits a processor's cache.
BLOCK = 1 << 17

_DROPPED = b"'`"
_LOWER = bytes(
    c + 32 if 65 <= c <= 90 else c if 97 <= c <= 122 or 48 <= c <= 57 or c == BREAK else SPACE
    for c in range(256)
)
_WORD = np.array([chr(c).isalnum() or c == 95 for c in range(128)] + [True] * 128)
_ARTICLES = "al el ash as ar at an ad az the le la les los las"
_PARTICLES = "de del la las los el do da dos das du des di della von van of the al e y i und and"
#: Words written short, by the letters that go.
_SHORTENED = {"saint": (1, 2, 3), "sainte": (1, 2, 3, 5), "sankt": (1, 2, 3), "santa": (1, 2),
              "mount": (1, 2, 3), "fort": (1, 2)}  # fmt: skip


def lines_of(names: Sequence[str]) -> Bytes:
    """Put names, none with a line break, one after another, each with a line break at its end."""
    return np.frombuffer(("\n".join(names) + "\n" if names else "").encode(), np.uint8)


def strings_of(lines: Bytes) -> list[str]:
    """Give lines as strings, without their line breaks."""
    return lines.tobytes().decode().split("\n")[:-1]


def fold_lines(lines: Bytes) -> Bytes:
    """Fold ASCII names as `names.normalize` does each.

    Parameters
    ----------
    lines : ndarray of uint8
        ASCII, each name ended by a line break.

    Returns
    -------
    ndarray of uint8
        As many lines.
    """
    text = lines.tobytes().translate(None, _DROPPED)
    at = np.frombuffer(text, np.uint8)
    dots = np.flatnonzero(at == 46)
    if len(dots):  # U.A.E. is UAE: dots between letters that stand alone go
        around = np.concatenate([[BREAK] * 2, at, [BREAK] * 2]).astype(np.uint8)
        word = _WORD[around]
        alone = ~word[dots] & word[dots + 1] & word[dots + 3] & ~word[dots + 4]
        keep = np.ones(len(at), bool)
        keep[dots[alone]] = False
        text = at[keep].tobytes()
    at = np.frombuffer(text.translate(_LOWER), np.uint8)
    spaces = np.flatnonzero(at == SPACE)
    if not len(spaces):
        return at
    # Of spaces one stays of each run, none at the edges of a line.
    before = np.where(spaces > 0, at[spaces - 1], BREAK)
    extra = spaces[(before == SPACE) | (before == BREAK)]
    if len(extra):
        at = np.delete(at, extra)
        spaces = np.flatnonzero(at == SPACE)
    last = spaces[at[np.minimum(spaces + 1, len(at) - 1)] == BREAK]
    return np.delete(at, last) if len(last) else at


def _packed(word: str) -> int:
    return int.from_bytes(word.encode(), "little")


@lru_cache(maxsize=2)
def _set(words: str) -> npt.NDArray[np.uint64]:
    return np.array(sorted(_packed(word) for word in words.split()), np.uint64)


def _held(packed: npt.NDArray[np.uint64], words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    held: npt.NDArray[np.bool_] = words[np.minimum(np.searchsorted(words, packed), len(words) - 1)] == packed
    return held


def words_of(folded: Bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Start and end of each word of folded lines; an empty line counts as a word of none."""
    gaps = np.flatnonzero((folded == SPACE) | (folded == BREAK))
    starts = np.empty_like(gaps)
    if len(gaps):
        starts[0] = 0
        starts[1:] = gaps[:-1] + 1
    return starts, gaps


def _quiet(folded: Bytes) -> Bytes:
    """Take articles, particles and spaces out, and write Saint, Mount and Fort short."""
    keep = folded != SPACE
    starts, ends = words_of(folded)
    size = ends - starts
    short = np.flatnonzero((size <= 6) & (size > 0))
    # Up to eight letters of each word as one number.
    padded = np.concatenate([folded, np.zeros(8, np.uint8)])
    packed = np.zeros(len(short), np.uint64)
    first, long = starts[short], size[short]
    for j in range(6):
        packed |= np.where(long > j, padded[first + j].astype(np.uint64) << np.uint64(8 * j), np.uint64(0))
    opens = np.zeros(len(starts), bool)  # the first word of a line
    opens[0] = True
    opens[1:] = folded[ends[:-1]] == BREAK
    closes = folded[ends] == BREAK
    article = opens[short] & ~closes[short] & _held(packed, _set(_ARTICLES))
    follows = np.zeros(len(starts) + 1, bool)  # stands first once the article is gone
    follows[short[article] + 1] = True
    particle = ~opens[short] & ~closes[short] & ~follows[short] & _held(packed, _set(_PARTICLES))
    gone = article | particle
    for j in range(5):
        keep[first[gone & (long > j)] + j] = False
    for word, dropped in _SHORTENED.items():
        found = first[packed == np.uint64(_packed(word))]
        for j in dropped:
            keep[found + j] = False
    quiet: Bytes = folded[keep]
    return quiet


@lru_cache(maxsize=1)
def _rules() -> list[tuple[bytes | re.Pattern[bytes], bytes]]:
    """Give the rules of `names` for bytes."""
    return [
        (spelling.encode(), sound.encode()) if isinstance(spelling, str)
        else (re.compile(spelling.pattern.encode(), spelling.flags & re.MULTILINE), sound.encode())
        for spelling, sound in sound_rules()
    ]  # fmt: skip


_REPEATED = rb"(.)\1+"


def sound_lines(folded: Bytes) -> Bytes:
    """Reduce folded ASCII names to how they sound, as `names.sound_key` does each.

    Parameters
    ----------
    folded : ndarray of uint8
        As `fold_lines` gives them.
    """
    blocks = []
    for block in _blocks(folded):
        text = _quiet(block).tobytes()
        for spelling, sound in _rules():
            if isinstance(spelling, bytes):
                text = text.replace(spelling, sound)
            elif spelling.pattern == _REPEATED:  # a pattern costs as much as all the rest
                at = np.frombuffer(text, np.uint8)
                keep = np.ones(len(at), bool)
                keep[1:] = (at[1:] != at[:-1]) | (at[1:] == BREAK)
                text = at[keep].tobytes()
            else:
                text = spelling.sub(sound, text)
        blocks.append(text)
    return np.frombuffer(b"".join(blocks), np.uint8)


def _blocks(lines: Bytes) -> list[Bytes]:
    """Cut lines into blocks of about `BLOCK` bytes."""
    breaks = np.flatnonzero(lines == BREAK) + 1
    cuts = np.searchsorted(breaks, np.arange(BLOCK, len(lines), BLOCK))
    return [block for block in np.split(lines, np.unique(breaks[cuts])) if len(block)]


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


def roman_ascii(folded: Bytes, *, turkic: bool) -> Bytes:
    """Give folded lines of ASCII as they are read, by Turkic readers or others."""
    if not turkic:
        return folded
    text = folded.tobytes().replace(b"c", b"j").replace(b"x", b"kh").replace(b"q", b"g")
    return np.frombuffer(text, np.uint8)
