"""A table file as rows of cells: its encoding, its delimiter and its header found out, no row lost."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from geo.errors import TableError
from geo.factors import Column
from geo.tables.quick import Records, read_quickly

DATA = Path(__file__).parents[1] / "data"
#: From this size on, in bytes, a table is first tried the quick way.
LARGE = 1_000_000
DELIMITERS = (",", ";", "\t", "|")

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells with where they stood in the file.

    Attributes
    ----------
    file : str
        Name of the file.
    header : tuple of str
        One heading for each column; a heading met again gets " (2)".
    rows : list of list of str
        Each as long as the header.
    lines : list of int
        Line on which each row begins, from 1.
    encoding, delimiter : str or None
        None for formats that have none.
    raw : list of list of str
        The rows as they were read, before they were cut or filled to the header's length.
    notes : dict of int to str
        What was wrong with the shape of a row, by its position from 0.
    headed : bool
        Whether the headings were in the file, or were made up ("column 1").
    tags : dict of str to str
        HXL tag of each heading that has one (https://hxlstandard.org).
    """

    file: str
    header: tuple[str, ...]
    rows: Sequence[list[str]]
    lines: Sequence[int]
    encoding: str | None = None
    delimiter: str | None = None
    raw: Sequence[list[str]] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    headed: bool = True
    tags: dict[str, str] = field(default_factory=dict)

    def column(self, heading: str, *, strip: bool = True) -> Column:
        """All cells under a heading, without the blanks around them unless told otherwise."""
        at = self.header.index(heading)
        if isinstance(self.rows, Records):
            return self.rows.column(at).stripped() if strip else self.rows.column(at)
        return Column.of(row[at].strip() if strip else row[at] for row in self.rows)


def read_sheet(path: str | Path, *, known: Callable[[tuple[str, ...]], int]) -> Sheet:
    """Read a delimited text file whatever its encoding, delimiter and line ends.

    Parameters
    ----------
    path : str or Path
    known : callable
        Tells how many headings of a row are known; it decides which row is the header and which
        delimiter is the right one.

    Raises
    ------
    TableError
        If the file is missing, empty, binary, or in no encoding that can be told.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise TableError(f"{path}: it cannot be read ({error.strerror}).") from None
    if len(data) >= LARGE and (quick := _quick_sheet(path.name, data, known)):
        return quick
    text, encoding = decode(data, path.name)
    if not text.strip():
        raise TableError(f"{path.name}: the file is empty; it needs a header row and rows under it.")
    delimiter, text, skipped = find_delimiter(text, known)
    mended: list[int] = []
    records = [(line + skipped, cells) for line, cells in split(text, delimiter, mended) if not blank(cells)]
    head = find_header(records, known)
    sheet = shape(path.name, records, head, encoding=encoding, delimiter=delimiter)
    for at, line in enumerate(sheet.lines):
        if line - skipped in mended:
            sheet.notes[at] = "a quote is not closed: taken as ending with the line"
    return sheet


def _quick_sheet(name: str, data: bytes, known: Callable[[tuple[str, ...]], int]) -> Sheet | None:
    """Read a large table the quick way; None where it is not plain enough for that."""
    marked = data.startswith(b"\xef\xbb\xbf")
    start = data[3 * marked : 200_000]
    try:
        text = start[: start.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return None
    delimiter, _, skipped = find_delimiter(text, known)
    records = list(split(text, delimiter))[:-1]
    if skipped or any(blank(cells) for _, cells in records[:20]) or len(records) < 20:
        return None
    head = find_header(records, known)
    width = len(records[0][1])
    header = [f"column {n + 1}" for n in range(width)] if head is None else unique(records[0][1])
    if head not in (0, None) or any(not cell.strip() for cell in records[0][1] if head == 0):
        return None
    read = read_quickly(data[3:] if marked else data, delimiter, headed=head == 0, width=width)
    if read is None or tagged(read[0][0]):
        return None
    rows, lines = read
    return Sheet(name, tuple(header), rows, lines, "utf-8-sig" if marked else "utf-8", delimiter, rows,
                 headed=head == 0)  # fmt: skip


def blank(cells: list[str]) -> bool:
    """Whether a line holds nothing at all; a line of delimiters only is a row of empty cells."""
    return not cells or (len(cells) == 1 and not cells[0].strip())


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Turn bytes into text.

    A byte order mark decides; else UTF-8 if it fits (legacy text hardly ever does by chance); else
    UTF-16 if every other byte is mostly zero; else the legacy encoding whose letters make ordinary words;
    else what charset-normalizer finds.

    Returns
    -------
    text, encoding : str

    Raises
    ------
    TableError
        If the bytes are no text.
    """
    for magic, what in BINARY.items():
        if data.startswith(magic):
            raise TableError(f"{name}: this is not a text file but {what}.")
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise TableError(
                    f"{name}: the file says it is {encoding.upper()} but byte {error.start} is not."
                ) from None
    head = data[:4096]
    if b"\x00" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        text = data.decode(encoding, errors="replace")
        # Half the bytes are zero, and what they make is text.
        if max(even, odd) > len(head) / 5 and not re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text[:2000]):
            return text, encoding
        raise TableError(f"{name}: this is a binary file, not a table; save it as CSV.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    encoding = _legacy(data, name)
    return data.decode(encoding, errors="replace"), encoding


def _legacy(data: bytes, name: str) -> str:
    """Choose the legacy encoding that makes the most ordinary words of the non-ASCII ones."""
    words = Counter(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data[:2_000_000]))
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


def find_delimiter(text: str, known: Callable[[tuple[str, ...]], int]) -> tuple[str, str, int]:
    """Tell the delimiter: the one that shows most known headings, then the most even rows.

    Returns
    -------
    delimiter, text, skipped : str, str, int
        The text without a first line such as ``sep=;``, and how many lines that took away.
    """
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r'\s*"?sep=(.)"?\s*', first.rstrip("\r")):
        return match[1], rest, 1
    start = "".join(text[:200_000].splitlines(keepends=True)[:200])

    def score(delimiter: str) -> tuple[int, float, int]:
        rows = [cells for _, cells in split(start, delimiter) if not blank(cells)][:60]
        widths = Counter(len(cells) for cells in rows)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        headings = max((known(tuple(cells)) for cells in rows[:20]), default=0)
        return (headings, times / max(1, len(rows)) if width > 1 else 0.0, width)

    return max(DELIMITERS, key=score), text, 0


def split(text: str, delimiter: str, mended: list[int] | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on, from 1.

    A quote that is never closed would swallow the rest of the file: it is closed at the end of its line,
    or taken as it is where that fits the width of the table better. Such lines are put on `mended`.
    """
    csv.field_size_limit(2**31 - 1)
    lines = io.StringIO(text, newline="").readlines()
    done, width = 0, 0
    while done < len(lines):
        before = done
        reader = csv.reader(iter(lines[before:]), delimiter=delimiter)
        unclosed = False
        for cells in reader:
            start, done = done, before + reader.line_num
            unclosed = done == len(lines) and done - start > 1 and _unclosed(lines[start:done])
            if unclosed:
                line, done = lines[start].rstrip("\r\n"), start + 1
                closed = next(csv.reader([line + '"'], delimiter=delimiter))
                plain = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
                if mended is not None:
                    mended.append(done)
                yield done, min(closed, plain, key=lambda cells: abs(len(cells) - width))
                break
            width = len(cells) or width
            yield start + 1, cells
        if not unclosed:
            return


def _unclosed(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def find_header(records: list[tuple[int, list[str]]], known: Callable[[tuple[str, ...]], int]) -> int | None:
    """Position of the header among the first records, None where there is none.

    Title lines and comments may stand before it. Without any known heading the first record that is
    not a comment and holds no number is the header.
    """
    best, most = None, 0
    for at, (_, cells) in enumerate(records[:20]):
        count = known(tuple(cells))
        if count > most:
            best, most = at, count
    if best is not None:
        return best
    for at, (_, cells) in enumerate(records[:20]):
        if not comment(cells):
            return None if any(re.fullmatch(r"[-+]?\d[\d.,:/-]*", cell.strip()) for cell in cells) else at
    return None


def comment(cells: list[str]) -> bool:
    """Whether a record is a remark: ``# ...`` in its first cell and nothing in the others."""
    return cells[0].lstrip().startswith("#") and not any(cell.strip() for cell in cells[1:])


def tagged(cells: Sequence[str]) -> bool:
    """Whether a record holds HXL tags (https://hxlstandard.org), as the header or a second header row."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(re.fullmatch(r"#[A-Za-z][\w+ ]*", cell) for cell in filled)


def shape(
    name: str,
    records: list[tuple[int, list[str]]],
    head: int | None,
    *,
    encoding: str | None,
    delimiter: str | None,
) -> Sheet:
    """Bring every record to the header's length, remarking on those that were not."""
    width = max((len(cells) for _, cells in records), default=0)
    header = [f"column {n + 1}" for n in range(width)]
    if head is not None:
        header = unique(records[head][1])
        while (
            len(header) > 1
            and header[-1].startswith("column ")
            and not any(
                len(cells) >= len(header) and cells[len(header) - 1].strip()
                for _, cells in records[head + 1 :]
            )
        ):
            header.pop()  # a delimiter at the end of every line makes no column
    body = records if head is None else records[head + 1 :]
    rows: list[list[str]] = []
    raw: list[list[str]] = []
    lines: list[int] = []
    notes: dict[int, str] = {}
    size = len(header)
    tags = _tags(header, records[head][1]) if head is not None and tagged(records[head][1]) else {}
    for line, cells in body:
        if comment(cells):
            continue
        if tagged(cells):
            tags = tags or _tags(header, cells)
            continue
        if len(cells) < size:
            notes[len(rows)] = f"the row has {len(cells)} cells, the header {size}: the last ones are empty"
        elif any(cell.strip() for cell in cells[size:]):
            notes[len(rows)] = f"the row has {len(cells)} cells, the header {size}: a delimiter is not quoted"
        rows.append(cells if len(cells) == size else (cells + [""] * size)[:size])
        lines.append(line)
        raw.append(cells)
    return Sheet(name, tuple(header), rows, lines, encoding, delimiter, raw, notes, head is not None, tags)


def _tags(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {heading: cell.strip() for heading, cell in zip(header, cells, strict=False) if cell.strip()}


def unique(headings: list[str]) -> list[str]:
    """Make headings one of a kind: blank ones are numbered, repeated ones get " (2)"."""
    seen: Counter[str] = Counter()
    out = []
    for at, heading in enumerate(headings):
        name = " ".join(heading.split()) or f"column {at + 1}"
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
