"""When the rows of a table happened: days and times, in the way the whole column has of writing them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np

from geo.factors import Array, Column, Labels, together
from geo.tables.clocks import read_time
from geo.tables.columns import Columns
from geo.tables.days import Calendar
from geo.tables.rows import Rows


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
    begin, stop = calendar["date"], calendar["date_end"]
    days, last_days = _numbers(begin, cells), _numbers(stop, ends)
    planned = Column.coded(*_encoded(rows.data["status"])).flags(lambda status: status == "planned")
    when, until = Labels(rows.size), Labels(rows.size)
    everywhere = np.arange(rows.size)
    when.spread(everywhere, days, begin.dates)
    until.spread(everywhere, days, begin.ends)
    stated = np.array([date is not None for date in stop.dates], bool)[last_days]
    until.spread(stated, last_days[stated], stop.dates)
    for row in rows.living(_among(days, {at for at, day in begin.odd.items() if day.error})):
        rows.reject(row, f"{rows.heading('date')}: {begin.days[days[row]].error}")
    _warn_of_days(rows, "date", begin, days, unless=planned)
    for row in rows.living(~cells.filled & ~planned):
        rows.warn(row, f"{rows.heading('date')}: there is no date")
    _warn_of_days(rows, "date_end", stop, last_days)
    first = np.array(begin.whole, np.int64)[days]
    last = np.where(
        stated, np.array(stop.whole, np.int64)[last_days], np.array(begin.whole_ends, np.int64)[days]
    )
    before = (first > 0) & (last > 0) & (last < first)
    if before.any():
        for row in rows.living(before):
            text = f"{until.values[until.codes[row]]} is before {when.values[when.codes[row]]}"
            rows.warn(row, f"{rows.heading('date_end')}: {text}: left out")
        until.put(before, None)
        last[before] = 0
    _widen(rows, when, until, (until.codes == 0) | (first == last))
    rows.data |= {"date": when.column(), "date_end": until.column()}
    _read_times(rows, days, begin.times)


def _numbers(calendar: Calendar, cells: Column) -> Array:
    """Give the position of each cell's day among those of a calendar."""
    return np.asarray(calendar.number(cells.values)[cells.codes])


def _among(numbers: Array, some: Collection[int]) -> Array:
    return np.isin(numbers, list(some)) if some else np.zeros(len(numbers), bool)


def _encoded(column: Column | Array) -> tuple[Array, Sequence[str | None]]:
    column = column if isinstance(column, Column) else Column.of(column)
    return column.codes, column.values


def _warn_of_days(
    rows: Rows, name: str, calendar: Calendar, days: Array, unless: Array | None = None
) -> None:
    """Say what is odd about days; that those of plans are to come is not."""
    said = {at: day.error or day.warning for at, day in calendar.odd.items()}
    if name == "date_end":
        said = {at: text for at, text in said.items() if "future" not in text}
    odd = _among(days, said)
    if unless is not None:
        odd &= ~(unless & _among(days, {at for at, text in said.items() if "future" in text}))
    for row in rows.living(odd):
        rows.warn(row, f"{rows.heading(name)}: {said[int(days[row])]}")


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


def _read_times(rows: Rows, days: Array, times: Sequence[str | None]) -> None:
    """Read times of day; a time in its own column goes before one that stands with the date."""
    starts, stops = rows.cells("time"), rows.cells("time_end")
    begin, end = Labels(rows.size), Labels(rows.size)
    begin.spread(np.arange(rows.size), days, times)
    for name, column in (("time", starts), ("time_end", stops)):
        if not column.filled.any():
            continue
        read = {cell: read_time(cell) for cell in column.values}
        told = [read[cell] for cell in column.values]
        known = np.array([bool(one) for one, _, _ in told], bool)[column.codes]
        (begin if name == "time" else end).spread(known, column.codes[known], [one for one, _, _ in told])
        if name == "time":
            spans = np.array([bool(two) for _, two, _ in told], bool)[column.codes]
            end.spread(spans, column.codes[spans], [two for _, two, _ in told])
        for row in rows.living(column.among({cell for cell, (_, _, why) in read.items() if why})):
            rows.warn(row, f"{rows.heading(name)}: {read[column[row]][2]}: left out")
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
