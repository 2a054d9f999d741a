"""Turn time expressions into ISO 8601 (EDTF) dates and clock times.

What nothing states is not guessed: without a day of publication "on Tuesday" has no date, and "August 23"
is ``XXXX-08-23``.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.events.expressions import Expression, grammar, index_of

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class When:
    """What one or more expressions say: dates and times, each None where not stated.

    Attributes
    ----------
    date, date_end : str or None
        ISO 8601, or EDTF where only part is known (``2023-08``, ``XXXX-08-23``).
    time, time_end : str or None
        ``HH:MM``, local.
    approx : bool
        Whether the source said "about".
    tense : str
        ``past``, ``background`` (long before, or a habit) or ``future``.
    """

    date: str | None = None
    date_end: str | None = None
    time: str | None = None
    time_end: str | None = None
    approx: bool = False
    tense: str = "past"


def to_date(value: str | None) -> date | None:
    """Return the day an ISO 8601 string names; None for None and for a date known in part."""
    try:
        return date.fromisoformat(value[:10]) if value and len(value) >= 10 else None
    except ValueError:
        return None


def shift(value: str | None, days: int) -> str | None:
    """Move an ISO 8601 day by so many days; a day known in part moves only within its month."""
    day = to_date(value)
    if day is not None:
        return (day + timedelta(days)).isoformat()
    if value and (m := re.fullmatch(r"XXXX-(\d\d)-(\d\d)", value)) and 1 <= int(m[2]) + days <= 28:
        return f"XXXX-{m[1]}-{int(m[2]) + days:02d}"
    return value if not days else None


class _Reader:
    """Reads one expression against the day of publication and the date told before it."""

    def __init__(self, published: date | None, previous: str | None, *, future: bool) -> None:
        self.published = published
        self.previous = previous
        self.future = future
        self.numbers, self.days = grammar()[1:]

    def number(self, word: str) -> int:
        return int(word) if word.isdigit() else self.numbers[word.lower()]

    def on(self, month: int, day: int, year: str | None) -> str | None:
        """Return month and day in the year stated, else in the year nearest before (or after) publication."""
        if year:
            years = [int(year)]
        elif self.published is None:
            return f"XXXX-{month:02d}-{day:02d}" if day <= calendar.monthrange(2024, month)[1] else None
        else:
            here = self.published.year
            years = [here, here + 1, here - 1] if self.future else [here, here - 1, here + 1]
        for y in years:
            if day > calendar.monthrange(y, month)[1]:
                continue
            value = date(y, month, day)
            gap = (value - self.published).days if self.published and not year else 0
            # A day or two of slack: publication dates are often a time zone behind the event.
            if (gap >= -2 and gap < 300) if self.future else (gap <= 2):
                return value.isoformat()
        return None

    def weekday(self, name: str, which: str = "") -> date | None:
        """Return the latest such day up to publication, or the next one after it."""
        if self.published is None:
            return None
        ahead = (index_of("weekday")[name.lower()] - self.published.weekday()) % 7
        which = which.lower()
        if which in {"next", "coming", "this coming"} or (self.future and which not in {"last", "previous"}):
            return self.published + timedelta(ahead or 7)
        if which == "the following" and to_date(self.previous):
            base = to_date(self.previous) or self.published
            return base + timedelta((index_of("weekday")[name.lower()] - base.weekday()) % 7 or 7)
        back = (7 - ahead) % 7
        return self.published - timedelta(7 if which in {"last", "previous"} and not back else back)

    def clock(self, p: dict[str, str], n: str) -> str | None:
        if word := p.get("word" + n):
            return "00:00" if word.lower() == "midnight" else "12:00"
        if spoken := p.get("spoken" + n):  # "two in the afternoon"
            hour = (int(spoken) if spoken.isdigit() else _HOURS.index(spoken.lower()) + 1) % 12
            return f"{hour + (12 if p['part' + n].lower() != 'morning' else 0):02d}:00"
        if "h" + n not in p:
            return None
        hour = int(p["h" + n])
        minute = int(next((p[k] for k in (f"m{n}", f"m{n}_", f"m{n}__") if k in p), "0"))
        half = next((p[k] for k in (f"ap{n}", f"ap{n}_", f"ap{n}__") if k in p), "").lower()
        if half and hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        return f"{hour:02d}:{minute:02d}"

    # One method for each `means` of dates.toml.

    def calendar(self, p: dict[str, str]) -> When:
        month = int(p["mm"]) if "mm" in p else index_of("month")[p["mon"].lower()]
        day = int(p["d"])
        if month > 12:  # 08/23/2023: the month comes first
            month, day = day, month
        if not 1 <= month <= 12:
            return When()
        return self._dated(self.on(month, day, p.get("y")))

    def calendar_range(self, p: dict[str, str]) -> When:
        month = index_of("month")[p["mon"].lower()]
        month2 = index_of("month")[p.get("mon2", p["mon"]).lower()]
        first, last = self.on(month, int(p["d"]), p.get("y")), self.on(month2, int(p["d2"]), p.get("y"))
        return self._dated(first, last if last and first and last > first else None)

    def night(self, p: dict[str, str]) -> When:
        return self._dated(self._named(p))

    def night_from(self, p: dict[str, str]) -> When:
        first = self._named(p)
        return self._dated(first, shift(first, 1))

    def _named(self, p: dict[str, str]) -> str | None:
        if "wd" in p:
            day = self.weekday(p["wd"])
            return day.isoformat() if day else None
        return self.on(index_of("month")[p["mon"].lower()], int(p["d"]), p.get("y"))

    def month(self, p: dict[str, str]) -> When:
        month = index_of("month")[p["mon"].lower()]
        value = self.on(month, 1, p.get("y"))
        if value is None:
            return When()
        last = to_date(value)
        tense = self._dated(last.replace(day=28).isoformat()).tense if last else "past"
        return When(date=value[:7], tense=tense)

    def year(self, p: dict[str, str]) -> When:
        tense = "background" if not self.published or int(p["y"]) != self.published.year else "past"
        return When(date=p["y"], tense=tense)

    def weekday_(self, p: dict[str, str]) -> When:
        day = self.weekday(p["wd"], p.get("which", ""))
        return self._dated(day.isoformat() if day else None)

    def weekday_range(self, p: dict[str, str]) -> When:
        last = self.weekday(p["wd2"])
        if last is None:
            return When()
        gap = (index_of("weekday")[p["wd2"].lower()] - index_of("weekday")[p["wd"].lower()]) % 7
        return self._dated((last - timedelta(gap)).isoformat(), last.isoformat())

    def offset(self, p: dict[str, str]) -> When:
        if self.published is None:
            return When()
        return self._dated((self.published + timedelta(int(p["offset"]))).isoformat())

    def overnight(self, p: dict[str, str]) -> When:  # noqa: ARG002 - one signature for all rules
        if self.published is None:
            return When()
        # The night that ended on the day of publication began the day before.
        return self._dated((self.published - timedelta(1)).isoformat(), self.published.isoformat())

    def period(self, p: dict[str, str]) -> When:
        if self.published is None:
            return When()
        which, unit, today = p["which"].lower(), p["unit"].lower(), self.published
        step = (
            -1
            if which in {"last", "previous", "past", "the past", "this past"}
            else which in {"next", "coming"}
        )
        if unit == "year":
            return When(
                date=str(today.year + step), tense="future" if step > 0 else "background" if step else "past"
            )
        if unit == "month":
            months = today.year * 12 + today.month - 1 + step
            return When(
                date=f"{months // 12:04d}-{months % 12 + 1:02d}",
                tense="future" if step > 0 else "background" if step else "past",
            )
        monday = today - timedelta(today.weekday())
        if unit == "weekend":
            # "last weekend" and "over the weekend" are the latest one that has begun.
            first = monday + timedelta(
                5 if today.weekday() >= 5 and step == 0 else 5 + 7 * step if step else -2
            )
            return self._dated(first.isoformat(), (first + timedelta(1)).isoformat())
        first = monday + timedelta(7 * step)
        last = min(first + timedelta(6), today) if step <= 0 else first + timedelta(6)
        return self._dated(first.isoformat(), last.isoformat())

    def ago(self, p: dict[str, str]) -> When:
        if "vague" in p or self.published is None:
            return When(tense="past" if p["unit"].lower() in {"day", "night"} else "background")
        days = self.number(p["n"]) * self.days[p["unit"].lower()]
        value = (self.published - timedelta(days)).isoformat()
        if p["unit"].lower() in {"month", "year", "decade"}:
            return When(date=value[: 7 if p["unit"].lower() == "month" else 4], tense="background")
        return self._dated(value)

    def narrative(self, p: dict[str, str]) -> When:
        return self._dated(shift(self.previous, int(p["offset"])))

    def part_of_day(self, p: dict[str, str]) -> When:  # noqa: ARG002
        return self._dated(self.previous or (self.published.isoformat() if self.published else None))

    def narrative_ago(self, p: dict[str, str]) -> When:
        unit = p["unit"].lower()
        days = self.number(p["n"]) * self.days[unit]
        if unit in {"month", "year"}:
            return When(tense="background")
        return self._dated(
            shift(self.previous, -days if p["dir"].lower() in {"earlier", "before", "previously"} else days)
        )

    def clock_(self, p: dict[str, str]) -> When:
        if p.get("approx", "").lower() == "before":
            return When()  # "before noon" is no time of its own
        return When(time=self.clock(p, "1"), approx="approx" in p)

    def clock_range(self, p: dict[str, str]) -> When:
        return When(time=self.clock(p, "1"), time_end=self.clock(p, "2"), approx="approx" in p)

    def until(self, p: dict[str, str]) -> When:
        ahead = _Reader(self.published, self.previous, future=True)
        return When(date_end=ahead._named(p))

    def background(self, p: dict[str, str]) -> When:  # noqa: ARG002
        return When(tense="background")

    def future_(self, p: dict[str, str]) -> When:  # noqa: ARG002
        return When(tense="future")

    def _dated(self, first: str | None, last: str | None = None) -> When:
        """Return the dates, with the tense that publication gives them."""
        tense, day = "past", to_date(first)
        if day and self.published:
            gap = (day - self.published).days
            tense = "future" if gap > 2 else "background" if gap < -BACKGROUND_DAYS else "past"
        return When(date=first, date_end=last, tense=tense)


#: An event dated further back than this from publication is history, not news (days).
BACKGROUND_DAYS = 75


def resolve_time(
    expression: Expression, *, published: str | None = None, previous: str | None = None, future: bool = False
) -> When:
    """Turn one expression into dates and times.

    Parameters
    ----------
    expression : Expression
    published : str, optional
        ISO 8601 day of publication. A bare weekday is the latest such day up to and with it.
    previous : str, optional
        Date of what was told before, for "later that day".
    future : bool
        Whether the clause speaks of the future: a bare weekday is then the next such day.

    Returns
    -------
    When
        Empty where nothing follows.
    """
    reader = _Reader(to_date(published), previous, future=future)
    name = expression.means
    if name == "length":
        return When()
    methods: dict[str, Callable[[dict[str, str]], When]] = {
        "weekday": reader.weekday_, "clock": reader.clock_, "future": reader.future_,
    }  # fmt: skip
    rule: Any = methods.get(name) or getattr(reader, name)
    try:
        result: When = rule(dict(expression.parts))
    except (ValueError, OverflowError):  # a day or year that no calendar has
        return When()
    return result
