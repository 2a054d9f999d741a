"""The rows of a table on their way to incidents: what, when and where, field by field, with messages.

Each step works on whole columns, reads each different cell once, and speaks up only for rows that need it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import days, values
from geo.cells import Sheet
from geo.columns import Columns, country_codes, key
from geo.placing import Spots, locate_rows

if TYPE_CHECKING:
    from gazetteer import Gazetteer

#: Columns taken as they are written.
VERBATIM = ("title", "description", "weapon", "url", "document", "quote")
#: In these a word such as "none" is text, or a word of ours.
WORDY = frozenset({"title", "description", "quote", "located_by"})


class Rows:
    """A sheet with the meaning of its columns, and what has become of each row so far.

    Attributes
    ----------
    data : dict of str to list
        Columns of the frame, as far as they are filled; a value for each row.
    messages : dict of int to list of str
        By row from 0.
    outcome : list of str
        One of `geo.reports.OUTCOMES` for each row.
    """

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.sheet, self.columns, self.schema = sheet, columns, columns.schema
        self.size = len(sheet.rows)
        self.data: dict[str, list[Any]] = {}
        self.messages: dict[int, list[str]] = {}
        self.outcome = ["accepted"] * self.size
        self.spots = Spots({})
        headings = [key(heading) for heading in sheet.header]
        for at, row in enumerate(sheet.rows):
            if not any(cell.strip() for cell in row):
                self.outcome[at] = "empty"
            elif sheet.headed and key(row[0]) == headings[0] and [key(cell) for cell in row] == headings:
                self.outcome[at] = "empty"
                self.messages[at] = ["the header again"]
            elif at in sheet.notes:
                self.warn(at, sheet.notes[at])

    def warn(self, row: int, text: str) -> None:
        """Say something of a row that is kept."""
        self.messages.setdefault(row, []).append(text)
        if self.outcome[row] == "accepted":
            self.outcome[row] = "warned"

    def reject(self, row: int, text: str) -> None:
        """Leave a row out, and say why."""
        self.messages.setdefault(row, []).append(text)
        self.outcome[row] = "rejected"

    def live(self, row: int) -> bool:
        """Whether a row is still on its way to become an incident."""
        return self.outcome[row] in ("accepted", "warned")

    def missing(self, cell: str) -> bool:
        """Whether a cell says that nothing is known; our own tables leave such cells empty."""
        return not cell if self.columns.name == "dateline" else days.is_missing(cell)

    def cells(self, name: str) -> list[str]:
        """Give the cells of a field's surest column, ``""`` where nothing is told or there is no column."""
        headings = self.columns.of(name)
        if not headings:
            return [""] * self.size
        cells = self.sheet.column(headings[0])
        if name in WORDY:
            return cells
        blank = {cell: "" if self.missing(cell) else cell for cell in set(cells)}
        return [blank[cell] for cell in cells]

    def heading(self, name: str) -> str:
        """Give the heading of a field, for messages."""
        return (self.columns.of(name) or [name])[0]


def read_values(rows: Rows) -> None:
    """Types, statuses, counts, actors, and what is taken as written."""
    for name in VERBATIM:
        rows.data[name] = rows.cells(name)
    if headings := rows.columns.of("quote"):
        at = rows.sheet.header.index(headings[0])
        rows.data["quote"] = [row[at] for row in rows.sheet.rows]
    if not rows.columns.of("document"):
        rows.data["document"] = [rows.sheet.file] * rows.size
    for name in ("actors", "source"):
        several = [rows.sheet.column(heading) for heading in rows.columns.of(name)]
        told = zip(*several, strict=True) if several else ((),) * rows.size
        rows.data[name] = [
            "; ".join(dict.fromkeys(cell for cell in cells if not rows.missing(cell))) for cells in told
        ]
    _read_types(rows)
    statuses = rows.cells("status")
    known = {cell: values.read_status(cell) if cell else "reported" for cell in set(statuses)}
    rows.data["status"] = [known[cell] or "reported" for cell in statuses]
    for row, cell in enumerate(statuses):
        if known[cell] is None and rows.live(row):
            rows.warn(row, f'{rows.heading("status")}: "{cell}" is not a status known: taken as reported')
    for name in ("killed", "wounded", "start", "end"):
        cells = rows.cells(name)
        counts = {cell: values.read_count(cell) for cell in set(cells)}
        rows.data[name] = [counts[cell][0] for cell in cells]
        for row, cell in enumerate(cells):
            if counts[cell][1] and rows.live(row):
                rows.warn(row, f"{rows.heading(name)}: {counts[cell][1]}")


def _read_types(rows: Rows) -> None:
    codes = rows.schema.types if rows.schema else {}
    headings = rows.columns.of("type")
    columns = [rows.sheet.column(heading) for heading in headings]
    known = {
        c: None if days.is_missing(c) else values.read_type(c, codes) for cells in columns for c in set(cells)
    }
    told = zip(*columns, strict=True) if columns else ((),) * rows.size
    texts = list(zip(rows.data["title"], rows.data["description"], strict=True))
    rows.data["type"] = found = []
    for row, cells in enumerate(told):
        means = next((known[cell] for cell in cells if known[cell]), None)
        if means is None:
            written = next((cell for cell in cells if not days.is_missing(cell)), "")
            means = next((t for text in texts[row] if (t := values.find_type(text))), "other")
            if written and rows.live(row):
                rows.warn(row, f'{headings[0]}: "{written}" is not a type known: taken as {means}')
        found.append(means)


def read_days(rows: Rows, today: date | None = None) -> None:
    """Dates and times, the order of day and month decided by the whole column."""
    order = rows.schema.date_order if rows.schema else None
    cells = _date_cells(rows)
    read = days.read_days(cells, order=order, today=today)
    ends = days.read_days(rows.cells("date_end"), order=order, today=date.max)
    clocks = {cell: days.read_time(cell) for name in ("time", "time_end") for cell in set(rows.cells(name))}
    heading = rows.heading("date")
    dates, date_ends, times, time_ends = [], [], [], []
    wide = rows.schema.date_precision if rows.schema else {}
    codes = rows.cells("date_precision")
    for row, (day, end, clock, clock_end, code) in enumerate(
        zip(read, ends, rows.cells("time"), rows.cells("time_end"), codes, strict=True)
    ):
        when, until = day.date, end.date or day.date_end
        if rows.live(row):
            if day.error:
                rows.reject(row, f"{heading}: {day.error}")
            elif not cells[row] and rows.data["status"][row] != "planned":
                rows.warn(row, f"{heading}: there is no date")
            elif day.warning and not (rows.data["status"][row] == "planned" and "future" in day.warning):
                rows.warn(row, f"{heading}: {day.warning}")
            if end.error or (end.warning and "future" not in end.warning):
                rows.warn(row, f"{rows.heading('date_end')}: {end.error or end.warning}")
            for name, cell in (("time", clock), ("time_end", clock_end)):
                if clocks[cell][2]:
                    rows.warn(row, f"{rows.heading(name)}: {clocks[cell][2]}: left out")
            if when and until and len(when) == len(until) == 10 and until < when:
                rows.warn(row, f"{rows.heading('date_end')}: {until} is before {when}: left out")
                until = None
        if when and (part := wide.get(code)) and until in (None, when):
            when, until = (when[:7] if part == "month" else when[:4]), None
        dates.append(when)
        date_ends.append(until)
        times.append(clocks[clock][0] or day.time)
        time_ends.append(clocks[clock_end][0] or clocks[clock][1])
    rows.data |= {"date": dates, "date_end": date_ends, "time": times, "time_end": time_ends}


def _date_cells(rows: Rows) -> list[str]:
    """Date cells; put together where year, month and day have columns of their own."""
    cells = rows.cells("date")
    years, months, numbers = (rows.cells(name) for name in ("year", "month", "day"))
    if rows.columns.of("date") or not rows.columns.of("year"):
        return cells
    joined = []
    for year, month, day in zip(years, months, numbers, strict=True):
        parts = [part.removesuffix(".0") for part in (year, month, day) if part and part.strip("0.")]
        if all(part.isdigit() for part in parts):
            joined.append("-".join(part.zfill(2) for part in parts))
        else:
            joined.append(" ".join(reversed(parts)))
    return joined


def read_places(rows: Rows, places: Gazetteer) -> Spots:
    """Fill where it happened, and from where; return what was found besides, such as candidates."""
    wanted = ("place", "place_id", "lat", "lon", "coordinates", "country", "admin1", "admin2", "precision",
              "radius_km", "located_by", "confidence")  # fmt: skip
    cells = {name: rows.cells(name) for name in wanted if rows.columns.of(name)}
    if not rows.columns.of("coordinates") and rows.columns.of("easting"):
        grid = zip(*(rows.cells(name) for name in ("zone", "easting", "northing")), strict=True)
        cells["coordinates"] = [" ".join(parts) if all(parts) else "" for parts in grid]
    if rows.schema and rows.schema.countries:
        table = country_codes(rows.schema.countries)
        cells["country"] = [table.get(cell.upper(), cell) for cell in cells.get("country", [])]
    codes = rows.schema.precision if rows.schema else {}
    spots = locate_rows(cells, places, codes, live=_mask(rows))
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


def _mask(rows: Rows) -> np.ndarray:
    return np.array([rows.live(row) for row in range(rows.size)], dtype=bool)


def _read_origins(rows: Rows, places: Gazetteer) -> None:
    """Fill from where; what cannot be found leaves the origin a name, and is said."""
    fields = {"place": "origin", "place_id": "origin_id", "lat": "origin_lat", "lon": "origin_lon"}
    cells = {name: rows.cells(column) for name, column in fields.items()}
    rows.data["origin"] = cells["place"]
    live = _mask(rows) & np.array([any(told) for told in zip(*cells.values(), strict=True)], dtype=bool)
    if not live.any():
        rows.data |= {name: [None] * rows.size for name in ("origin_id", "origin_lat", "origin_lon")}
        return
    # Rows of our own say how they were located: their origin stands as written, found or not.
    cells["located_by"] = [
        "" if not how else "none" if not (ident or lat) else "gazetteer"
        for how, ident, lat in zip(rows.cells("located_by"), cells["place_id"], cells["lat"], strict=True)
    ]
    spots = locate_rows(cells, places, {}, live=live)
    rows.data |= {f"origin_{name}": spots.columns[name] for name in ("lat", "lon")}
    rows.data["origin_id"] = spots.columns["place_id"]
    for messages in (spots.warnings, spots.errors):
        for row, texts in messages.items():
            if told := "; ".join(text for text in texts if not text.startswith("located_by")):
                rows.warn(row, f"{rows.heading('origin')}: {told}")
