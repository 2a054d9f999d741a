"""Rows of a part of a table on their way to incidents: what, when and where, with messages.

Each step works on whole columns, reads each different cell once, and speaks up only for rows that need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, Labels, joined, together
from geo.tables import values
from geo.tables.clocks import read_time
from geo.tables.columns import Columns
from geo.tables.dates import Day
from geo.tables.days import Calendar
from geo.tables.outcomes import ACCEPTED, EMPTY, REJECTED, WARNED
from geo.tables.placing import locate_rows
from geo.tables.schemas import country_codes
from geo.tables.sheets import Part, Sheet
from geo.tables.words import is_missing, key, words

if TYPE_CHECKING:
    from geo.tables.naming import Directory
    from geo.tables.spots import Spots

DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Characters of a message in which long cells are cut, and what is kept of them.
LONG, QUOTED = 200, 60
#: Counts that may share a column, and its cells.
CASUALTIES = ("killed", "wounded")
TWO_COUNTS = re.compile(r"\s*([^/|;+]*?)\s*[/|;+]\s*([^/|;+]*?)\s*")
#: Columns taken as they are written.
VERBATIM = ("title", "description", "weapon", "url", "document", "quote")
#: In these a word such as "none" is text, or a word of ours.
WORDY = frozenset({"title", "description", "quote", "located_by"})
#: Fields that say where.
WHERE = ("place", "place_id", "lat", "lon", "coordinates", "country", "admin1", "admin2", "precision",
         "radius_km", "located_by", "confidence")  # fmt: skip


class Rows:
    """Rows with the meaning of their columns, and what has become of each so far.

    Attributes
    ----------
    data : dict of str to Column or ndarray
        Columns of the frame, as far as they are filled; a value for each row.
    messages : dict of int to list of str
        By row from 0.
    outcome : ndarray of uint8
        For each row the position of its outcome in `geo.tables.outcomes.OUTCOMES`.
    """

    def __init__(self, sheet: Sheet, columns: Columns, part: Part) -> None:
        self.sheet, self.columns, self.schema, self.part = sheet, columns, columns.schema, part
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

    def _first(self, cells: Iterable[str]) -> list[int]:
        """Rows whose first cell is one of these, blanks and case aside."""
        import pyarrow as pa
        import pyarrow.compute as pc

        first = pc.utf8_lower(pc.utf8_trim(self.part.column(0), characters=' \t:."'))
        wanted = pa.array(sorted({cell.lower().strip(' \t:."') for cell in cells}), pa.large_string())
        return np.flatnonzero(pc.is_in(first, value_set=wanted).to_numpy(zero_copy_only=False)).tolist()

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
            else:
                column = self.column(headings[0], strip=name != "quote")
                self._cells[name] = column if name in WORDY else column.without(self.missing)
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
        rows.data[name] = (
            told.otherwise(rows.cells(f"{name}_else")) if rows.columns.of(f"{name}_else") else told
        )
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
    columns = [rows.column(heading) for heading in headings] or [Column.blank(rows.size)]
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


# -- when -----------------------------------------------------------------------------------------------


def calendars(columns: Columns, today: date | None) -> dict[str, Calendar]:
    """Give readers for the columns of dates of a table."""
    order = columns.schema.date_order if columns.schema else None
    return {"date": Calendar(order, today), "date_end": Calendar(order, date.max)}


def learn_days(rows: Rows, calendar: Mapping[str, Calendar]) -> None:
    """Take note of how the rows write their days."""
    calendar["date"].learn(_date_cells(rows).values)
    calendar["date_end"].learn(rows.cells("date_end").values)


def read_when(rows: Rows, calendar: Mapping[str, Calendar]) -> None:
    """Dates and times, in the way the whole column has of writing them."""
    cells, ends = _date_cells(rows), rows.cells("date_end")
    days, last_days = calendar["date"].read(cells.values), calendar["date_end"].read(ends.values)
    planned = Column.coded(*_encoded(rows.data["status"])).flags(lambda status: status == "planned")
    when = _labels(cells, [day.date for day in days])
    until = _labels(cells, [day.date_end for day in days])
    stated = ends.flags(
        {cell: bool(day.date) for cell, day in zip(ends.values, last_days, strict=True)}.__getitem__
    )
    until.spread(stated, ends.codes[stated], [day.date for day in last_days])
    _reject_days(rows, cells, days)
    _warn_of_days(rows, "date", cells, days, unless=planned)
    for row in rows.living(~cells.filled & ~planned):
        rows.warn(row, f"{rows.heading('date')}: there is no date")
    _warn_of_days(rows, "date_end", ends, last_days)
    if until.codes.any():
        first, last = _whole_days(when), _whole_days(until)
        before = (first > 0) & (last > 0) & (last < first)
        for row in rows.living(before):
            text = f"{until.values[until.codes[row]]} is before {when.values[when.codes[row]]}"
            rows.warn(row, f"{rows.heading('date_end')}: {text}: left out")
        until.put(before, None)
    _widen(rows, when, until)
    rows.data |= {"date": when.column(), "date_end": until.column()}
    _read_times(rows, cells, days)


def _encoded(column: Column | Array) -> tuple[Array, Sequence[str | None]]:
    column = column if isinstance(column, Column) else Column.of(column)
    return column.codes, column.values


def _labels(cells: Column, texts: Sequence[str | None]) -> Labels:
    """Make a column of what each different cell means."""
    labels = Labels(len(cells))
    labels.spread(np.arange(len(cells)), cells.codes, texts)
    return labels


def _reject_days(rows: Rows, cells: Column, days: Sequence[Day]) -> None:
    said = {cell: day.error for cell, day in zip(cells.values, days, strict=True) if day.error}
    for row in rows.living(cells.among(said)):
        rows.reject(row, f"{rows.heading('date')}: {said[cells[row]]}")


def _warn_of_days(
    rows: Rows, name: str, cells: Column, days: Sequence[Day], unless: Array | None = None
) -> None:
    """Say what is odd about days; that those of plans are to come is not."""
    texts = ((cell, day.error or day.warning) for cell, day in zip(cells.values, days, strict=True))
    said = {cell: text for cell, text in texts if text}
    if name == "date_end":
        said = {cell: text for cell, text in said.items() if "future" not in text}
    odd = cells.among(said)
    if unless is not None:
        odd &= ~(unless & cells.among({cell for cell, text in said.items() if "future" in text}))
    for row in rows.living(odd):
        rows.warn(row, f"{rows.heading(name)}: {said[cells[row]]}")


def _whole_days(labels: Labels) -> Array:
    """Give whole days as numbers that sort, 0 for all others."""
    days = [int(text.replace("-", "")) if text and DAY.fullmatch(text) else 0 for text in labels.values]
    return np.array(days, np.int64)[labels.codes]


def _widen(rows: Rows, when: Labels, until: Labels) -> None:
    """Keep only month or year of days that the table says are known no closer, unless it gives a span."""
    wide = rows.schema.date_precision if rows.schema else {}
    codes = rows.cells("date_precision")
    for number, code in enumerate(codes.values):
        if part := wide.get(code):
            at = (codes.codes == number) & ((until.codes == 0) | (_whole_days(until) == _whole_days(when)))
            size = 7 if part == "month" else 4
            when.spread(at, when.codes[at], [text and text[:size] for text in list(when.values)])
            until.put(at, None)


def _read_times(rows: Rows, cells: Column, days: Sequence[Day]) -> None:
    """Read times of day; a time in its own column goes before one that stands with the date."""
    starts, stops = rows.cells("time"), rows.cells("time_end")
    begin, end = _labels(cells, [day.time for day in days]), Labels(rows.size)
    for name, column in (("time", starts), ("time_end", stops)):
        if not column.filled.any():
            continue
        times = {cell: read_time(cell) for cell in column.values}
        told = [times[cell] for cell in column.values]
        known = np.array([bool(one) for one, _, _ in told], bool)[column.codes]
        (begin if name == "time" else end).spread(known, column.codes[known], [one for one, _, _ in told])
        if name == "time":
            spans = np.array([bool(two) for _, two, _ in told], bool)[column.codes]
            end.spread(spans, column.codes[spans], [two for _, two, _ in told])
        for row in rows.living(column.among({cell for cell, (_, _, why) in times.items() if why})):
            rows.warn(row, f"{rows.heading(name)}: {times[column[row]][2]}: left out")
    rows.data |= {"time": begin.column(), "time_end": end.column()}


def _date_cells(rows: Rows) -> Column:
    """Date cells; put together where year, month and day have columns of their own."""
    if rows.columns.of("date") or not rows.columns.of("year"):
        return rows.cells("date")
    columns = [rows.cells(name) for name in ("year", "month", "day")]
    combined, first = together(columns)
    whole: list[str] = []
    for cells in zip(*([c.values[code] for code in c.codes[first].tolist()] for c in columns), strict=True):
        parts = [part.removesuffix(".0") for part in cells if part and part.strip("0.")]
        if all(part.isdigit() for part in parts):
            whole.append("-".join(part.zfill(2) for part in parts))
        else:
            whole.append(" ".join(reversed(parts)))
    return Column.coded(combined, whole)


# -- where ----------------------------------------------------------------------------------------------


def read_where(rows: Rows, directory: Directory) -> Spots:
    """Fill where it happened, and from where; return what was found besides, such as candidates."""
    cells = {name: rows.cells(name) for name in WHERE if rows.columns.of(name)}
    if not rows.columns.of("coordinates") and rows.columns.of("easting"):
        grid = zip(*(rows.cells(name) for name in ("zone", "easting", "northing")), strict=True)
        cells["coordinates"] = Column.of(" ".join(parts) if all(parts) else "" for parts in grid)
    if rows.schema and rows.schema.countries and "country" in cells:
        table = country_codes(rows.schema.countries)
        cells["country"] = cells["country"].mapped(lambda cell: table.get(cell.upper(), cell))
    codes = rows.schema.precision if rows.schema else {}
    spots = locate_rows(
        cells, directory, codes, live=rows.alive, reverse=_longitude_first(rows.heading("coordinates"))
    )
    rows.data |= spots.columns()
    fields = ("place", "lat", "lon", "coordinates")
    told = ", ".join(heading for name in fields for heading in rows.columns.of(name)) or "place"
    for row, texts in spots.warnings.items():
        for text in texts:
            rows.warn(row, f"{told}: {text}")
    for row, texts in spots.errors.items():
        rows.reject(row, f"{told}: {'; '.join(texts)}")
    _read_origins(rows, directory)
    return spots


def _longitude_first(heading: str) -> bool:
    """Whether a heading such as "Longitude, latitude" says so."""
    order = [word[:3] for word in key(heading).split() if word[:3] in {"lat", "lon", "lng"}]
    return order[:1] in (["lon"], ["lng"]) and "lat" in order


def _read_origins(rows: Rows, directory: Directory) -> None:
    """Fill from where; what cannot be found leaves the origin a name, and is said."""
    fields = {"place": "origin", "place_id": "origin_id", "lat": "origin_lat", "lon": "origin_lon"}
    cells = {name: rows.cells(column) for name, column in fields.items()}
    rows.data["origin"] = cells["place"]
    live = rows.alive & np.any([column.filled for column in cells.values()], axis=0)
    if not live.any():
        rows.data["origin_id"] = Column.blank(rows.size)
        rows.data |= {name: np.full(rows.size, np.nan) for name in ("origin_lat", "origin_lon")}
        return
    # Rows of our own say how they were located: their origin stands as written, found or not.
    cells["located_by"] = Column.of(
        "" if not how else "none" if not (ident or lat) else "gazetteer"
        for how, ident, lat in zip(rows.cells("located_by"), cells["place_id"], cells["lat"], strict=True)
    )
    spots = locate_rows(cells, directory, {}, live=live)
    rows.data |= {f"origin_{name}": getattr(spots, name) for name in ("lat", "lon")}
    rows.data["origin_id"] = spots.place_id.column()
    for messages in (spots.warnings, spots.errors):
        for row, texts in messages.items():
            if told := "; ".join(text for text in texts if not text.startswith("located_by")):
                rows.warn(row, f"{rows.heading('origin')}: {told}")
