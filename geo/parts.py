"""Where one file holds several articles: what parts them, and what the lines around each say of it.

Archives number what they hand out, mails head each piece with fields, digests rule lines between them, and
some files only let the next headline follow (``geo/data/articles.toml`` has the words). A heading inside one
article parts nothing: what follows must look like the beginning of another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from geo.events.dates import resolve_time, to_date
from geo.events.expressions import find_times
from geo.markup import even_lines
from geo.sentences import find_datelines
from geo.toponyms.outlets import is_outlet

#: Words that an article has at least, its headings and fields left out.
LEAST = 5
#: Words of a headline, at least and at most; an outlet named under it has fewer than `OUTLET`.
SHORTEST, LONGEST, OUTLET = 3, 25, 6
#: Of the telling words of a headline, how many the paragraph under it takes up, and which share.
TAKEN_UP, TAKEN_SHARE = 3, 0.6
#: Fields that also stand under an article.
_FOOT = frozenset(("source", "url", "date", "other"))
#: Kinds of lines that tell something; a `headline` announces it, a `name` is too short for one.
_TOLD = ("text", "dateline", "name")
_SAYS = ("field", "furniture")

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"(?:([*_=~#•·⁂+-])\s*)(?:\1\s*){2,}|⁂")
_FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z -]{1,20}?)\s?:\s*(?P<value>.*)")
_URL = re.compile(r"<?(https?://\S+?)>?")
_HEADING = re.compile(r"(#{1,6})\s+")
_NUMBER = re.compile(r"(?:\(?\d{1,2}[.)]|[-*•])\s+")
_MARKS = " \t,.;|:+[]-–—•*_/"
_THREAD = re.compile(r"\(?\d{1,2}\s?/")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What a line may hold beside a date, and still only say when.
_BESIDE_DATE = re.compile(
    r"(?i)\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|published|posted|updated|date|on|at|"
    r"gmt|utc|[ecmp][ds]?t|[bi]st|c?e?est|msk|[ap]\.?m\.?|\d\d?[:.]\d\d(?:[:.]\d\d)?|hrs?|t|z|local time)\b|"
    r"[+]\d{4}"
)
#: A sentence that ends within the line, abbreviations aside.
_STOP = re.compile(
    r"(?<!\bGen)(?<!\bGov)(?<!\bSen)(?<!\bRep)(?<!\bCol)(?<=\w{3})[.!?…]['\"”’)]? +[^\Wa-z\d_]"
)
_MAY_OPEN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\n]{0,70}?[\d)][^\n]{0,30}?[–—:-]")
_BRACKETS = re.compile(r"\(([\w .&/'-]{2,30})\)")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines around an article say of it; None where they say nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One article in a text.

    Attributes
    ----------
    start, end : int
        Code points, end exclusive; all parts together are the whole text.
    known : Known
    fields : tuple of (int, int)
        Spans that speak of the article and tell nothing.
    """

    start: int
    end: int
    known: Known = Known()
    fields: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    kind: str
    name: str = ""
    value: str = ""
    gap: bool = True  # whether a blank line, or nothing, stands before it
    alone: bool = True  # ... and after it


def split(text: str, published: str | None = None) -> list[Part]:
    """Part a text into the articles it holds, in order; one part where it holds only one.

    Parameters
    ----------
    text : str
        As given.
    published : str, optional
        ISO 8601 day of the whole, which gives a dateline without a year its year.
    """
    even = even_lines(text)
    if "\n" not in even:
        return [Part(0, len(text))]
    lines = _lines(even)
    starts = [*_starts(lines), len(lines)]
    bounds = [0, *(lines[i].start for i in starts[1:-1]), len(text)]
    return [
        Part(*bound, *_describe(lines[i:j], published))
        for bound, (i, j) in zip(pairwise(bounds), pairwise(starts), strict=True)
    ]


# -- lines ------------------------------------------------------------------------------------------


@cache
def _table() -> tuple[dict[str, re.Pattern[str]], dict[str, str]]:
    """Patterns of lines by kind, and what each name of a field stands for."""
    with (Path(__file__).parent / "data" / "articles.toml").open("rb") as file:
        table = tomllib.load(file)
    patterns = {
        kind: re.compile("|".join(f"(?:{p})" for p in table[kind]), re.IGNORECASE)
        for kind in ("opens", "closes", "furniture")
    }
    names = {name: kind for kind, names in table["fields"].items() for name in names}
    return patterns, names


def _lines(text: str) -> list[_Line]:
    """Lay out the lines that are not blank."""
    found: list[_Line] = []
    for m in _LINE.finditer(text):
        line = m[0].strip(" \t\r\ufeff\u00a0\u200b")
        if not line:
            continue
        start = m.start() + m[0].index(line)
        gap = not found or text.count("\n", found[-1].end, start) > 1
        if found:
            found[-1].alone &= gap
        found.append(_Line(start, start + len(line), line, *_kind(line), gap, gap))
    return found


def _kind(line: str) -> tuple[str, str, str]:
    """Say what a line is, and for a field its name and value."""
    dateline = _full_dateline(line)
    if len(line) > 200 or (len(line) > 60 and line[-1] == "." and ":" not in line[:24]):
        return ("dateline", "", dateline) if dateline else ("text", "", "")
    if _RULE.fullmatch(line):
        return "rule", "", ""
    patterns, names = _table()
    for kind, pattern in patterns.items():
        if pattern.fullmatch(line):
            return kind, "", ""
    if (m := _FIELD.fullmatch(line)) and (name := names.get(m["name"].lower())):
        return "field", name, m["value"]
    if m := _URL.fullmatch(line):
        return "field", "url", m[1]
    if _is_day(line):
        return "field", "date", line
    if dateline:
        return "dateline", "", dateline
    bare = _NUMBER.sub("", _HEADING.sub("", line), count=1)
    closed = bare.rstrip("\"'”’)»").endswith((".", ":", ";", ",")) or bool(_STOP.search(bare))
    if closed or bare[:1].islower() or _THREAD.match(bare) or len(bare.split()) > LONGEST:
        return "text", "", ""
    return "headline" if len(bare.split()) >= SHORTEST else "name", "", bare


def _full_dateline(line: str) -> str:
    """Return the dateline that opens a line if it names an agency or a day; others head parts."""
    if not _MAY_OPEN.match(line):
        return ""
    found = find_datelines(line)
    opening = line[: found[0].end] if found and not found[0].start else ""
    return opening if _agency(opening) or re.search(r"\d", opening) else ""


def _agency(dateline: str) -> str | None:
    """Return the agency that a dateline names: "KYIV, Ukraine (AP) —"."""
    for m in _BRACKETS.finditer(dateline):
        if (m[1].isupper() and len(m[1]) > 1) or is_outlet(m[1]):
            return m[1]
    return None


def _is_day(line: str) -> bool:
    """Whether a line says when, at most beside the outlet: "Valley Gazette | 23 August 2023"."""
    if len(line) > 80 or not _YEAR.search(line):
        return False
    day, rest = _dated(line)
    set_apart = line[0] + line[-1] in ("**", "__", "()")
    return day is not None and (not rest or set_apart or _names_outlet(line, rest))


def _names_outlet(line: str, rest: str) -> bool:
    """Whether what a line says beside a day is an outlet: a known one, or one set apart by a stroke."""
    return is_outlet(rest) or (bool(re.search(r"\s[|•·]\s", line)) and len(rest.split()) < OUTLET)


def _dated(text: str) -> tuple[str | None, str]:
    """Take the day that a text states out of it: the day, and what else is said."""
    day = read_day(text) if _YEAR.search(text) else None
    if day is None:
        return None, text
    rest = _BESIDE_DATE.sub(" ", re.sub(r"\d{4}-\d\d-\d\d(?:T\S+)?", " ", text))
    for e in find_times(rest):
        rest = rest.replace(e.text, " ")
    return day, rest.strip(_MARKS)


def read_day(text: str, published: str | None = None) -> str | None:
    """Return the day (ISO 8601) that "Wed, 23 Aug 2023 10:00:00 GMT" or "August 23, 2023" state.

    Where it states none, None; where no year, that of the day nearest before `published`.
    """
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        pass
    for e in find_times(text):
        if e.means == "calendar" and (day := to_date(resolve_time(e, published=published).date)):
            return day.isoformat()
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return None


# -- where articles begin ---------------------------------------------------------------------------


def _starts(lines: Sequence[_Line]) -> list[int]:
    """Give the numbers of the lines that articles begin with."""
    starts, told = [0], 0
    for i, line in enumerate(lines):
        if i and _begins(lines, i, told) and _words_from(lines, i + (line.kind not in _TOLD)) >= LEAST:
            if told < LEAST and starts[-1]:
                continue  # what opened tells nothing yet: still its head
            starts.append(i)
            told = 0
        if line.kind in _TOLD:
            told += line.text.count(" ") + 1
    return starts


def _begins(lines: Sequence[_Line], i: int, told: int) -> bool:
    """Whether an article begins with this line, `told` words having been told in the one before."""
    line, before = lines[i], lines[i - 1]
    if line.kind == "opens":
        return before.kind != "opens"
    if before.kind == "closes":
        return line.kind != "closes" and not _is_foot(lines, i)
    if before.kind == "opens" or told < LEAST:
        return before.kind == "rule" and i > 1 and told == 0 and _has_head(lines, i)
    if before.kind == "rule":
        return _has_head(lines, i)
    if before.kind in _SAYS:
        if line.kind == "field":
            return line.gap and _opens_fields(lines, i) and _closes(lines, i - 1)
        if line.kind in ("furniture", "rule", "closes"):
            return False
        closed = line.kind in ("headline", "dateline") or _another_source(lines, i)
        return closed and _closes(lines, i - 1)
    if line.kind == "dateline":
        return True
    if line.kind == "field":
        foot = line.name in ("source", "url") and lines[i + 1].gap if i + 1 < len(lines) else True
        return not foot and _opens_fields(lines, i)
    return line.kind == "headline" and _heads_article(lines, i)


def _has_head(lines: Sequence[_Line], i: int) -> bool:
    """Whether what follows a rule looks like the top of an article and not like the text going on."""
    return lines[i].kind in ("headline", "dateline", "field") and not _is_subheading(lines, i)


def _is_subheading(lines: Sequence[_Line], i: int) -> bool:
    """Whether it is a Markdown heading of lower rank than the one the text begins with."""
    own, first = _HEADING.match(lines[i].text), _HEADING.match(lines[0].text)
    return own is not None and (first is None or len(own[1]) > len(first[1]))


def _heads_article(lines: Sequence[_Line], i: int) -> bool:
    """Whether a headline heads an article: fields or a dateline follow, or the next line tells the same."""
    if _is_subheading(lines, i):
        return False
    if lines[i].text.startswith("# ") and lines[0].text.startswith("# "):
        return True
    rest = lines[i + 1 : i + 4]
    after = next((n for n, line in enumerate(rest) if line.kind not in ("headline", "name")), None)
    if after is None:
        return False
    line = rest[after]
    if line.kind == "dateline":
        return True
    if line.kind == "field":
        told = next((n.kind for n in lines[i + after + 2 :] if n.kind not in (*_SAYS, "name")), "")
        return line.name in ("date", "url", "source") and told in _TOLD
    if line.kind == "furniture":
        return lines[i].alone and line.gap
    return line.kind == "text" and lines[i].alone and _takes_up(lines[i].value, line.text)


def _takes_up(headline: str, text: str) -> bool:
    """Whether a paragraph tells what a headline announces."""
    said = {w[:4].lower() for w in _WORD.findall(headline) if len(w) > 3 or w[0].isupper()}
    told = {w[:4].lower() for w in _WORD.findall(text[:500])}
    both = len(said & told)
    return both >= TAKEN_UP and both >= TAKEN_SHARE * len(said)


def _opens_fields(lines: Sequence[_Line], i: int) -> bool:
    """Whether fields from here on head an article: one of them is its title."""
    for line in lines[i : i + 12]:
        if line.kind not in _SAYS:
            return False
        if line.name == "title":
            return True
    return False


def _closes(lines: Sequence[_Line], i: int) -> bool:
    """Whether fields up to here close an article: they stand under text, one says where it is from."""
    named = set()
    while lines[i].kind in _SAYS:
        named.add(lines[i].name)
        i -= 1
    return lines[i].kind in _TOLD and bool(named & {"source", "url", "date", ""})


def _another_source(lines: Sequence[_Line], i: int) -> bool:
    """Whether a line like the source line above follows under what is told from here on."""
    return any(n.kind == "field" and n.name == lines[i - 1].name == "source" for n in lines[i:])


def _is_foot(lines: Sequence[_Line], i: int) -> bool:
    """Whether only fields of the article above are left, up to the next one."""
    line = lines[i]
    return line.kind in _SAYS and line.name in _FOOT and not _opens_fields(lines, i)


def _words_from(lines: Sequence[_Line], i: int) -> int:
    return sum(n.text.count(" ") + 1 for n in lines[i:] if n.kind in (*_TOLD, "headline"))


# -- what is said of them ---------------------------------------------------------------------------


def _describe(lines: Sequence[_Line], published: str | None) -> tuple[Known, tuple[tuple[int, int], ...]]:
    """Read what the head and the foot of an article say of it, and where."""
    top, end = _head(lines), len(lines)
    while end > top and lines[end - 1].kind not in (*_TOLD, "headline"):
        end -= 1
    said: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    for line in (*lines[:top], *lines[end:]):
        if line.kind in ("headline", "name"):
            continue  # read with the text
        # Of a field that gives the headline, only its name is no part of the text.
        spans.append((line.start, line.end - len(line.value) * (line.name == "title")))
        day, rest = _dated(line.value) if line.name in ("date", "source") else (None, line.value)
        if line.name == "date":
            day = day or read_day(line.value)
        elif rest.strip():
            said.setdefault(line.name, rest.strip())
        if day:
            said.setdefault("date", day)
            if rest and _names_outlet(line.value, rest):
                said.setdefault("source", rest)
    titles = [i for i, line in enumerate(lines[:top]) if line.kind in ("headline", "name")]
    if "title" not in said and titles:
        first = next((i for i in titles if lines[i].kind == "headline"), titles[0])
        said["title"] = lines[first].value
        titles.remove(first)
    for i in titles:  # the outlet stands beside the day
        beside = (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])
        if len(lines[i].value.split()) < OUTLET and any(n.name == "date" for n in beside):
            said.setdefault("source", lines[i].value)
    dateline = lines[top].value if top < len(lines) and lines[top].kind == "dateline" else ""
    if agency := _agency(dateline):
        said.setdefault("source", agency)
    known = Known(
        said.get("title"),
        said.get("date") or read_day(dateline, published),
        said.get("source"),
        said.get("url"),
    )
    return known, tuple(spans)


def _head(lines: Sequence[_Line]) -> int:
    """Give the number of the line after the head of an article."""
    for i, line in enumerate(lines):
        if line.kind in ("text", "dateline"):
            return i
        if line.kind == "name" and not any(n.kind in _SAYS for n in lines[i + 1 : i + 3]):
            return i
    return len(lines)
