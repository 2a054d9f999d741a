"""Cells that hold a time of day, alone, as a span, or at either end of a date."""

from __future__ import annotations

import re

from geo.tables.words import is_missing, plain, words

CLOCK = (
    r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>z|(?:utc|gmt)(?:\s*[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2})?"
)


def take_time(text: str) -> tuple[str, str | None]:
    """Take a clock time off either end of a cell."""
    after = re.fullmatch(rf"(?P<rest>.*\d.*?)(?:[t,\s]+|\s+at\s+)(?=\d+[:.h]\d\d|\d+\s*[ap]m){CLOCK}", text)
    before = re.fullmatch(rf"(?=\d+:\d\d){CLOCK}[,\s]+(?P<rest>.*\d.*)", text)
    for match in (after, before):
        if match and not re.fullmatch(r"[\d.]{3,5}", match["rest"]) and (time := clock(match)):
            return match["rest"].strip(" ,"), time
    return text, None


def clock(match: re.Match[str]) -> str | None:
    """Give the time that a match of `CLOCK` tells; None where there is no such time."""
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = (match["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or int(match["s"] or 0) > 59:
        return None
    zone = re.sub(r"UTC|GMT|\s", "", (match["zone"] or "").upper()) or ("Z" if match["zone"] else "")
    if found := re.fullmatch(r"([+-])(\d{1,2}):?(\d\d)?", zone):
        zone = f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
    seconds = "" if int(match["s"] or 0) == 0 else f":{match['s']}"
    return f"{hour:02}:{minute:02}{seconds}{zone}"


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
    if text in words()["clock"]:
        return str(words()["clock"][text]), None, ""
    text = re.sub(r"^(?:1899-12-3[01]|1900-01-0[01])[t\s]+", "", text)  # day 0 of a spreadsheet
    text = re.sub(r"\(([^()]*)\)", r"\1", text)
    for word in (*words()["approximate"], *words()["before_time"]):
        if text.startswith(word) and not text[len(word) : len(word) + 1].isalpha():
            text = text[len(word) :].strip()
    text = re.sub(r"(?<=\d)\s*h\s*(?=\d\d)", "h", text)
    text = re.sub(r"\s*(?:local time|local|lt)$", "", text)
    text = re.sub(r"(?<=\d)\s*(?:hrs?|hours?|o'clock|час(?:ов|а)?|ч\.?|h|uhr)$", "h", text)
    parts = (
        re.split(r"\s*-\s*(?=\d{1,2}:\d\d(?!\d*$)|\d{1,2}:\d\d$)|\s+(?:to|and)\s+", text)
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
    if match := re.fullmatch(r"(\d\d)(\d\d)(?:h|(z))?", text):
        text = f"{match[1]}:{match[2]}{match[3] or ''}"
    if match := re.fullmatch(r"0[.,](\d{3,})", text):  # a share of the day, as Excel keeps it
        minutes = round(float(f"0.{match[1]}") * 1440) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"
    match = re.fullmatch(CLOCK, text)
    if match is None or (match["m"] is None and not match["half"]):
        return None
    return clock(match)
