"""Tables of incidents: any CSV an analyst has, or a geographic file, becomes incidents and a report on every row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import days, values
from geo.cells import Sheet, read_sheet
from geo.columns import Columns, count_known, key, recognise
from geo.errors import TableError
from geo.reports import RowReport, TableReport, write_rejects
from geo.frame import COLUMNS, build_frame, records
from geo.placing import Spots, locate_rows

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer

#: Formats read through geopandas.
GEOGRAPHIC = frozenset({".geojson", ".json", ".gpkg", ".parquet", ".geoparquet", ".kml", ".shp", ".fgb"})

#: Columns taken as they are written.
VERBATIM = ("title", "description", "weapon", "url", "document", "quote")


def read_incidents(
    path: str | Path | Iterable[str | Path],
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
) -> geopandas.GeoDataFrame:
    """Read incidents from a table: CSV in any encoding and delimiter, GeoJSON, GeoPackage, Parquet.

    Parameters
    ----------
    path : path or iterable of path
        Several are combined, duplicates among them merged.
    places : gazetteer.Gazetteer
        Tells where the named places are, for rows without coordinates.
    map : mapping of str to str, optional
        Column to field, over what is recognised.

    Returns
    -------
    geopandas.GeoDataFrame
        See `geo.frame.build_frame`. ``attrs["report"]`` lists every row: ``file``, ``row``, ``line``,
        ``outcome``, ``messages``, ``candidates``.

    Raises
    ------
    TableError
        If the file is missing, is no table, or has no column that says where.
    """
    if not isinstance(path, str | Path):
        from geo.merging import combine

        return combine(*(read_incidents(one, places, map=map) for one in path))
    return check(path, places, map=map).frame()


def check(
    path: str | Path,
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    today: date | None = None,
) -> TableReport:
    """Read a table and report on every row; see `read_incidents` for parameters and errors.

    Parameters
    ----------
    today : datetime.date, optional
        Dates after it are warned about; by default the day it is.
    """
    sheet, columns = recognise(load(path), map)
    reading = _Reading(sheet, columns, today)
    reading.read_values()
    reading.read_days()
    reading.read_places(places)
    reading.name_rows()
    reading.merge_duplicates()
    return reading.report()


def load(path: str | Path) -> Sheet:
    """Read a file into rows of cells, whatever its format."""
    if Path(path).suffix.lower() in GEOGRAPHIC:
        from geo.geographic import read_geographic

        return read_geographic(path)
    if Path(path).is_dir():
        raise TableError(f"{path}: this is a folder; name a file in it.")
    return read_sheet(path, known=count_known)


class _Reading:
    """The steps from a sheet to a report, each filling columns and messages."""

    def __init__(self, sheet: Sheet, columns: Columns, today: date | None) -> None:
        self.sheet, self.columns, self.today = sheet, columns, today
        self.size = len(sheet.rows)
        self.data: dict[str, list[Any]] = {}
        self.messages: dict[int, list[str]] = {}
        self.outcome = ["accepted"] * self.size
        self.spots = Spots({})
        headings = [key(heading) for heading in sheet.header]
        for at, row in enumerate(sheet.rows):
            if not any(cell.strip() for cell in row):
                self.outcome[at] = "empty"
            elif sheet.headed and [key(cell) for cell in row] == headings:
                self.outcome[at] = "empty"
                self.messages[at] = ["the header again"]
            elif at in sheet.notes:
                self._warn(at, sheet.notes[at])
        self.schema = columns.schema

    def _warn(self, row: int, text: str) -> None:
        self.messages.setdefault(row, []).append(text)
        if self.outcome[row] == "accepted":
            self.outcome[row] = "warned"

    def _reject(self, row: int, text: str) -> None:
        self.messages.setdefault(row, []).append(text)
        self.outcome[row] = "rejected"

    def _live(self, row: int) -> bool:
        return self.outcome[row] in ("accepted", "warned")

    def _cells(self, name: str) -> list[str]:
        """Cells of the surest column of a field, missing words as ""; all "" where there is no column."""
        headings = self.columns.of(name)
        if not headings:
            return [""] * self.size
        cells = self.sheet.column(headings[0])
        if name in ("title", "description", "quote"):
            return cells
        blank = {cell: "" if days.is_missing(cell) else cell for cell in set(cells)}
        return [blank[cell] for cell in cells]

    def _heading(self, name: str) -> str:
        return (self.columns.of(name) or [name])[0]

    # -- what ---------------------------------------------------------------------------------------

    def read_values(self) -> None:
        """Types, statuses, counts, actors, and what is taken as written."""
        for name in VERBATIM:
            self.data[name] = self._cells(name)
        if headings := self.columns.of("quote"):
            at = self.sheet.header.index(headings[0])
            self.data["quote"] = [row[at] for row in self.sheet.rows]
        if not self.columns.of("document"):
            self.data["document"] = [self.sheet.file] * self.size
        for name in ("actors", "source"):
            several = [self.sheet.column(heading) for heading in self.columns.of(name)]
            self.data[name] = (
                [
                    "; ".join(dict.fromkeys(cell for cell in cells if not days.is_missing(cell)))
                    for cells in zip(*several, strict=True)
                ]
                if several
                else [None] * self.size
            )
        self._read_types()
        statuses = self._cells("status")
        known = {cell: values.read_status(cell) if cell else "reported" for cell in set(statuses)}
        self.data["status"] = [known[cell] or "reported" for cell in statuses]
        for row, cell in enumerate(statuses):
            if known[cell] is None and self._live(row):
                self._warn(
                    row, f'{self._heading("status")}: "{cell}" is not a status known: taken as reported'
                )
        for name in ("killed", "wounded", "start", "end"):
            cells = self._cells(name)
            counts = {cell: values.read_count(cell) for cell in set(cells)}
            self.data[name] = [counts[cell][0] for cell in cells]
            for row, cell in enumerate(cells):
                if counts[cell][1] and self._live(row):
                    self._warn(row, f"{self._heading(name)}: {counts[cell][1]}")

    def _read_types(self) -> None:
        codes = self.schema.types if self.schema else {}
        headings = self.columns.of("type")
        columns = [self.sheet.column(heading) for heading in headings]
        known = {
            c: None if days.is_missing(c) else values.read_type(c, codes)
            for cells in columns
            for c in set(cells)
        }
        told = zip(*columns, strict=True) if columns else ((),) * self.size
        texts = list(zip(self.data["title"], self.data["description"], strict=True))
        self.data["type"] = found = []
        for row, cells in enumerate(told):
            means = next((known[cell] for cell in cells if known[cell]), None)
            if means is None:
                written = next((cell for cell in cells if not days.is_missing(cell)), "")
                means = next((t for text in texts[row] if (t := values.find_type(text))), "other")
                if written and self._live(row):
                    self._warn(row, f'{headings[0]}: "{written}" is not a type known: taken as {means}')
            found.append(means)

    # -- when ---------------------------------------------------------------------------------------

    def read_days(self) -> None:
        """Dates and times, the order of day and month decided by the whole column."""
        order = self.schema.date_order if self.schema else None
        cells = self._date_cells()
        read = days.read_days(cells, order=order, today=self.today)
        ends = days.read_days(self._cells("date_end"), order=order, today=date.max)
        clocks = {
            cell: days.read_time(cell) for name in ("time", "time_end") for cell in set(self._cells(name))
        }
        heading = self._heading("date")
        dates, date_ends, times, time_ends = [], [], [], []
        wide = self.schema.date_precision if self.schema else {}
        codes = self._cells("date_precision")
        for row, (day, end, clock, clock_end, code) in enumerate(
            zip(read, ends, self._cells("time"), self._cells("time_end"), codes, strict=True)
        ):
            when, until = day.date, end.date or day.date_end
            if self._live(row):
                if day.error:
                    self._reject(row, f"{heading}: {day.error}")
                elif not cells[row] and self.data["status"][row] != "planned":
                    self._warn(row, f"{heading}: there is no date")
                elif day.warning and not (self.data["status"][row] == "planned" and "future" in day.warning):
                    self._warn(row, f"{heading}: {day.warning}")
                if end.error or (end.warning and "future" not in end.warning):
                    self._warn(row, f"{self._heading('date_end')}: {end.error or end.warning}")
                for name, cell in (("time", clock), ("time_end", clock_end)):
                    if clocks[cell][2]:
                        self._warn(row, f"{self._heading(name)}: {clocks[cell][2]}: left out")
                if when and until and len(when) == len(until) == 10 and until < when:
                    self._warn(row, f"{self._heading('date_end')}: {until} is before {when}: left out")
                    until = None
            if when and (part := wide.get(code)):
                when = when[:7] if part == "month" else when[:4]
                until = None if part == "month" else until
            dates.append(when)
            date_ends.append(
                until if until != when else until if self.columns.of("date_end") and end.date else None
            )
            times.append(clocks[clock][0] or day.time)
            time_ends.append(clocks[clock_end][0] or clocks[clock][1])
        self.data |= {"date": dates, "date_end": date_ends, "time": times, "time_end": time_ends}

    def _date_cells(self) -> list[str]:
        """Date cells; put together where year, month and day have columns of their own."""
        cells = self._cells("date")
        years, months, numbers = (self._cells(name) for name in ("year", "month", "day"))
        if self.columns.of("date") or not self.columns.of("year"):
            return cells
        joined = []
        for year, month, day in zip(years, months, numbers, strict=True):
            parts = [part.removesuffix(".0") for part in (year, month, day) if part and part.strip("0.")]
            if all(part.isdigit() for part in parts):
                joined.append("-".join(part.zfill(2) for part in parts))
            else:
                joined.append(" ".join(reversed(parts)))
        return joined

    # -- where --------------------------------------------------------------------------------------

    def read_places(self, places: Gazetteer) -> None:
        """Coordinates and names of places, and of origins."""
        wanted = ("place", "place_id", "lat", "lon", "coordinates", "country", "admin1", "admin2", "precision",
                  "radius_km", "located_by", "confidence")  # fmt: skip
        cells = {name: self._cells(name) for name in wanted if self.columns.of(name)}
        live = np.array([self._live(row) for row in range(self.size)], dtype=bool)
        codes = self.schema.precision if self.schema else {}
        spots = locate_rows(cells, places, codes, live=live)
        self.spots = spots
        self.data |= spots.columns
        for row, texts in spots.warnings.items():
            for text in texts:
                self._warn(row, f"{self._where()}: {text}")
        for row, texts in spots.errors.items():
            self._reject(row, f"{self._where()}: {'; '.join(texts)}")
        self._read_origins(places)

    def _where(self) -> str:
        headings = [h for name in ("place", "lat", "lon", "coordinates") for h in self.columns.of(name)]
        return ", ".join(headings) or "place"

    def _read_origins(self, places: Gazetteer) -> None:
        names = self._cells("origin")
        self.data |= {"origin": names, "origin_id": [None] * self.size}
        self.data |= {"origin_lat": [None] * self.size, "origin_lon": [None] * self.size}
        fields = ("origin", "origin_id", "origin_lat", "origin_lon")
        if not any(self.columns.of(name) for name in fields):
            return
        cells = {
            name.removeprefix("origin_").replace("origin", "place"): self._cells(name) for name in fields
        }
        cells["place_id"] = cells.pop("id")
        some = [any(column[row] for column in cells.values()) for row in range(self.size)]
        live = np.array([self._live(row) and some[row] for row in range(self.size)], dtype=bool)
        if "origin_id" in set(self.columns.fields.values()) and self.columns.name == "dateline":
            # A frame written out: an origin without id and coordinates was not resolved, and stays so.
            bare = [not (cells["place_id"][r] or cells["lat"][r]) for r in range(self.size)]
            cells["located_by"] = [
                "none" if b and self._cells("located_by")[r] else "" for r, b in enumerate(bare)
            ]
        spots = locate_rows(cells, places, {}, live=live)
        self.data |= {"origin_lat": spots.columns["lat"], "origin_lon": spots.columns["lon"]}
        self.data["origin_id"] = spots.columns["place_id"]
        for messages in (spots.warnings, spots.errors):
            for row, texts in messages.items():
                told = [text for text in texts if not text.startswith("located_by")]
                if told:
                    self._warn(row, f"{self._heading('origin')}: {'; '.join(told)}")

    # -- which --------------------------------------------------------------------------------------

    def name_rows(self) -> None:
        """Give every row an id: its own, or one made from what it says, the same at every reading."""
        self.given = self._cells("id")
        self.data["id"] = [
            given or f"row-{_digest(self._content(row))}" for row, given in enumerate(self.given)
        ]

    def _content(self, row: int) -> tuple[str, ...]:
        """What a row tells of the incident; who tells it left aside."""
        names = ("type", "date", "date_end", "time", "place", "lat", "lon", "killed", "wounded", "title", "description",
                 "quote", "actors")  # fmt: skip
        return tuple(_same(self.data[name][row]) for name in names)

    def merge_duplicates(self) -> None:
        """Merge rows that tell the same again, keeping all their sources; tell apart different rows of one id."""
        first_of: dict[tuple[str, ...], int] = {}
        owner: dict[str, int] = {}
        for row in range(self.size):
            if not self._live(row):
                continue
            content = self._content(row)
            ident = self.data["id"][row]
            first = first_of.get(content)
            if first is not None and (
                self.data["id"][first] == ident or not (self.given[row] and self.given[first])
            ):
                self._merge(row, first)
                continue
            if ident in owner:
                if self._nearly(row, owner[ident]):
                    self._merge(row, owner[ident])
                    continue
                fresh = f"{ident}-{_digest(content)}"
                self._warn(
                    row,
                    f'{self._heading("id")}: "{ident}" is the id of row {owner[ident] + 1} too, which differs: '
                    f"imported as {fresh}",
                )
                self.data["id"][row] = ident = fresh
            elif first is not None and any(content[9:12]):
                self._warn(row, f"tells the same as row {first + 1} under another id: both are kept")
            owner[ident] = row
            first_of.setdefault(content, row)

    def _nearly(self, row: int, other: int) -> bool:
        """Whether two rows of one id agree on what, when and where; text may have been edited."""
        one, two = self._content(row), self._content(other)
        return one[:2] == two[:2] and one[4:7] == two[4:7]

    def _merge(self, row: int, into: int) -> None:
        for name in ("source", "url"):
            seen = [part for r in (into, row) for part in (self.data[name][r] or "").split("; ") if part]
            self.data[name][into] = "; ".join(dict.fromkeys(seen)) or None
        for name in COLUMNS:
            if name in self.data and self.data[name][into] in (None, ""):
                self.data[name][into] = self.data[name][row]
        self.messages.setdefault(row, []).append(f"the same as row {into + 1}: merged into it, sources kept")
        self.outcome[row] = "duplicate"

    # -- report -------------------------------------------------------------------------------------

    def report(self) -> TableReport:
        """Put the frame and the row reports together."""
        kept = [row for row in range(self.size) if self._live(row)]
        frame = build_frame(
            {name: [self.data[name][row] for row in kept] for name in COLUMNS if name in self.data}
        )
        incidents = dict(zip(kept, records(frame), strict=True))
        rows = [
            RowReport(
                row=row + 1,
                line=line,
                outcome=self.outcome[row],
                messages=self.messages.get(row, []),
                candidates=[
                    {"id": c.place.id, "name": c.place.label, "lat": c.place.lat, "lon": c.place.lon}
                    for c in self.spots.candidates.get(row, ())
                ] if self._live(row) else [],
                incident=incidents.get(row),
            )
            for row, line in enumerate(self.sheet.lines)
        ]  # fmt: skip
        fields = self.columns.fields
        return TableReport(
            file=self.sheet.file,
            encoding=self.sheet.encoding,
            delimiter=self.sheet.delimiter,
            schema=self.columns.name,
            mapping={heading: fields[heading] for heading in self.sheet.header if heading in fields},
            rows=rows,
            incidents=frame,
            sheet=self.sheet,
        )


def _same(value: Any) -> str:
    """A value as compared for duplicates: blanks and case aside, coordinates to some 10 m."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return re.sub(r"\s+", " ", str(value)).strip().casefold()


def _digest(content: Sequence[str]) -> str:
    return hashlib.blake2s("\x1f".join(content).encode("utf-8", "replace"), digest_size=5).hexdigest()
