"""Rows of a part of a table on their way to incidents, with messages; and what they tell happened.

Each step works on whole columns, reads each different cell once, and speaks up only for rows that need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from geo.factors import Array, Column, beginning, beginnings, joined, together
from geo.tables import values
from geo.tables.columns import Columns
from geo.tables.outcomes import ACCEPTED, EMPTY, REJECTED, WARNED
from geo.tables.sheets import Part, Sheet
from geo.tables.words import is_missing, key, words
from geo.vocabulary import Vocabulary

#: Characters of a message in which long cells are cut, and what is kept of them.
LONG, QUOTED = 200, 60
#: Counts that may share a column, and its cells.
CASUALTIES = ("killed", "wounded")
TWO_COUNTS = re.compile(r"\s*([^/|;+]*?)\s*[/|;+]\s*([^/|;+]*?)\s*")
#: What may stand around the words of a first cell.
AROUND = ' \t:."'
#: Columns taken as they are written.
VERBATIM = ("title", "description", "weapon", "url", "document", "quote")
#: Fields of which hardly any cell stands twice: their cells are not told apart.
UNLIKE = frozenset(
    {*VERBATIM, "id", "lat", "lon", "coordinates", "origin_lat", "origin_lon", "actors_else", "source_else"}
)
#: Fields that are read from several columns at once, or where those are empty.
SEVERAL = frozenset({"actors", "actors_else", "source", "source_else", "type", "tags"})
#: In these a word such as "none" is text, or a word of ours.
WORDY = frozenset({"title", "description", "quote", "located_by"})


class Rows:
    """Rows with the meaning of their columns, and what has become of each so far.

    Parameters
    ----------
    sheet : Sheet
    columns : Columns
    part : Part
    vocabularies : dict of str to Vocabulary, optional
        What is kept of the cells from part to part, by field.

    Attributes
    ----------
    data : dict of str to Column or ndarray
        Columns of the frame, as far as they are filled; a value for each row.
    messages : dict of int to list of str
        By row from 0.
    outcome : ndarray of uint8
        For each row the position of its outcome in `geo.tables.outcomes.OUTCOMES`.
    """

    def __init__(
        self, sheet: Sheet, columns: Columns, part: Part, vocabularies: dict[str, Vocabulary] | None = None
    ) -> None:
        self.sheet, self.columns, self.schema, self.part = sheet, columns, columns.schema, part
        self._vocabularies = {} if vocabularies is None else vocabularies
        self.size = len(part)
        self.data: dict[str, Column | Array] = {}
        self.messages: dict[int, list[str]] = {}
        self.outcome = np.zeros(self.size, np.uint8)
        self._cells: dict[str, Column] = {}
        self.outcome[part.blank] = EMPTY
        for at in self._headers_again() if sheet.headed else ():
            self.outcome[at] = EMPTY
            self.messages[at] = ["the header again"]
        for at in self._totals():
            if self.outcome[at] == ACCEPTED:
                self.reject(at, "the row adds other rows up")
        for at, note in part.notes.items():
            if self.outcome[at] == ACCEPTED:
                self.warn(at, note)

    def prepare(self) -> None:
        """Tell the cells of all fields apart, so that it need not be done when they are asked for."""
        for name in set(self.columns.fields.values()) - SEVERAL:
            self.cells(name)

    def _first(self, cells: Iterable[str]) -> list[int]:
        """Rows whose first cell is one of these, blanks and case aside."""
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = frozenset(cell.lower().strip(AROUND) for cell in cells)
        firsts = np.asarray(beginnings(wanted - {""}).any(axis=0))
        firsts[list(AROUND.encode())] = True
        at = np.arange(self.size) if "" in wanted else beginning(self.part.column(0), firsts)
        if not len(at):
            return []
        first = pc.utf8_lower(pc.utf8_trim(self.part.column(0).take(pa.array(at)), characters=AROUND))
        same = pc.is_in(first, value_set=pa.array(sorted(wanted), pa.large_string()))
        return list(at[same.to_numpy(zero_copy_only=False)].tolist())

    def _headers_again(self) -> Iterable[int]:
        """Rows that repeat the header."""
        headings = [key(heading) for heading in self.sheet.header]
        for at in self._first([self.sheet.header[0]]):
            cells = [*map(key, self.part.raw(at)), *[""] * len(headings)]
            if cells[: len(headings)] == headings:
                yield at

    def _totals(self) -> Iterable[int]:
        """Rows that begin with a word such as "Total" and tell neither a day nor coordinates."""
        told = [self.cells(name) for name in ("date", "lat", "lon", "coordinates") if self.columns.of(name)]
        totals = {key(word) for word in words()["totals"]}
        for at in self._first(words()["totals"]):
            if not any(column[at] and key(column[at]) not in totals for column in told):
                yield at

    def warn(self, row: int, text: str) -> None:
        """Say something of a row that is kept."""
        self.messages.setdefault(row, []).append(shortened(text))
        if self.outcome[row] == ACCEPTED:
            self.outcome[row] = WARNED

    def reject(self, row: int, text: str) -> None:
        """Leave a row out, and say why."""
        self.messages.setdefault(row, []).append(shortened(text))
        self.outcome[row] = REJECTED

    @property
    def alive(self) -> Array:
        """Mask of the rows still on their way to become incidents."""
        return np.asarray(self.outcome <= WARNED)

    def living(self, mask: Array) -> list[int]:
        """Rows of a mask that are still on their way."""
        return np.flatnonzero(mask & self.alive).tolist()

    @property
    def missing(self) -> frozenset[str]:
        """Words that say that nothing is known; our own tables leave such cells empty."""
        return frozenset() if self.columns.name == "dateline" else words()["missing"]

    def column(self, heading: str, *, strip: bool = True) -> Column:
        """Give all cells under a heading, without the blanks around them unless told otherwise."""
        column = Column(self.part.column(self.sheet.header.index(heading)))
        return column.stripped() if strip else column

    def cells(self, name: str) -> Column:
        """Give the cells of a field's surest column, ``""`` where nothing is told or there is no column."""
        if name not in self._cells:
            headings = self.columns.of(name)
            if name in CASUALTIES and not headings:
                self._cells[name] = self._shared(name)
            elif not headings:
                self._cells[name] = Column.blank(self.size)
            elif name in UNLIKE:
                column = self.column(headings[0], strip=name != "quote")
                self._cells[name] = column if name in WORDY else column.without(self.missing)
            else:
                words = frozenset() if name in WORDY else self.missing
                kept = self._vocabularies.setdefault(name, Vocabulary(words))
                self._cells[name] = kept.tidied(self.column(headings[0], strip=False).array)
        return self._cells[name]

    def _shared(self, name: str) -> Column:
        """Give one of the two counts of a column such as "Killed/Injured"; "" where a cell holds but one."""
        for both in (CASUALTIES, CASUALTIES[::-1]):
            for heading in self.columns.of(" ".join(both)):
                column, at = self.column(heading), both.index(name) + 1
                pairs = {cell: TWO_COUNTS.fullmatch(cell) for cell in column.values}
                told = {cell: found[at] for cell, found in pairs.items() if found}
                return Column.coded(column.codes, [told.get(cell, "") for cell in column.values]).without(
                    self.missing
                )
        return Column.blank(self.size)

    def heading(self, name: str) -> str:
        """Give the heading of a field, for messages."""
        return (self.columns.of(name) or [name])[0]


def shortened(text: str) -> str:
    """Cut long cells in a message short: what stands in them can be looked up."""
    if len(text) <= LONG:
        return text
    text = re.sub(rf'"([^"]{{{QUOTED}}})[^"]+"', r'"\1…"', text)
    return text if len(text) <= 4 * LONG else text[: 4 * LONG] + "…"


# -- what -----------------------------------------------------------------------------------------------


def read_values(rows: Rows) -> None:
    """Types, statuses, counts, actors, and what is taken as written."""
    for name in VERBATIM:
        rows.data[name] = rows.cells(name)
    if not rows.columns.of("document"):
        rows.data["document"] = Column.coded(np.zeros(rows.size, np.int32), [rows.sheet.file])
    if rows.schema and rows.schema.directed and not rows.columns.of("title"):
        rows.data["title"] = _directed(rows)
    for name in ("actors", "source"):
        several = [rows.column(heading).without(rows.missing) for heading in rows.columns.of(name)]
        told = joined(several) if several else Column.blank(rows.size)
        if rows.columns.of(f"{name}_else") and not told.filled.all():
            told = told.otherwise(rows.cells(f"{name}_else"))
        rows.data[name] = told
    _read_types(rows)
    statuses = rows.cells("status")
    known = {cell: values.read_status(cell) if cell else "reported" for cell in statuses.values}
    rows.data["status"] = statuses.mapped(lambda cell: known[cell] or "reported")
    for row in rows.living(statuses.flags(lambda cell: known[cell] is None)):
        rows.warn(
            row, f'{rows.heading("status")}: "{statuses[row]}" is not a status known: taken as reported'
        )
    for name in ("killed", "wounded", "start", "end"):
        cells = rows.cells(name)
        counts = {cell: values.read_count(cell) for cell in cells.values}
        rows.data[name] = cells.numbers({cell: count for cell, (count, _) in counts.items()}.get)
        for row in rows.living(
            cells.flags({cell: bool(why) for cell, (_, why) in counts.items()}.__getitem__)
        ):
            rows.warn(row, f"{rows.heading(name)}: {counts[cells[row]][1]}")
    _warn_of_one(rows)


def _warn_of_one(rows: Rows) -> None:
    """Say so where a column of killed and wounded holds but one number: it may be of either, or of both."""
    if all(rows.columns.of(name) for name in CASUALTIES):
        return
    for both in (CASUALTIES, CASUALTIES[::-1]):
        for heading in rows.columns.of(" ".join(both)):
            column = rows.column(heading).without(rows.missing)
            for row in rows.living(column.flags(lambda cell: bool(cell) and not TWO_COUNTS.fullmatch(cell))):
                what = " or ".join(name for name in both if not rows.columns.of(name))
                text = f'"{column[row]}" does not say how many were {what}: left out, write two numbers (2/5)'
                rows.warn(row, f"{heading}: {text}")


def _directed(rows: Rows) -> Column:
    """Say who did it to whom, where the order of a table's actors tells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    one, two = (rows.column(heading).without(rows.missing) for heading in rows.columns.of("actors")[:2])
    text = pc.binary_join_element_wise(one.array, two.array, pa.scalar(" → ", pa.large_string()))
    return Column(pc.if_else(pa.array(one.filled & two.filled), text, pa.scalar("", pa.large_string())))


def read_ranges(rows: Rows) -> dict[int, tuple[int, int]]:
    """Give the range of deaths of the rows for which the table has one that is no single number."""
    if not (rows.columns.of("killed_low") and rows.columns.of("killed_high")):
        return {}
    low, high = (
        rows.cells(name).numbers(lambda cell: values.read_count(cell)[0])
        for name in ("killed_low", "killed_high")
    )
    at = np.flatnonzero((low < high) & rows.alive)
    return {row: (int(low[row]), int(high[row])) for row in at.tolist()}


def _read_types(rows: Rows) -> None:
    codes = rows.schema.types if rows.schema else {}
    # Tags that tell no type are passed over; a cell of types that tells none is spoken of.
    stated = len(rows.columns.of("type"))
    headings = [*rows.columns.of("type"), *rows.columns.of("tags")]
    columns = [rows.column(heading, strip=False).tidied(frozenset()) for heading in headings]
    columns = columns or [Column.blank(rows.size)]
    known = {
        c: None if is_missing(c) else values.read_type(c, codes) for column in columns for c in column.values
    }
    combined, first = together(columns)
    told = list(zip(*([c.values[code] for code in c.codes[first].tolist()] for c in columns), strict=True))
    means = [next((known[cell] for cell in cells if known[cell]), None) for cells in told]
    untold = np.array([m is None for m in means], bool)[combined]
    if not untold.any():
        rows.data["type"] = Column.coded(combined, means)
        return
    # What no column of types tells, the words of the row do.
    texts = [rows.cells(name) for name in ("title", "description")]
    at = np.flatnonzero(untold)
    alike, one = together([text.codes[at] for text in texts])
    found = [
        next((t for text in texts if text[row] and (t := values.find_type(text[row]))), "other")
        for row in at[one].tolist()
    ]
    kinds = sorted({*(mean for mean in means if mean), *found})
    number = {kind: position for position, kind in enumerate(kinds)}
    which = np.array([number.get(mean or "", 0) for mean in means], np.int32)[combined]
    which[at] = np.array([number[kind] for kind in found], np.int32)[alike]
    rows.data["type"] = Column.coded(which, kinds)
    for row in rows.living(untold):
        if written := next((cell for cell in told[combined[row]][:stated] if not is_missing(cell)), ""):
            rows.warn(row, f'{headings[0]}: "{written}" is not a type known: taken as {kinds[which[row]]}')
