"""When the rows of a table happened: days and times, in the way the whole column has of writing them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from geo.factors import Array, Column, Labels, together
from geo.tables.clocks import read_time
from geo.tables.columns import Columns
from geo.tables.dates import Day
from geo.tables.days import Calendar
from geo.tables.rows import Rows

DAY = re.compile(r"\d{4}-\d\d-\d\d")


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
    first, last = _whole_days(when), _whole_days(until)
    before = (first > 0) & (last > 0) & (last < first)
    if before.any():
        for row in rows.living(before):
            text = f"{until.values[until.codes[row]]} is before {when.values[when.codes[row]]}"
            rows.warn(row, f"{rows.heading('date_end')}: {text}: left out")
        until.put(before, None)
        last[before] = 0
    _widen(rows, when, until, (until.codes == 0) | (first == last))
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


def _widen(rows: Rows, when: Labels, until: Labels, one: Array) -> None:
    """Keep only month or year of days that the table says are known no closer, where it gives one day."""
    wide = rows.schema.date_precision if rows.schema else {}
    codes = rows.cells("date_precision")
    for number, code in enumerate(codes.values):
        if part := wide.get(code):
            at = (codes.codes == number) & one
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
