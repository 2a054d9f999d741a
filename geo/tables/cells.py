"""A table file as rows of cells: its delimiter and its header found out, no row lost.

The head of the file decides how all of it is read. The rest is read piece by piece: a plain piece by Arrow
(`geo.tables.quick`), any other cell by cell; which way a piece is read makes no difference to its rows.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from geo.errors import TableError
from geo.tables.encodings import pieces, tell_encoding
from geo.tables.quick import read_quickly
from geo.tables.records import Lines, Record, Style, split
from geo.tables.sheets import FIRST, Part, Sheet, unique

#: Likeliest first; of those that part as well, the first is taken.
DELIMITERS = (",", ";", "\t", "|", "^", "~", "¦", "§")
#: Characters and records of the head that decide about delimiter and header.
HEAD, FIRST_RECORDS = 200_000, 1000
#: Rows and bytes of a part, about: its columns are worked on together.
ROWS, BYTES = 100_000, 1 << 26
#: Files up to this size, in bytes, are kept in memory once they are read.
KEPT = 1 << 26

Known = Callable[[tuple[str, ...]], int]


def read_sheet(path: str | Path, *, known: Known, encoding: str | None = None) -> Sheet:
    """Read a delimited text file whatever its encoding, delimiter and line ends.

    Parameters
    ----------
    path : str or Path
    known : callable
        Tells how many headings of a row are known; it decides which row is the header and which
        delimiter is the right one.
    encoding : str, optional
        Where it is known; told by the beginning of the file otherwise, so that going through its parts may
        raise `geo.tables.encodings.MisfitError`.

    Raises
    ------
    TableError
        If the file is missing, empty, binary, or in no encoding that can be told.
    """
    path = Path(path)
    try:
        encoding, size = encoding or tell_encoding(path), path.stat().st_size
        start = next(pieces(path, encoding, size=4 * HEAD), b"")
    except FileNotFoundError:
        raise TableError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise TableError(f"{path}: it cannot be read ({error.strerror}).") from None
    text = start.decode("utf-8").replace("\0", "")
    if not text.strip():
        raise TableError(f"{path.name}: the file is empty; it needs a header row and rows under it.")
    head = read_head(text, known, whole=size <= 4 * HEAD)
    body = partial(read_parts, path, encoding, head)
    if size <= KEPT:
        body = partial(_remembered, [], body)
    return Sheet(
        path.name, head.header, body, head.first, encoding, head.style.delimiter, head.headed, head.tags
    )


def _remembered(
    kept: list[Part], read: Callable[[Sequence[int]], Iterator[Part]], wanted: Sequence[int]
) -> Iterator[Part]:
    if not kept:
        kept += read(wanted)
    return iter(kept)


# -- the head -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a file decides.

    Attributes
    ----------
    header : tuple of str
    style : Style
    skipped : int
        Lines before the first row.
    first : list of list of str
        The first rows.
    headed : bool
    tags : dict of str to str
    line_length : int
        Characters of a line, about.
    """

    header: tuple[str, ...]
    style: Style
    skipped: int
    first: list[list[str]]
    headed: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    line_length: int = 100


def read_head(text: str, known: Known, *, whole: bool = True) -> Head:
    """Find delimiter, header and HXL tags at the beginning of a file, or in all of it."""
    style, text, skipped = find_style(text, known)
    lines = io.StringIO(text, newline="").readlines()
    records = []
    for record in islice(split(Lines(lines), style), FIRST_RECORDS):
        if record.note and not whole:
            break  # the head ends inside a cell
        if not blank(record.cells):
            records.append(record)
    found = find_columns(records, known)
    below = found.body[0].line if found.body else len(lines) + 1
    first = [shaped(record.cells, len(found.header))[0] for record in found.body[:FIRST]]
    length = max(1, len(text) // max(1, len(lines)))
    return Head(found.header, style, skipped + below - 1, first, found.headed, found.tags, length)


class Found(NamedTuple):
    """Headings and HXL tags among records, and the records below them."""

    header: tuple[str, ...]
    headed: bool
    tags: dict[str, str]
    body: Sequence[Record]


def find_columns(records: Sequence[Record], known: Known) -> Found:
    """Find header and tags in records; without a header the columns are numbered."""
    at = find_header(records, known)
    if at is None:
        body = [record for record in records if not comment(record.cells)]
        width = _usual_width(body)
        return Found(tuple(f"column {n + 1}" for n in range(width)), False, {}, body)
    if at and tagged(records[at].cells) and len(records[at - 1].cells) == len(records[at].cells):
        at -= 1  # headings that are not known themselves, with tags under them
    cells = records[at].cells
    body = [record for record in records[at + 1 :] if not comment(record.cells, len(cells))]
    header = unique(cells)
    while (
        len(header) > 1
        and header[-1].startswith("column ")
        and not any(len(row) >= len(header) and row[len(header) - 1].strip() for _, row, _ in body)
    ):
        header.pop()  # a delimiter at the end of every line makes no column
    tags = cells if tagged(cells) else []
    if not tags and body and tagged(body[0].cells):
        tags = body.pop(0).cells
    named = {name: tag.strip() for name, tag in zip(header, tags, strict=False) if tag.strip()}
    return Found(tuple(header), True, named, body)


def sheet_of(name: str, records: Sequence[Record], known: Known) -> Sheet:
    """Make a sheet of records that are in memory."""
    found = find_columns(records, known)
    rows, lines, notes, uneven = even(found.body, len(found.header))
    return Sheet.of(
        name,
        found.header,
        rows,
        lines=lines,
        notes=notes,
        uneven=uneven,
        headed=found.headed,
        tags=found.tags,
    )


def find_style(text: str, known: Known) -> tuple[Style, str, int]:
    """Tell how cells are parted and quoted.

    The delimiter is the one that shows most known headings, then the most and the most even columns.

    Returns
    -------
    style, text, skipped : Style, str, int
        The text without a first line such as ``sep=;``, and how many lines that took away.
    """
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r'\s*"?sep=(.)"?\s*', first.rstrip("\r")):
        return _quoted(match[1], rest), rest, 1
    start = io.StringIO(text[:HEAD], newline="").readlines()[:200]

    def score(style: Style) -> tuple[int, float, int]:
        rows = [cells for _, cells, _ in split(Lines(start), style) if not blank(cells)][:60]
        widths = Counter(len(cells) for cells in rows)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        headings = max((known(tuple(cells)) for cells in rows[:20]), default=0)
        # Many columns with an odd row among them are no accident; few even ones may be.
        return (headings, times / max(1, len(rows)) * math.log2(width), width)

    styles = [_quoted(one, text) for one in DELIMITERS if one in text] or [Style()]
    return max(styles, key=score), text, 0


def _quoted(delimiter: str, text: str) -> Style:
    """Tell how cells are quoted: by apostrophes if a whole line is; whether a backslash goes before one."""
    cell = r"\s*'[^'\r\n]*'\s*"
    line = rf"^{cell}(?:{re.escape(delimiter)}{cell})+\r?$"
    if '"' not in text and re.search(line, text, re.MULTILINE):
        return Style(delimiter, "'")
    inside = rf'\\"(?!\s*(?:{re.escape(delimiter)}|$))'
    return Style(delimiter, escape="\\" if re.search(inside, text, re.MULTILINE) else None)


def find_header(records: Sequence[Record], known: Known) -> int | None:
    """Position of the header among the first records, None where there is none.

    Title lines and comments may stand before it. Without any known heading the first record that is
    not a comment and holds no number is the header.
    """
    best, most = None, 0
    for at, (_, cells, _) in enumerate(records[:20]):
        count = known(tuple(cells))
        if count > most:
            best, most = at, count
    if best is not None:
        return best
    usual = _usual_width(records)
    for at, (_, cells, _) in enumerate(records[:20]):
        titled = usual > 1 and sum(bool(cell.strip()) for cell in cells) == 1
        if not comment(cells) and not titled:
            return None if any(re.fullmatch(r"[-+]?\d[\d.,:/-]*", cell.strip()) for cell in cells) else at
    return None


def _usual_width(records: Sequence[Record]) -> int:
    """Cells that most records have, the more of equals: rows cut off or run over do not decide."""
    widths = Counter(len(record.cells) for record in records)
    return max(widths, key=lambda width: (widths[width], width), default=0)


# -- the rows -------------------------------------------------------------------------------------------


def read_parts(path: Path, encoding: str, head: Head, wanted: Sequence[int]) -> Iterator[Part]:
    """Read the rows of a file, several pieces to a part."""
    found: list[Part] = []
    size = min(ROWS, BYTES // head.line_length)
    for part in _read_pieces(path, encoding, head, wanted):
        found.append(part)
        if sum(map(len, found)) >= size:
            yield Part.joined(found)
            found = []
    if found:
        yield Part.joined(found)


def _read_pieces(path: Path, encoding: str, head: Head, wanted: Sequence[int]) -> Iterator[Part]:
    """Read the rows of a file, piece by piece."""
    line, width = 1, len(head.header)
    given_back = b""
    stream = pieces(path, encoding)
    while piece := given_back or next(stream, b""):
        given_back = b""
        if line <= head.skipped:
            piece, line = skip(piece, line, head.skipped)
            if not piece:
                continue
        if quick := read_quickly(piece, head.style, width, line, wanted):
            part, line = quick
        else:
            lines = Lines(io.StringIO(piece.decode("utf-8"), newline="").readlines(), stream)
            part, line = _carefully(lines, head.style, width, line)
            given_back = "".join(lines.ready).encode("utf-8")
        if len(part):
            yield part


def skip(piece: bytes, line: int, skipped: int) -> tuple[bytes, int]:
    """Leave out lines up to a number; give the rest, and the number of its first line."""
    ends = re.finditer(rb"\r\n|\n|\r", piece)
    last = next(islice(ends, skipped - line, None), None)
    if last is None:
        return b"", line + len(re.findall(rb"\r\n|\n|\r", piece))
    return piece[last.end() :], skipped + 1


def _carefully(lines: Lines, style: Style, width: int, line: int) -> tuple[Part, int]:
    """Read the records that begin in the lines at hand; give them, and the number of the line behind them."""
    at_hand = len(lines.ready)

    def records() -> Iterator[Record]:
        for record in split(lines, style, width=width):
            yield record._replace(line=line + record.line - 1)
            if lines.done >= at_hand:
                return

    rows, starts, notes, uneven = even(records(), width)
    return Part.of(rows, starts, width, notes, uneven), line + lines.done


def even(
    records: Iterable[Record], width: int
) -> tuple[list[list[str]], list[int], dict[int, str], dict[int, list[str]]]:
    """Bring records to the header's length, without blank ones, remarks and tags.

    Returns
    -------
    rows, lines, notes, uneven
        See `geo.tables.sheets.Part`.
    """
    rows: list[list[str]] = []
    lines: list[int] = []
    notes: dict[int, str] = {}
    uneven: dict[int, list[str]] = {}
    for line, cells, note in records:
        if blank(cells) or comment(cells, width) or (cells[0].lstrip().startswith("#") and tagged(cells)):
            continue
        row, wrong = shaped(cells, width)
        if row is not cells:
            uneven[len(rows)] = cells
        if note or wrong:
            notes[len(rows)] = "; ".join(filter(None, (note, wrong)))
        rows.append(row)
        lines.append(line)
    return rows, lines, notes, uneven


def shaped(cells: list[str], width: int) -> tuple[list[str], str]:
    """Bring a row to the header's length, and say what was wrong with it."""
    if len(cells) == width:
        return cells, ""
    wrong = ""
    if len(cells) < width:
        wrong = f"the row has {len(cells)} cells, the header {width}: the last ones are empty"
    elif any(cell.strip() for cell in cells[width:]):
        wrong = f"the row has {len(cells)} cells, the header {width}: a delimiter is not quoted"
    return (cells + [""] * width)[:width], wrong


def blank(cells: Sequence[str]) -> bool:
    """Whether a line holds nothing at all; a line of delimiters only is a row of empty cells."""
    return not cells or (len(cells) == 1 and not cells[0].strip())


def comment(cells: Sequence[str], width: int = 0) -> bool:
    """Whether a record is a remark: ``# ...`` in its first cell, and no more cells than make a sentence."""
    first = cells[0].lstrip()
    if not first.startswith("#"):
        return False
    prose = (
        len(cells) < width and first[1:2] in " \t#" and not any(cell[:1] in "#" for cell in cells[1:] if cell)
    )
    return prose or not any(cell.strip() for cell in cells[1:])


def tagged(cells: Sequence[str]) -> bool:
    """Whether a record holds HXL tags (https://hxlstandard.org), as the header or a second header row."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(re.fullmatch(r"#[A-Za-z][\w+ ]*", cell) for cell in filled)
