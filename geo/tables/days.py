"""Cells that hold dates and times, read by the column: all its dates decide the order of day and month.

Nothing is guessed: a date that could be two, an impossible one and a relative one are told apart.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parents[1] / "data" / "words.toml"

#: Years that a date in a table may have; below lie the years of other calendars and slips of the pen.
FIRST_YEAR, LAST_YEAR = 1800, 2199

#: Days since 1899-12-30, Excel's day 0, that fall into 1954 to 2064.
SERIALS = range(20_000, 60_001)

CLOCK = (
    r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?"
)

STAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T](?P<h>[0-2]\d):(?P<m>[0-5]\d)(?::00(?:\.0+)?)?)?",
    re.ASCII,
)


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
    options: tuple[str | None, str | None] | None = None
    warning: str = ""
    error: str = ""


@cache
def words() -> dict[str, Any]:
    """Load the words met in cells, once."""
    table = tomllib.loads(WORDS.read_text("utf-8"))
    table["missing"] = frozenset(table["missing"])
    table["about"] = [re.compile(rf"(?:^|\s){re.escape(word)}(?=\s|\d)") for word in table["approximate"]]
    table["weekday"] = [re.compile(rf"^{re.escape(word)}\.?,?\s+") for word in table["weekdays"]]
    table["month"] = {name: int(number) for number, names in table["months"].items() for name in names}
    return table


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or a word for nothing."""
    return not cell or cell.casefold() in words()["missing"]


def plain(cell: str) -> str:
    """Bring digits, blanks and dashes of all scripts to ASCII, in small letters."""
    text = unicodedata.normalize("NFKC", cell)
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\u200f", "").casefold().split())


def read_days(cells: Sequence[str], *, order: str | None = None, today: date | None = None) -> list[Day]:
    """Read a column of dates.

    Parameters
    ----------
    cells : sequence of str
    order : {"dmy", "mdy"} or None
        The order of ``03/04/2023``, where the schema says it; None lets the column decide: if some
        cells fit one order only and none the other alone, that order is taken for all. Dots mean day first.
    today : datetime.date, optional
        A later date is warned about.

    Returns
    -------
    list of Day
        One for each cell. A date whose order stays open has only its year, and a warning with both readings.
    """
    today = today or date.today()
    known = {cell: read_day(cell) for cell in set(cells)}
    proofs: dict[str, set[str]] = {}
    for cell, day in known.items():
        if proof := _certain(day):
            # Whoever writes 8/23 may well write 23.08: each separator has its own habit.
            proofs.setdefault(_separator(cell), set()).add(proof)
            proofs.setdefault("", set()).add(proof)
    settled = {cell: _judge(_settle(cell, day, order, proofs), today) for cell, day in known.items()}
    if all(day.time in (None, "00:00") for day in settled.values()):
        # Every day at midnight: a spreadsheet's way of writing days, not a time.
        settled = {cell: replace(day, time=None) for cell, day in settled.items()}
    return [settled[cell] for cell in cells]


def _certain(day: Day) -> str | None:
    """Tell the order that a cell proves, if it does."""
    if day.options is None or (day.options[0] is None) == (day.options[1] is None):
        return None
    return "dmy" if day.options[0] else "mdy"


def _separator(cell: str) -> str:
    return next((c for c in plain(cell) if c in "./- "), " ")


def _settle(cell: str, day: Day, order: str | None, proofs: dict[str, set[str]]) -> Day:
    """Choose between the two readings of a date, if that can be done."""
    if day.options is None:
        return day
    dmy, mdy = day.options
    if dmy is None and mdy is None:
        return replace(day, time=None, error=f'"{cell}" is no day of the calendar')
    if dmy == mdy or dmy is None or mdy is None:
        return replace(day, date=dmy or mdy)
    separator = _separator(cell)
    proven = proofs.get(separator) or ({"dmy"} if separator == "." else proofs.get("", set()))
    if order is None and len(proven) == 1:
        order = next(iter(proven))
    if order:
        return replace(day, date=dmy if order == "dmy" else mdy)
    why = "the column has both orders" if proven else "nothing in the column tells the order"
    return replace(
        day,
        date=dmy[:4] if dmy[:4] == mdy[:4] else None,
        warning=f'"{cell}" is {dmy} or {mdy} ({why}): only its year is kept',
    )


def _judge(day: Day, today: date) -> Day:
    """Warn of days to come."""
    if day.warning or day.date is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", day.date):
        return day
    # A day of grace: it may be tomorrow already where it happened.
    future = day.date > (today + timedelta(days=1)).isoformat() if today < date.max else False
    return replace(day, warning=f"{day.date} is in the future") if future else day


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
    table = words()
    tokens = re.findall(r"[^\W\d]+", text)
    text, time = _take_time(text)
    for word in table["about"]:
        if word.search(text):
            text = word.sub(" ", text).strip()
            return _about(cell, replace(_body(cell, text), time=time))
    if text.endswith(("?", "~")):
        return _about(cell, replace(_body(cell, text[:-1].strip()), time=time))
    day = _body(cell, text)
    if day.error:
        if any(token in table["relative"] for token in tokens) or text in table["relative"]:
            return Day(error=f'"{cell}" is told from another day, which a table does not have')
        if text in table["weekdays"]:
            return Day(error=f'"{cell}" is a day of the week without a date')
    return day if day.error else replace(day, time=time or day.time)


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


def _take_time(text: str) -> tuple[str, str | None]:
    """Take a clock time off either end of a cell."""
    after = re.fullmatch(rf"(?P<rest>.*\d.*?)(?:[t,\s]+|\s+at\s+)(?=\d+[:.h]\d\d|\d+\s*[ap]m){CLOCK}", text)
    before = re.fullmatch(rf"(?=\d+:\d\d){CLOCK}[,\s]+(?P<rest>.*\d.*)", text)
    for match in (after, before):
        if match and not re.fullmatch(r"[\d.]{3,5}", match["rest"]) and (time := _clock(match)):
            return match["rest"].strip(" ,"), time
    return text, None


def _clock(match: re.Match[str]) -> str | None:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = (match["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or int(match["s"] or 0) > 59:
        return None
    zone = (match["zone"] or "").upper()
    zone = "Z" if zone in {"Z", "UTC", "GMT"} else zone
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    seconds = "" if int(match["s"] or 0) == 0 else f":{match['s']}"
    return f"{hour:02}:{minute:02}{seconds}{zone}"


def _body(cell: str, text: str) -> Day:
    """Read a date without its time."""
    table = words()
    for weekday in table["weekday"]:
        text = weekday.sub("", text)
    if match := re.fullmatch(r"(\d{4}|xxxx)(?:-(\d\d|xx)(?:-(\d\d|xx))?)?", text):
        return _partial(cell, *match.groups())
    if match := re.fullmatch(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})\.?", text):
        if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            return _year(match[1])
        iso = _iso(match[1], match[3], match[4])
        return Day(iso) if iso else Day(error=f'"{cell}" is no day of the calendar')
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


def _ordered(first: str, second: str, year: str) -> Day:
    """Read three numbers, the year last: both orders are kept for the column to choose from."""
    if len(year) == 2:
        century = 2000 if int(year) <= (date.today().year + 1) % 100 else 1900
        year = str(century + int(year))
    elif not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return _year(year)
    return Day(options=(_iso(year, second, first), _iso(year, first, second)))


def _range(cell: str, text: str) -> Day | None:
    """From one day to another: ``22-23 august 2023``, ``2023-08-22/2023-08-23``, ``22.08 - 24.08.2023``."""
    until = "|".join(re.escape(word) for word in words()["until"])
    parts = re.split(
        rf"\s+(?:-|{until})\s+|(?<=\d{{4}}-\d\d-\d\d)/(?=\d{{4}})|(?<=\d)-(?=\d{{1,2}}\s+[^\W\d])", text
    )
    if len(parts) == 1 and (
        match := re.fullmatch(r"([^\W\d]+\.?\s+\d{1,2})\s*-\s*(\d{1,2},?\s+\d{4})", text)
    ):
        month = match[1].split()[0]
        parts = [match[1], f"{month} {match[2]}"]
    if len(parts) != 2:
        return None
    last = _body(cell, parts[1].strip())
    if last.options:
        last = replace(last, date=last.options[0] if None in last.options or "." in text else None)
    if not last.date or len(last.date) != 10:
        return None
    year, month, _ = last.date.split("-")
    tries = (parts[0], f"{parts[0]} {year}", f"{parts[0]}.{year}", f"{parts[0]}.{month}.{year}")
    for start in tries:
        first = _body(cell, start.strip())
        day = first.date or (first.options[0] if first.options else None)
        if day and len(day) == 10 and day <= last.date:
            return Day(day, date_end=last.date if last.date != day else None)
    return Day(error=f'"{cell}" ends before it begins')


def _named(cell: str, text: str) -> Day:
    """Read a date with the month in words: ``23 aug 2023``, ``august 23rd, 2023``, ``23 августа 2023 г.``."""
    table = words()
    month_of = table["month"]
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th|-?го|-?е|er|º|ª)\b", "", text)
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


def read_time(cell: str) -> tuple[str | None, str | None, str]:
    """Read a cell that holds a time of day.

    Returns
    -------
    time, time_end : str or None
        ``"02:10"``, with the offset if one is written; the end of a span such as ``23:00-01:30``.
    warning : str
        What could not be read.
    """
    text = plain(cell)
    if is_missing(text):
        return None, None, ""
    for word in words()["approximate"]:
        text = text.removeprefix(word).strip()
    text = re.sub(r"\s*(?:local time|local|lt)$", "", text)
    text = re.sub(r"(?<=\d)\s*(?:hrs?|hours?|o'clock|час(?:ов|а)?|ч\.?|h|uhr)$", "h", text)
    parts = (
        re.split(r"\s*-\s*(?=\d{1,2}:\d\d(?!\d*$)|\d{1,2}:\d\d$)|\s+to\s+", text)
        if ":" in text[:3]
        else [text]
    )
    clocks = [_one_time(part) for part in parts[:2]]
    if len(parts) > 2 or None in clocks:
        return None, None, f'"{cell}" is not a time of day'
    return clocks[0], clocks[1] if len(clocks) > 1 else None, ""


def _one_time(text: str) -> str | None:
    if match := re.fullmatch(r"(\d{1,2}(?::\d\d)?)h", text):
        text = match[1] if ":" in match[1] else f"{match[1]}:00"
    if match := re.fullmatch(r"(\d\d)(\d\d)h?", text):
        text = f"{match[1]}:{match[2]}"
    if match := re.fullmatch(r"0[.,](\d{3,})", text):  # a share of the day, as Excel keeps it
        minutes = round(float(f"0.{match[1]}") * 1440) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"
    match = re.fullmatch(CLOCK, text)
    if match is None or (match["m"] is None and not match["half"]):
        return None
    return _clock(match)
