"""Names by the million: what `names` does to one name at a time, done to all of them as one array of bytes.

Names lie one after another as bytes of UTF-8, each ended by a line break (`lines_of`). ASCII is read here,
other alphabets in `alphabets`. A test holds that both ways give the same keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gazetteer.letters import sound_rules

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


def roman_ascii(folded: Bytes, *, turkic: bool) -> Bytes:
    """Give folded lines of ASCII as they are read, by Turkic readers or others."""
    if not turkic:
        return folded
    text = folded.tobytes().replace(b"c", b"j").replace(b"x", b"kh").replace(b"q", b"g")
    return np.frombuffer(text, np.uint8)
