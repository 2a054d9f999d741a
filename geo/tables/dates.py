"""Cells that hold a date, each on its own: in figures, in words, as a span, as a number of some program.

Nothing is guessed: a date that could be two keeps both readings (`geo.tables.days` chooses by the column),
and an impossible one, a relative one and one without a year are told apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from geo.tables.clocks import take_time
from geo.tables.spans import Readings, read_span
from geo.tables.words import is_missing, plain, words

#: Years that a date in a table may have; below lie the years of other calendars and slips of the pen.
FIRST_YEAR, LAST_YEAR = 1800, 2199

#: Days since 1899-12-30, Excel's day 0, that fall into 1954 to 2064.
SERIALS = range(20_000, 60_001)

STAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T](?P<h>[0-2]\d):(?P<m>[0-5]\d)(?::00(?:\.0+)?)?)?",
    re.ASCII,
)


#: "Wed Aug 23 02:10:00 +0000 2023", as Unix and Twitter write a moment.
STAMPED = re.compile(
    r"(?:[a-z]{3},? )?([a-z]{3}) (\d{1,2}) (\d\d:\d\d(?::\d\d)?) (?:([+-]\d{4}|utc|gmt) )?(\d{4})"
)
#: Endings of ordinal numbers, and of cases.
ENDING = re.compile(
    r"(?<=\d)(?:st|nd|rd|th|-?го|-?е|-?ого|er|º|ª|-?(?:ci|cı|cu|cü|dən|dan|den|dək|dek)|-(?:ին|ից|ը))\b"
)
#: What stands behind a year in Russian and Ukrainian.
YEAR_WORD = re.compile(r"(?<=\d)\s*(?:г|р|год|года|году|року)\.?$")


@dataclass(frozen=True, slots=True)
class Day:
    """What a cell says of when.

    Attributes
    ----------
    date, date_end : str or None
        ISO 8601; EDTF where part is unknown (``"2023-08"``, ``"XXXX-08-23"``).
    time : str or None
        ``"02:10"``, as written, with the offset if there is one.
    options : tuple of str or None
        Readings as day/month and as month/day, of a date whose order is open; None for one that
        does not exist.
    warning, error : str
        In words; a cell with an error has no date.
    """

    date: str | None = None
    date_end: str | None = None
    time: str | None = None
    options: Readings | None = None
    last_options: Readings | None = None
    warning: str = ""
    error: str = ""


@lru_cache(maxsize=100_000)
def read_day(cell: str) -> Day:
    """Read one cell on its own; see `Day`."""
    if match := STAMP.fullmatch(cell):  # by far the commonest form
        clock = None if match["h"] is None else f"{match['h']}:{match['m']}"
        iso = _iso(match["year"], match["month"], match["day"])
        if iso and (clock is None or clock < "24"):
            return Day(iso, time=clock)
    text = plain(cell)
    if is_missing(text):
        return Day()
    if re.fullmatch(r"[\d.,]+", text) and (day := _number(text)):
        return day
    text = re.sub(r"\s*\(([^()]*)\)", r" \1", text).strip(" ,;")
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(?:\d\d)?(?=z?$)", r"\1-\2-\3t\4:\5", text)
    text = STAMPED.sub(r"\2 \1 \5 \3 \4", text)
    text, time = take_time(text)
    for word in words()["about"]:
        if word.search(text):
            return _about(cell, replace(_body(cell, word.sub(" ", text).strip(" -")), time=time))
    if text.endswith(("?", "~")):
        return _about(cell, replace(_body(cell, text[:-1].strip()), time=time))
    day = _body(cell, text)
    return _explained(cell, text, day) if day.error else replace(day, time=time or day.time)


def _explained(cell: str, text: str, day: Day) -> Day:
    """Say better why a cell is no date, or keep the date of one whose time is none."""
    table = words()
    if text in table["relative"] or any(
        token in table["relative"] for token in re.findall(r"[^\W\d]+", text)
    ):
        return Day(error=f'"{cell}" is told from another day, which a table does not have')
    if text in table["weekdays"]:
        return Day(error=f'"{cell}" is a day of the week without a date')
    if match := re.fullmatch(r"(.*\d)[t\s,]+(\d{1,2}:\d\d(?::\d\d)?)z?", text):
        found = _body(cell, match[1])
        if not found.error and found.options is None:
            return replace(found, warning=f'"{match[2]}" is not a time of day: left out')
    return day


def _about(cell: str, day: Day) -> Day:
    return day if day.error or day.warning else replace(day, warning=f'"{cell}" is approximate')


def _number(text: str) -> Day | None:
    """Read a date written as one number: a year, a compact date, seconds since 1970, an Excel day."""
    if re.fullmatch(r"\d{4}", text):
        return _year(text)
    if re.fullmatch(r"\d{8}", text):
        if iso := _iso(text[:4], text[4:6], text[6:]):
            return Day(iso)
        if iso := _iso(text[4:], text[2:4], text[:2]):
            return Day(iso, warning=f'"{text}" is read as day, month, year')
        return Day(error=f'"{text}" is no day of the calendar')
    if re.fullmatch(r"\d{6}", text) and 1 <= int(text[4:]) <= 12 and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return Day(f"{text[:4]}-{text[4:]}")
    whole, _, part = text.replace(",", ".").partition(".")
    if not whole.isdigit() or (part and not part.isdigit()):
        return None
    number = float(f"{whole}.{part or 0}")
    if int(number) in SERIALS:
        at = datetime(1899, 12, 30) + timedelta(days=number)
        clock = at.strftime("%H:%M") if part.strip("0") else None
        return Day(at.date().isoformat(), time=clock, warning=f'"{text}" is read as an Excel day number')
    for unit, what in ((1, "seconds"), (1000, "milliseconds")):
        if 1e8 <= number / unit < 4.2e9 and len(whole) >= 9:
            at = datetime.fromtimestamp(number / unit, UTC)
            return Day(
                at.date().isoformat(),
                time=at.strftime("%H:%MZ"),
                warning=f'"{text}" is read as {what} since 1970, in UTC',
            )
    return None


def _year(text: str) -> Day:
    if FIRST_YEAR <= int(text) <= LAST_YEAR:
        return Day(text)
    return Day(error=f"the year {text} is out of reach: a slip, or another calendar")


def _iso(year: str, month: str, day: str) -> str | None:
    """Give the ISO date, None if there is no such day or the year is out of reach."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _body(cell: str, text: str) -> Day:
    """Read a date without its time."""
    table = words()
    for weekday in table["weekday"]:
        text = weekday.sub("", text)
    text = YEAR_WORD.sub("", table["part_of_day"].sub("", text).strip())
    if match := re.fullmatch(r"(\d{4}|xxxx)(?:-(\d\d|xx)(?:-(\d\d|xx))?)?", text):
        return _partial(cell, *match.groups())
    if match := re.fullmatch(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})\.?", text):
        if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            return _year(match[1])
        iso = _iso(match[1], match[3], match[4])
        return Day(iso) if iso else Day(error=f'"{cell}" is no day of the calendar')
    if match := re.fullmatch(r"q(?P<a>[1-4])[\s-]*(?P<b>\d{4})|(?P<c>\d{4})[\s-]*q(?P<d>[1-4])", text):
        return _quarter(int(match["b"] or match["c"]), int(match["a"] or match["d"]))
    if match := re.fullmatch(r"(\d{4})-?w(\d\d)", text):
        return _week(cell, int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(\d{4})[/.](\d\d?)", text):
        return _partial(cell, match[1], match[2].zfill(2), None)
    if match := re.fullmatch(r"(\d{4})年 ?(\d{1,2})月 ?(\d{1,2})[日号]", text):
        iso = _iso(*match.groups())
        return Day(iso) if iso else Day(error=f'"{cell}" is no day of the calendar')
    if match := re.fullmatch(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)\.?", text):
        return _ordered(match[1], match[3], match[4])
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{4})", text):
        month = int(match[1])
        return Day(f"{match[2]}-{month:02}") if 1 <= month <= 12 else Day(error=f'"{cell}" has no such month')
    if (span := _range(cell, text)) is not None:
        return span
    return _named(cell, text)


def _partial(cell: str, year: str, month: str | None, day: str | None) -> Day:
    """Read a date in ISO 8601 or EDTF, parts of which may be missing."""
    if year != "xxxx" and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return _year(year)
    known = [
        year.replace("xxxx", "2000"),
        (month or "01").replace("xx", "01"),
        (day or "01").replace("xx", "01"),
    ]
    if _iso(*known) is None:
        return Day(error=f'"{cell}" is no day of the calendar')
    return Day("-".join(part.upper() for part in (year, month, day) if part))


def _week(cell: str, year: int, week: int) -> Day:
    """Read a week of ISO 8601, ``2024-W03``: Monday to Sunday."""
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError:
        return Day(error=f'"{cell}" is no week of the calendar')
    return Day(first.isoformat(), date_end=(first + timedelta(days=6)).isoformat())


def _quarter(year: int, quarter: int) -> Day:
    """Read a quarter, ``Q3 2023``: from its first day to its last."""
    last = date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
    return Day(date(year, quarter * 3 - 2, 1).isoformat(), date_end=last.isoformat())


def _ordered(first: str, second: str, year: str) -> Day:
    """Read three numbers, the year last: both orders are kept for the column to choose from."""
    if len(year) == 2:
        century = 2000 if int(year) <= (date.today().year + 1) % 100 else 1900
        year = str(century + int(year))
    elif not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return _year(year)
    return Day(options=(_iso(year, second, first), _iso(year, first, second)))


def _range(cell: str, text: str) -> Day | None:
    """Read a span of days; one that depends on the order of day and month keeps both readings."""

    def read(end: str) -> Readings:
        day = (_number(end) if re.fullmatch(r"\d{8}", end) else None) or _body(cell, end)
        return day.options or (day.date, day.date)

    found = read_span(text, read)
    if found is None:
        return None
    if not any(found):
        return Day(error=f'"{cell}" ends before it begins')
    (first, last), (other, other_last) = (span or (None, None) for span in found)
    if found[0] == found[1]:
        return Day(first, date_end=last if last != first else None)
    return Day(options=(first, other), last_options=(last, other_last))


def _named(cell: str, text: str) -> Day:
    """Read a date with the month in words: ``23 aug 2023``, ``august 23rd, 2023``, ``23 августа 2023 г.``."""
    table = words()
    month_of = table["month"]
    text = ENDING.sub("", text)
    if match := re.search(r"\b(?:كانون|تشرين) (?:الأول|الثاني)", text):
        text = text.replace(match[0], f" {month_of[match[0]]}m ")  # the two-word months of the Levant
    month, numbers = None, []
    for token in re.findall(r"\d+m|\d+|[^\W\d]+", text.replace("_", " ")):
        if token.isdigit():
            numbers.append(token)
        elif token[:-1].isdigit() or token in month_of:
            if month is not None:
                return Day(error=f'"{cell}" names two months')
            month = month_of.get(token) or int(token[:-1])
        elif token not in table["filler"]:
            return Day(error=f'"{cell}" is not a date that can be read')
    years = [n for n in numbers if len(n) == 4]
    days = [n for n in numbers if len(n) <= 2]
    if month is None or len(years) > 1 or len(years) + len(days) != len(numbers):
        return Day(error=f'"{cell}" is not a date that can be read')
    if not years and len(days) == 2:  # 23-aug-23
        days, short = days[:1], int(days[1])
        years = [str((2000 if short <= (date.today().year + 1) % 100 else 1900) + short)]
    if len(days) > 1 or not (years or days):
        return Day(error=f'"{cell}" is not a date that can be read')
    if years and not FIRST_YEAR <= int(years[0]) <= LAST_YEAR:
        return _year(years[0])
    if not days:
        return Day(f"{years[0]}-{month:02}")
    iso = _iso(years[0] if years else "2000", str(month), days[0])
    if iso is None:
        return Day(error=f'"{cell}" is no day of the calendar')
    if years:
        return Day(iso)
    return Day(f"XXXX-{iso[5:]}", warning=f'"{cell}" has no year, and none is guessed')
