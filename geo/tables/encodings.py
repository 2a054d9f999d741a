"""The encoding of a text file, and its text in pieces that end with a line, as UTF-8."""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from geo.errors import TableError

DATA = Path(__file__).parents[1] / "data"
#: Bytes read in one go; about so long is a piece of a file. Longer ones get fresh memory from the system each
#: time, which costs more than reading them.
PIECE = 1 << 22
#: Bytes looked at behind a piece for the end of its last line.
BEHIND = 1 << 16
#: Encodings that need no decoding.
UTF8 = frozenset({"utf-8", "utf-8-sig"})
#: So many bytes at the beginning of a file must be UTF-8 for all to be taken for it.
CHECKED = 1 << 23
#: Of so many bytes the words are looked at to tell a legacy encoding.
SAMPLE = 2_000_000

#: What the first bytes of files that are no text give away, and what to do with them.
BINARY = {
    b"PK\x03\x04": "a workbook or an archive: save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file: save the sheet as CSV",
    b"%PDF": "a PDF: copy the table out of it into a CSV",
    b"\x1f\x8b": "compressed: unpack it first",
    b"SQLite format 3": "a database: export the table as CSV",
    b"PAR1": "a Parquet file: name it .parquet",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}

MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

#: Control characters that no text has; NUL is left aside, since broken programs write it into text.
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class MisfitError(Exception):
    """A file that was taken for UTF-8 by its beginning is none.

    Parameters
    ----------
    encoding : str
        The one it is in.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


def tell_encoding(path: Path) -> str:
    """Tell the encoding of a file.

    A byte order mark decides; else UTF-16 if every other byte is mostly zero; else UTF-8 if all of the file
    fits (legacy text hardly ever does by chance), what lies behind `CHECKED` bytes being looked at by
    `pieces`; else the legacy encoding whose letters make ordinary words; else what charset-normalizer finds.

    Raises
    ------
    TableError
        If the bytes are no text.
    """
    name = path.name
    with path.open("rb") as file:
        head = file.read(4096)
        for magic, what in BINARY.items():
            if head.startswith(magic):
                raise TableError(f"{name}: this is not a text file but {what}.")
        marked = next((encoding for mark, encoding in MARKS.items() if head.startswith(mark)), None)
        encoding = marked or wide(head, name) or "utf-8"
        if encoding in UTF8:
            try:
                next(_checked(file, encoding, name, CHECKED), None)
            except MisfitError as error:
                return error.encoding
        elif (failed := _misfit(file, encoding)) is not None:
            raise TableError(f"{name}: the file says it is {encoding.upper()} but byte {failed} is not.")
        return encoding


def wide(head: bytes, name: str) -> str | None:
    """Tell UTF-16 without a mark; refuse what is no text at all."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(even, odd) > len(head) / 5
    if half or (min(even, odd) == 0 and max(even, odd) > len(head) / 50):  # of Cyrillic only the spaces
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        # Half the bytes are zero, and what they make is text.
        text = head.decode(encoding, errors="replace")[:-1]
        if not re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text) and (half or _of_one_script(text)):
            return encoding
        # Of another script few bytes are zero, all on one side: those of blanks, figures and line ends.
    if (even == 0) != (odd == 0) and max(even, odd) > len(head) / 50:
        encoding = "utf-16-le" if odd else "utf-16-be"
        text = head.decode(encoding, errors="replace")[:-1]
        plain = sum(c.isascii() for c in text) > len(text) / 10 and ("\n" in text or "\r" in text)
        if plain and not re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text):
            return encoding
    if head.count(0) > len(head) / 10 or len(CONTROL.findall(head)) > len(head) / 50 + 1:
        raise TableError(f"{name}: this is a binary file, not a table; save it as CSV.")
    return None


def _of_one_script(text: str) -> bool:
    """Whether nearly all characters are of two blocks, ASCII and one more; any bytes make Chinese."""
    blocks = Counter(ord(c) >> 8 for c in text).most_common(2)
    return sum(n for _, n in blocks) >= 0.8 * len(text)


def _misfit(file: BinaryIO, encoding: str) -> int | None:
    """Offset of the first byte of a file that does not fit an encoding; None if all do."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), file.seek(0)
    while True:
        block = file.read(PIECE)
        try:
            decoder.decode(block, not block)
        except UnicodeDecodeError as error:
            return max(0, done + error.start)
        if not block:
            return None
        done += len(block)


def _checked(file: BinaryIO, encoding: str, name: str, size: int) -> Iterator[bytes]:
    """Give the pieces of a file in UTF-8, each when it is found to be that; see `pieces`."""
    done = file.seek(len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
    for piece in _whole_lines(file, size):
        if (failed := _not_utf8(piece)) is not None:
            if encoding != "utf-8":
                raise TableError(f"{name}: the file says it is UTF-8 but byte {done + failed} is not.")
            file.seek(max(0, done + failed - SAMPLE // 2))
            raise MisfitError(legacy(file.read(SAMPLE), name))
        yield piece
        done += len(piece)


def _not_utf8(data: bytes) -> int | None:
    """Offset of the first byte that is not UTF-8."""
    import pyarrow as pa

    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            return error.start
    return None


def pieces(path: Path, encoding: str, *, size: int | None = None) -> Iterator[bytes]:
    """Give the text of a file as UTF-8, without a byte order mark, in pieces that end with a line.

    Parameters
    ----------
    path : Path
    encoding : str
    size : int, optional
        Bytes of a piece, about; `PIECE` by default.

    Raises
    ------
    MisfitError
        If the file was taken for UTF-8 and is none.
    """
    size = size or PIECE
    with path.open("rb") as file:
        if encoding in UTF8:
            yield from _checked(file, encoding, path.name, size)
        else:
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            texts = (
                decoder.decode(block, not block)
                for block in chain(iter(partial(file.read, size), b""), [b""])
            )
            yield from _by_line_end(text.encode("utf-8", "replace") for text in texts)


def read_whole(path: Path) -> bytes:
    """Give the text of a file as UTF-8, whatever its encoding."""
    try:
        return b"".join(pieces(path, tell_encoding(path)))
    except MisfitError as error:
        return b"".join(pieces(path, error.encoding))


def _whole_lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    while True:
        # The end of the last line is looked for first: to put it behind what was read would copy all.
        start = file.tell()
        file.seek(start + size)
        last = len(file.readline(BEHIND))
        file.seek(start)
        block = file.read(size + last)
        if not block:
            return
        if b"\n" in block:
            yield block if block.endswith(b"\n") else block + file.readline()
        else:
            yield from _by_line_end(chain([block], iter(partial(file.read, size), b"")))


def _by_line_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        rest += block
        cut = line_end(rest)
        if cut:
            yield rest[:cut]
        rest = rest[cut:]
    if rest:
        yield rest


def line_end(data: bytes) -> int:
    """Position behind the last line end; 0 if there is none that is surely whole."""
    cut = data.rfind(b"\n") + 1
    return cut or data.rfind(b"\r", 0, -1) + 1


def legacy(data: bytes, name: str) -> str:
    """Choose the legacy encoding that makes the most ordinary words of the non-ASCII ones."""
    words = Counter(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data))
    sample = words.most_common(2000)
    scores = {}
    for encoding, letters in _alphabets().items():
        good, total = 0.0, 0
        for word, times in sample:
            odd = word.decode(encoding, errors="replace")
            strange = [
                c for c in odd if ord(c) > 127 and (c.isalpha() or c == "\ufffd" or c not in PUNCTUATION)
            ]
            total += times * max(1, len(strange))
            good += times * _wordlike(odd) * sum(c in letters for c in strange)
        scores[encoding] = good / max(1, total)
    best = max(scores, key=lambda e: scores[e])  # the first of equals: the table has the likeliest first
    if scores[best] > 0.6:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:200_000]).best()
    if guess is None:
        raise TableError(f"{name}: its encoding cannot be told; save it as UTF-8.")
    return guess.encoding


def _wordlike(word: str) -> float:
    """Tell a word (1) from the debris of a wrong decoding (0): capitals inside, two scripts, signs inside.

    A Latin word made of little but accented letters is half a word: Cyrillic misread looks like that.
    """
    letters = [c for c in word if c.isalpha()]
    scripts = {unicodedata.name(c, "?").split()[0] for c in letters}
    cased = word.casefold() in (word, word[:1].casefold() + word[1:]) or word.islower() or word.isupper()
    if len(scripts) > 1 or not cased or any(c in "¿¡ªº" for c in word[1:-1]):
        return 0.0
    accented = sum(not c.isascii() for c in letters)
    return 0.7 if scripts == {"LATIN"} and len(letters) > 2 and accented > 0.6 * len(letters) else 1.0


PUNCTUATION = "«»„“”‘’–—…°№§·•©®™€\xa0\u200b\u200e\u200f′″'"


@cache
def _alphabets() -> dict[str, frozenset[str]]:
    table = tomllib.loads((DATA / "encodings.toml").read_text("utf-8"))
    return {row["name"]: frozenset(row["letters"]) for row in table["encoding"]}
