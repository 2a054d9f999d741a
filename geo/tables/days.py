"""A column of dates: all its cells decide the order of day and month, and whether midnight is a time.

What the cells tell of that is a `Habit`; the habits of parts of a column add up to that of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from geo.factors import Array
from geo.tables.dates import Day, read_day
from geo.tables.words import plain

#: Times of days that a program wrote as moments.
MIDNIGHT = frozenset({None, "00:00", "00:00Z"})
#: Days that programs write for an empty one: day 1 of Unix and of Excel.
DEFAULTS = frozenset({"1970-01-01", "1900-01-01"})


@dataclass(frozen=True, slots=True)
class Habit:
    """How a column writes its dates.

    Attributes
    ----------
    orders : frozenset of (str, str)
        Separator and order of each date that fits one order only: ``("/", "mdy")`` for 8/23/2023.
    timed : bool
        Whether any cell tells a time other than midnight.
    """

    orders: frozenset[tuple[str, str]] = frozenset()
    timed: bool = False

    def __or__(self, other: Habit) -> Habit:
        return Habit(self.orders | other.orders, self.timed or other.timed)

    def order(self, separator: str, stated: str | None) -> str | None:
        """Choose the order of a date with this separator; None where it stays open.

        Whoever writes 8/23 may well write 23.08: each separator has its own habit. It wins over the order
        that the schema states, since tables are saved again by programs with habits of their own.
        """
        own = {order for mark, order in self.orders if mark == separator}
        if not own and stated:
            return stated
        if not own:
            own = {"dmy"} if separator == "." else {order for _, order in self.orders}
        return next(iter(own)) if len(own) == 1 else None


def habit_of(known: Mapping[str, Day]) -> Habit:
    """Tell the habit of cells, by what each of them says on its own."""
    orders = {(_separator(cell), proof) for cell, day in known.items() if (proof := _certain(day))}
    return Habit(frozenset(orders), any(day.time not in MIDNIGHT for day in known.values()))


class Calendar:
    """Reads the cells of one column of dates, part by part; each different cell once.

    Parameters
    ----------
    order : {"dmy", "mdy"} or None
        The order of ``03/04/2023``, where the schema says it and no cell proves another. None lets the
        column decide: if some cells fit one order only and none the other alone, that order is taken for
        all. Dots mean day first.
    today : datetime.date, optional
        A later date is warned about.
    habit : Habit
        Of the whole column.

    Attributes
    ----------
    days : list of Day
        What each different cell says.
    dates, ends, times : list of str or None
        What these days have, without midnights where the column has no other time.
    whole, whole_ends : list of int
        First and last days of those that are known to the day, as numbers that sort; 0 for all others.
    odd : dict of int to Day
        Those with an error or a warning, by their position.
    """

    #: So many different cells are remembered.
    MOST = 100_000

    def __init__(
        self, order: str | None = None, today: date | None = None, habit: Habit | None = None
    ) -> None:
        self.order, today = order, today or date.today()
        # A day of grace: it may be tomorrow already where it happened.
        self.last = (today + timedelta(days=1)).isoformat() if today < date.max else ""
        self.habit = habit or Habit()
        self.seen = Habit()
        self._learnt: set[str] = set()
        self._forget()

    def _forget(self) -> None:
        self._last: object = None
        self._found = np.zeros(0, np.int32)
        self._numbers: dict[str, int] = {}
        self.days: list[Day] = []
        self.dates: list[str | None] = []
        self.ends: list[str | None] = []
        self.times: list[str | None] = []
        self.whole: list[int] = []
        self.whole_ends: list[int] = []
        self.odd: dict[int, Day] = {}

    def learn(self, cells: Sequence[str]) -> None:
        """Take note in `seen` of the habit of cells."""
        if len(self._learnt) > self.MOST:
            self._learnt.clear()
        if cells is self._last or self._learnt.issuperset(cells):
            return
        fresh = [cell for cell in cells if cell not in self._learnt]
        self._learnt.update(fresh)
        self.seen |= habit_of({cell: read_day(cell) for cell in fresh})

    def read(self, cells: Sequence[str]) -> list[Day]:
        """Read cells; a date whose order stays open has only its year, and a warning with both readings."""
        found = self.number(cells).tolist()
        return [replace(self.days[number], time=self.times[number]) for number in found]

    def number(self, cells: Sequence[str]) -> Array:
        """Read cells; give the position of each one's day in `days`, until it is asked for others."""
        if cells is self._last:  # what a column has in one part it mostly has in the next
            return self._found
        numbers = self._numbers
        if len(numbers) > self.MOST:
            self._forget()
            numbers = self._numbers
        if not all(map(numbers.__contains__, cells)):
            for cell in cells:
                if cell not in numbers:
                    numbers[cell] = len(numbers)
                    self._keep(_judge(_settle(cell, read_day(cell), self.order, self.habit), self.last))
        self._last, self._found = cells, np.fromiter(map(numbers.__getitem__, cells), np.int32, len(cells))
        return self._found

    def _keep(self, day: Day) -> None:
        if day.error or day.warning:
            self.odd[len(self.days)] = day
        self.days.append(day)
        self.dates.append(day.date)
        self.ends.append(day.date_end)
        # Every day at midnight: a program's way of writing days, not a time.
        self.times.append(day.time if self.habit.timed else None)
        self.whole.append(_whole(day.date))
        self.whole_ends.append(_whole(day.date_end))


def _whole(day: str | None) -> int:
    if not day or len(day) != len("2023-08-23"):
        return 0
    figures = day.replace("-", "")
    return int(figures) if figures.isdigit() else 0


def read_days(cells: Sequence[str], *, order: str | None = None, today: date | None = None) -> list[Day]:
    """Read a whole column of dates; see `Calendar`."""
    habit = habit_of({cell: read_day(cell) for cell in set(cells)})
    return Calendar(order, today, habit).read(cells)


def _certain(day: Day) -> str | None:
    """Tell the order that a cell proves, if it does."""
    if day.options is None or (day.options[0] is None) == (day.options[1] is None):
        return None
    return "dmy" if day.options[0] else "mdy"


def _separator(cell: str) -> str:
    text = plain(cell)
    found = re.search(r"\d([./ -])\d\d?\1\d", text) or re.search(r"\d([./ -])\d", text)
    return found[1] if found else " "


def _settle(cell: str, day: Day, order: str | None, habit: Habit) -> Day:
    """Choose between the two readings of a date, if that can be done."""
    if day.options is None:
        return day
    dmy, mdy = day.options
    if dmy is None and mdy is None:
        return replace(day, time=None, error=f'"{cell}" is no day of the calendar')
    last = day.last_options or (None, None)
    if dmy is None or mdy is None or (dmy, last[0]) == (mdy, last[1]):
        return _chosen(day, "dmy" if dmy else "mdy")
    if order := habit.order(_separator(cell), order):
        return _chosen(day, order)
    why = "the column has both orders" if habit.orders else "nothing in the column tells the order"
    return replace(
        day,
        date=dmy[:4] if dmy[:4] == mdy[:4] else None,
        warning=f'"{cell}" is {dmy} or {mdy} ({why}): only its year is kept',
    )


def _chosen(day: Day, order: str) -> Day:
    """Take one of the two readings of a day, or of both ends of a span."""
    which = ("dmy", "mdy").index(order)
    first, last = (options[which] if options else None for options in (day.options, day.last_options))
    return replace(day, date=first, date_end=last if last != first else None)


def _judge(day: Day, last: str) -> Day:
    """Warn of days to come, and of days that stand for none."""
    if day.warning or day.date is None or not _whole(day.date):
        return day
    if day.date in DEFAULTS:
        return replace(day, warning=f"{day.date} is what programs write for an empty date")
    return replace(day, warning=f"{day.date} is in the future") if last and day.date > last else day
