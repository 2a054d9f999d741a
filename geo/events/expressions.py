"""Find what a text says about when, as it stands there; `geo.events.dates` turns it into dates.

The grammar is data (``geo/data/dates.toml``): patterns, each naming the rule that reads its match.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from geo.events.needs import Sieve


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
    lead : str
        The text right before it.
    """

    start: int
    end: int
    text: str
    means: str
    parts: tuple[tuple[str, str], ...] = ()
    lead: str = ""

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


#: Words that stand together; no time is told across a blank line.
_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled pattern and the rule that reads its match."""

    means: str
    offset: int
    pattern: re.Pattern[str]


@cache
def grammar() -> tuple[Sieve[Rule], dict[str, int], dict[str, int]]:
    """Compile ``dates.toml``, once: rules in order, words to numbers, units to days."""
    table = tomllib.loads(resources.files("geo").joinpath("data/dates.toml").read_text("utf-8"))
    words, numbers = table["words"], table["numbers"]

    def either(items: list[str]) -> str:
        return "|".join(sorted((w for item in items for w in item.split("|")), key=len, reverse=True))

    clock = (
        r"(?:(?<![\d.,:/-])(?P<hN>[01]?\d|2[0-3])(?:[:h](?P<mN>[0-5]\d)(?!\d|:\d\d\d)(?:\s*(?P<apN>[ap]\.?m\b\.?))?"
        r"|\.(?P<mN_>[0-5]\d)\s*(?P<apN_>[ap]\.?m\b\.?)|\s*(?P<apN__>[ap]\.?m\b\.?)"
        r"|(?P<mN__>[0-5]\d)\s*(?=hours\b|hrs\b|GMT\b|UTC\b|local time\b))|(?P<wordN>noon|midday|midnight)\b"
        r"|\b(?P<spokenN>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|1[0-2]|[1-9])"
        r"(?: o'clock)?"
        r" in the (?P<partN>morning|afternoon|evening)\b)"
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
        "year": r"(?P<y>(?:1[6-9]|20)\d\d)",
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
            made = re.compile(prefix + filled, flags)
            rules.append((Rule(rule["means"], rule.get("offset", 0), made), filled))
    return Sieve.of(rules), numbers, table["days"]


@cache
def index_of(kind: str) -> dict[str, int]:
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
    return list(_found(text))


def _expression(match: re.Match[str], rule: Rule, text: str) -> Expression:
    start = match.end() - len(match[0].lstrip())
    parts = [(k, v) for k, v in match.groupdict().items() if v is not None]
    return Expression(
        start=start,
        end=match.end(),
        text=match[0].strip(),
        means=rule.means,
        parts=(*parts, ("offset", str(rule.offset))),
        lead=text[max(0, start - 40) : start],
    )


@lru_cache(maxsize=8)
def _found(text: str) -> tuple[Expression, ...]:
    found: list[Expression] = []
    for paragraph in _PARAGRAPH.finditer(text):
        for rule in grammar()[0].left(paragraph[0].lower()):
            matches = rule.pattern.finditer(text, *paragraph.span())
            found += [_expression(m, rule, text) for m in matches if _is_name(m)]
    found.sort(key=lambda e: (e.start - e.end, e.start))
    kept: list[Expression] = []
    for e in found:
        if all(e.end <= k.start or e.start >= k.end for k in kept):
            kept.append(e)
    return tuple(sorted(kept, key=lambda e: e.start))


def length_in_days(expression: Expression) -> int | None:
    """Return how many days "for three days" covers or "three days after" lies; None for other expressions."""
    if expression.means not in {"length", "narrative_ago"}:
        return None
    p = dict(expression.parts)
    word = p["n"].lower()
    numbers, days = grammar()[1:]
    return (int(word) if word.isdigit() else numbers[word]) * days[p["unit"].lower()]
