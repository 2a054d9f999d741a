"""The rows of a table on their way to incidents: what, when and where, field by field, with messages.

Each step works on whole columns, reads each different cell once, and speaks up only for rows that need it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.factors import Array, Column, joined, spread, together
from geo.tables import clocks, days, values, words
from geo.tables.cells import Sheet
from geo.tables.columns import Columns, country_codes, key
from geo.tables.placing import Spots, locate_rows
from geo.tables.reports import OUTCOMES

if TYPE_CHECKING:
    from gazetteer import Gazetteer

#: Columns taken as they are written.
VERBATIM = ("title", "description", "weapon", "url", "document", "quote")
#: In these a word such as "none" is text, or a word of ours.
WORDY = frozenset({"title", "description", "quote", "located_by"})
ACCEPTED, WARNED, REJECTED, DUPLICATE, EMPTY = range(len(OUTCOMES))


class Rows:
    """A sheet with the meaning of its columns, and what has become of each row so far.

    Attributes
    ----------
    data : dict of str to Column, ndarray or list
        Columns of the frame, as far as they are filled; a value for each row.
    messages : dict of int to list of str
        By row from 0.
    outcome : ndarray of uint8
        For each row the position of its outcome in `geo.tables.reports.OUTCOMES`.
    """

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.sheet, self.columns, self.schema = sheet, columns, columns.schema
        self.size = len(sheet.rows)
        self.data: dict[str, Any] = {}
        self.messages: dict[int, list[str]] = {}
        self.outcome = np.zeros(self.size, np.uint8)
        self._cells: dict[str, Column] = {}
        for at in self._without_content():
            self.outcome[at] = EMPTY
        for at in self._headers_again() if sheet.headed else ():
            self.outcome[at] = EMPTY
            self.messages[at] = ["the header again"]
        for at, note in sheet.notes.items():
            if self.outcome[at] == ACCEPTED:
                self.warn(at, note)

    def _without_content(self) -> Iterable[int]:
        """Rows of which all cells are blank."""
        at = np.arange(self.size)
        for heading in self.sheet.header:
            if not len(at):
                break
            at = at[~self.sheet.column(heading).filled[at]]
        return at.tolist()

    def _headers_again(self) -> Iterable[int]:
        """Rows that repeat the header."""
        import pyarrow.compute as pc

        headings = [key(heading) for heading in self.sheet.header]
        word = max(headings[0].split(), key=len, default="")
        first = self.sheet.column(self.sheet.header[0]).array
        alike = np.flatnonzero(
            pc.match_substring(first, word, ignore_case=True).to_numpy(zero_copy_only=False)
        )
        if (
            len(alike) > self.size / 10 and self.size > 1000
        ):  # the word is a common one: look at the whole cell
            alike = np.flatnonzero(pc.equal(first, self.sheet.header[0]).to_numpy(zero_copy_only=False))
        return [at for at in alike.tolist() if [key(cell) for cell in self.sheet.rows[at]] == headings]

    def warn(self, row: int, text: str) -> None:
        """Say something of a row that is kept."""
        self.messages.setdefault(row, []).append(text)
        if self.outcome[row] == ACCEPTED:
            self.outcome[row] = WARNED

    def reject(self, row: int, text: str) -> None:
        """Leave a row out, and say why."""
        self.messages.setdefault(row, []).append(text)
        self.outcome[row] = REJECTED

    def live(self, row: int) -> bool:
        """Whether a row is still on its way to become an incident."""
        return bool(self.outcome[row] <= WARNED)

    @property
    def alive(self) -> Array:
        """Mask of the rows still on their way."""
        return np.asarray(self.outcome <= WARNED)

    def living(self, mask: Array) -> list[int]:
        """Rows of a mask that are still on their way."""
        return np.flatnonzero(mask & self.alive).tolist()

    def value(self, name: str, row: int) -> Any:  # noqa: ANN401 - whatever the column holds
        """Give one value; None and NaN are None, and so is an empty text."""
        value = self.data[name][row]
        return None if value is None or value == "" or value != value else value

    def put(self, name: str, row: int, value: object) -> None:
        """Change one value."""
        if not isinstance(self.data[name], list):
            self.data[name] = list(self.data[name])
        self.data[name][row] = value

    @property
    def missing(self) -> frozenset[str]:
        """Words that say that nothing is known; our own tables leave such cells empty."""
        return frozenset() if self.columns.name == "dateline" else words.words()["missing"]

    def cells(self, name: str) -> Column:
        """Give the cells of a field's surest column, ``""`` where nothing is told or there is no column."""
        if name not in self._cells:
            headings = self.columns.of(name)
            if not headings:
                self._cells[name] = Column.blank(self.size)
            else:
                column = self.sheet.column(headings[0], strip=name != "quote")
                self._cells[name] = column if name in WORDY else column.without(self.missing)
        return self._cells[name]

    def heading(self, name: str) -> str:
        """Give the heading of a field, for messages."""
        return (self.columns.of(name) or [name])[0]


def read_values(rows: Rows) -> None:
    """Types, statuses, counts, actors, and what is taken as written."""
    for name in VERBATIM:
        rows.data[name] = rows.cells(name)
    if not rows.columns.of("document"):
        rows.data["document"] = Column.of([rows.sheet.file] * rows.size)
    for name in ("actors", "source"):
        several = [rows.sheet.column(heading).without(rows.missing) for heading in rows.columns.of(name)]
        rows.data[name] = joined(several) if several else Column.blank(rows.size)
    _read_types(rows)
    statuses = rows.cells("status")
    known = {cell: values.read_status(cell) if cell else "reported" for cell in statuses.values}
    rows.data["status"] = statuses.texts(lambda cell: known[cell] or "reported")
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


def _read_types(rows: Rows) -> None:
    codes = rows.schema.types if rows.schema else {}
    headings = rows.columns.of("type")
    columns = [rows.sheet.column(heading) for heading in headings] or [Column.blank(rows.size)]
    known = {
        c: None if words.is_missing(c) else values.read_type(c, codes)
        for column in columns
        for c in column.values
    }
    combined, first = together(columns)
    told = list(zip(*(column.array.take(first).to_pylist() for column in columns), strict=True))
    means = [next((known[cell] for cell in cells if known[cell]), None) for cells in told]
    rows.data["type"] = found = spread(means, combined)
    for row in np.flatnonzero(np.array([m is None for m in means], bool)[combined]).tolist():
        texts = (rows.data["title"][row], rows.data["description"][row])
        found[row] = next((t for text in texts if (t := values.find_type(text))), "other")
        written = next((cell for cell in told[combined[row]] if not words.is_missing(cell)), "")
        if written and rows.live(row):
            rows.warn(row, f'{headings[0]}: "{written}" is not a type known: taken as {found[row]}')


def read_days(rows: Rows, today: date | None = None) -> None:
    """Dates and times, the order of day and month decided by the whole column."""
    order = rows.schema.date_order if rows.schema else None
    wide = rows.schema.date_precision if rows.schema else {}
    cells = _date_cells(rows)
    fields = ("date_end", "time", "time_end", "date_precision")
    ends, clocks, clock_ends, codes = (rows.cells(name) for name in fields)
    read = days.read_days(cells.values, order=order, today=today)
    until_read = days.read_days(ends.values, order=order, today=date.max)
    times = {cell: clocks.read_time(cell) for column in (clocks, clock_ends) for cell in column.values}
    planned = Column.of(rows.data["status"])
    combined, first = together([cells, ends, clocks, clock_ends, codes, planned])
    results, said = [], []
    lists = [column.array.take(first).to_pylist() for column in (cells, clocks, clock_ends, codes, planned)]
    for cell, clock_cell, clock_end_cell, code, status, at, end_at in zip(
        *lists, cells.codes[first].tolist(), ends.codes[first].tolist(), strict=True
    ):
        day, end = read[at], until_read[end_at]
        clock, clock_end = times[clock_cell], times[clock_end_cell]
        warnings, error = [], day.error
        is_planned = status == "planned"
        when, until = day.date, end.date or day.date_end
        if not error and not cell and not is_planned:
            warnings.append(f"{rows.heading('date')}: there is no date")
        elif not error and day.warning and not (is_planned and "future" in day.warning):
            warnings.append(f"{rows.heading('date')}: {day.warning}")
        if end.error or (end.warning and "future" not in end.warning):
            warnings.append(f"{rows.heading('date_end')}: {end.error or end.warning}")
        for name, (_, _, why) in (("time", clock), ("time_end", clock_end)):
            if why:
                warnings.append(f"{rows.heading(name)}: {why}: left out")
        if when and until and len(when) == len(until) == 10 and until < when:
            warnings.append(f"{rows.heading('date_end')}: {until} is before {when}: left out")
            until = None
        if when and (part := wide.get(code)) and until in (None, when):
            when, until = (when[:7] if part == "month" else when[:4]), None
        results.append((when, until, clock[0] or day.time, clock_end[0] or clock[1]))
        said.append((warnings, error))
    for at, name in enumerate(("date", "date_end", "time", "time_end")):
        rows.data[name] = spread([result[at] for result in results], combined)
    for row in rows.living(np.array([bool(w or e) for w, e in said], bool)[combined]):
        warnings, error = said[combined[row]]
        if error:
            rows.reject(row, f"{rows.heading('date')}: {error}")
        for text in warnings:
            rows.warn(row, text)


def _date_cells(rows: Rows) -> Column:
    """Date cells; put together where year, month and day have columns of their own."""
    if rows.columns.of("date") or not rows.columns.of("year"):
        return rows.cells("date")
    columns = [rows.cells(name) for name in ("year", "month", "day")]
    combined, first = together(columns)
    together_: list[str] = []
    for cells in zip(*(column.array.take(first).to_pylist() for column in columns), strict=True):
        parts = [part.removesuffix(".0") for part in cells if part and part.strip("0.")]
        if all(part.isdigit() for part in parts):
            together_.append("-".join(part.zfill(2) for part in parts))
        else:
            together_.append(" ".join(reversed(parts)))
    return Column.of(spread(together_, combined))


def read_places(rows: Rows, places: Gazetteer) -> Spots:
    """Fill where it happened, and from where; return what was found besides, such as candidates."""
    wanted = ("place", "place_id", "lat", "lon", "coordinates", "country", "admin1", "admin2", "precision",
              "radius_km", "located_by", "confidence")  # fmt: skip
    cells = {name: rows.cells(name) for name in wanted if rows.columns.of(name)}
    if not rows.columns.of("coordinates") and rows.columns.of("easting"):
        grid = zip(*(rows.cells(name) for name in ("zone", "easting", "northing")), strict=True)
        cells["coordinates"] = Column.of(" ".join(parts) if all(parts) else "" for parts in grid)
    if rows.schema and rows.schema.countries and "country" in cells:
        table = country_codes(rows.schema.countries)
        cells["country"] = Column.of(cells["country"].texts(lambda cell: table.get(cell.upper(), cell)))
    codes = rows.schema.precision if rows.schema else {}
    spots = locate_rows(cells, places, codes, live=rows.alive)
    rows.data |= spots.columns
    fields = ("place", "lat", "lon", "coordinates")
    told = ", ".join(heading for name in fields for heading in rows.columns.of(name)) or "place"
    for row, texts in spots.warnings.items():
        for text in texts:
            rows.warn(row, f"{told}: {text}")
    for row, texts in spots.errors.items():
        rows.reject(row, f"{told}: {'; '.join(texts)}")
    _read_origins(rows, places)
    return spots


def _read_origins(rows: Rows, places: Gazetteer) -> None:
    """Fill from where; what cannot be found leaves the origin a name, and is said."""
    fields = {"place": "origin", "place_id": "origin_id", "lat": "origin_lat", "lon": "origin_lon"}
    cells = {name: rows.cells(column) for name, column in fields.items()}
    rows.data["origin"] = cells["place"]
    live = rows.alive & np.any([column.filled for column in cells.values()], axis=0)
    if not live.any():
        rows.data |= {"origin_id": Column.blank(rows.size)}
        rows.data |= {name: np.full(rows.size, np.nan) for name in ("origin_lat", "origin_lon")}
        return
    # Rows of our own say how they were located: their origin stands as written, found or not.
    cells["located_by"] = Column.of(
        "" if not how else "none" if not (ident or lat) else "gazetteer"
        for how, ident, lat in zip(rows.cells("located_by"), cells["place_id"], cells["lat"], strict=True)
    )
    spots = locate_rows(cells, places, {}, live=live)
    rows.data |= {f"origin_{name}": spots.columns[name] for name in ("lat", "lon")}
    rows.data["origin_id"] = spots.columns["place_id"]
    for messages in (spots.warnings, spots.errors):
        for row, texts in messages.items():
            if told := "; ".join(text for text in texts if not text.startswith("located_by")):
                rows.warn(row, f"{rows.heading('origin')}: {told}")
