"""Find what a text says about when, and turn it into ISO 8601 (EDTF) dates and clock times.

The grammar is data (``geo/data/dates.toml``): patterns, each naming the rule here that reads its match.
What nothing states is not guessed: without a day of publication "on Tuesday" has no date, and "August 23"
is ``XXXX-08-23``.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression as it stands in the text, not yet resolved.

    Attributes
    ----------
    start, end : int
        Code points in the text searched, end exclusive.
    text : str
    means : str
        The rule of ``dates.toml`` that reads it.
    parts : tuple[tuple[str, str], ...]
        The named groups that matched.
    """

    start: int
    end: int
    text: str
    means: str
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def is_clock(self) -> bool:
        """Whether it gives a time of day only."""
        return self.means in {"clock", "clock_range"}

    @property
    def is_length(self) -> bool:
        """Whether it gives how long, or until when, only."""
        return self.means in {"length", "until"}

    @property
    def is_day(self) -> bool:
        """Whether it can date an event to a day or a stretch of days."""
        return not (self.is_clock or self.is_length or self.means in {"background", "future", "year"})


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


@cache
def _grammar() -> tuple[list[tuple[str, int, re.Pattern[str]]], dict[str, int], dict[str, int]]:
    """Compile ``dates.toml``: rules in order, words to numbers, units to days."""
    table = tomllib.loads(resources.files("geo").joinpath("data/dates.toml").read_text("utf-8"))
    words, numbers = table["words"], table["numbers"]

    def either(items: list[str]) -> str:
        return "|".join(sorted((w for item in items for w in item.split("|")), key=len, reverse=True))

    clock = (
        r"(?:(?<![\d.,:/-])(?P<hN>[01]?\d|2[0-3])(?:[:h](?P<mN>[0-5]\d)(?!\d|:\d\d\d)(?:\s*(?P<apN>[ap]\.?m\b\.?))?"
        r"|\.(?P<mN_>[0-5]\d)\s*(?P<apN_>[ap]\.?m\b\.?)|\s*(?P<apN__>[ap]\.?m\b\.?)"
        r"|(?P<mN__>[0-5]\d)\s*(?=hours\b|hrs\b|GMT\b|UTC\b|local time\b))|(?P<wordN>noon|midday|midnight)\b)"
        r"(?:\s*(?:local time|GMT|UTC|hours|hrs))?"
    )
    macros = {
        "month": rf"\b(?P<mon>{either(words['month'])})",
        "month2": rf"\b(?P<mon2>{either(words['month'])})",
        "weekday": rf"\b(?P<wd>{either(words['weekday'])})\b",
        "weekday2": rf"\b(?P<wd2>{either(words['weekday'])})\b",
        "part": rf"(?P<part>{either(words['part'])})",
        "day": r"\b(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?",
        "day2": r"(?P<d2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?",
        "year": r"(?P<y>(?:19|20)\d\d)",
        "number": rf"\b(?P<n>\d{{1,3}}|{'|'.join(sorted(numbers, key=len, reverse=True))})\b",
        "clock": clock.replace("N", "1"),
        "clock2": clock.replace("N", "2"),
        "sep": r"(?:-|–|—|to|and|until|till|through)",
    }
    rules = []
    for rule in table["rule"]:
        for pattern in rule["patterns"]:
            filled = re.sub(r"\{(\w+)\}", lambda m: macros.get(m[1], m[0]), pattern)
            if filled.count("(?P<n>") > 1:  # a pattern may say {number} in several branches
                head, _, tail = filled.partition("(?P<n>")
                filled = head + "(?P<n>" + tail.replace("(?P<n>", "(?:")
            prefix = r"(?<![\w])" if filled[0] != "^" else ""
            flags = re.MULTILINE | (0 if "BREAKING" in filled or filled[0] == "^" else re.IGNORECASE)
            rules.append((rule["means"], rule.get("offset", 0), re.compile(prefix + filled, flags)))
    return rules, numbers, table["days"]


@cache
def _index(kind: str) -> dict[str, int]:
    """Month or weekday name, lower case, to its number (months from 1, weekdays from 0)."""
    table = tomllib.loads(resources.files("geo").joinpath("data/dates.toml").read_text("utf-8"))
    first = 1 if kind == "month" else 0
    return {w.lower(): i + first for i, item in enumerate(table["words"][kind]) for w in item.split("|")}


def _is_name(match: re.Match[str]) -> bool:
    """Whether month or weekday words are written as names: "may" and "march" are also verbs."""
    return all(match[g][:1].isupper() for g in ("mon", "mon2", "wd", "wd2") if match.groupdict().get(g))


def find_times(text: str) -> list[Expression]:
    """Find time expressions, longest first, none overlapping.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Expression
        In the order of the text.
    """
    found: list[Expression] = []
    for means, offset, pattern in _grammar()[0]:
        for m in pattern.finditer(text):
            if _is_name(m):
                parts = [(k, v) for k, v in m.groupdict().items() if v is not None]
                lead = len(m[0]) - len(m[0].lstrip())
                found.append(
                    Expression(
                        m.start() + lead, m.end(), m[0].strip(), means, (*parts, ("offset", str(offset)))
                    )
                )
    found.sort(key=lambda e: (e.start - e.end, e.start))
    kept: list[Expression] = []
    for e in found:
        if all(e.end <= k.start or e.start >= k.end for k in kept):
            kept.append(e)
    return sorted(kept, key=lambda e: e.start)


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
        self.numbers, self.days = _grammar()[1:]

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
        ahead = (_index("weekday")[name.lower()] - self.published.weekday()) % 7
        which = which.lower()
        if which in {"next", "coming", "this coming"} or (self.future and which not in {"last", "previous"}):
            return self.published + timedelta(ahead or 7)
        if which == "the following" and to_date(self.previous):
            base = to_date(self.previous) or self.published
            return base + timedelta((_index("weekday")[name.lower()] - base.weekday()) % 7 or 7)
        back = (7 - ahead) % 7
        return self.published - timedelta(7 if which in {"last", "previous"} and not back else back)

    def clock(self, p: dict[str, str], n: str) -> str | None:
        if word := p.get("word" + n):
            return "00:00" if word.lower() == "midnight" else "12:00"
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
        month = int(p["mm"]) if "mm" in p else _index("month")[p["mon"].lower()]
        day = int(p["d"])
        if month > 12:  # 08/23/2023: the month comes first
            month, day = day, month
        if not 1 <= month <= 12:
            return When()
        return self._dated(self.on(month, day, p.get("y")))

    def calendar_range(self, p: dict[str, str]) -> When:
        month = _index("month")[p["mon"].lower()]
        month2 = _index("month")[p.get("mon2", p["mon"]).lower()]
        first, last = self.on(month, int(p["d"]), p.get("y")), self.on(month2, int(p["d2"]), p.get("y"))
        return self._dated(first, last if last and first and last > first else None)

    def night(self, p: dict[str, str]) -> When:
        last = self._named(p)
        return self._dated(shift(last, -1), last)

    def night_from(self, p: dict[str, str]) -> When:
        first = self._named(p)
        return self._dated(first, shift(first, 1))

    def _named(self, p: dict[str, str]) -> str | None:
        if "wd" in p:
            day = self.weekday(p["wd"])
            return day.isoformat() if day else None
        return self.on(_index("month")[p["mon"].lower()], int(p["d"]), p.get("y"))

    def month(self, p: dict[str, str]) -> When:
        month = _index("month")[p["mon"].lower()]
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
        gap = (_index("weekday")[p["wd2"].lower()] - _index("weekday")[p["wd"].lower()]) % 7
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

    def narrative_ago(self, p: dict[str, str]) -> When:
        unit = p["unit"].lower()
        days = self.number(p["n"]) * self.days[unit]
        if unit in {"month", "year"}:
            return When(tense="background")
        return self._dated(shift(self.previous, -days if p["dir"].lower() in {"earlier", "before"} else days))

    def clock_(self, p: dict[str, str]) -> When:
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


def length_in_days(expression: Expression) -> int | None:
    """Return how many days "for three days" covers or "three days after" lies; None for other expressions."""
    if expression.means not in {"length", "narrative_ago"}:
        return None
    p = dict(expression.parts)
    word = p["n"].lower()
    numbers, days = _grammar()[1:]
    return (int(word) if word.isdigit() else numbers[word]) * days[p["unit"].lower()]
