"""How many were killed and wounded: numbers in digits and words, ranges kept, "not known" never zero.

The patterns are data (``geo/data/casualties.toml``).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from geo.events.needs import Needs, missing, needs

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {
    w: 10 * n
    for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|(?:" + "|".join(_TENS) + r")(?:[- ](?:" + "|".join(_UNITS[1:10]) + r"))?"
    r"|(?:a|one) hundred|(?:a|one|two|three) dozen|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
)


@dataclass(frozen=True, slots=True)
class Casualties:
    """Numbers killed and wounded as ``(low, high)``; None where not told."""

    killed: tuple[int, int] | None = None
    wounded: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return self.killed is not None or self.wounded is not None

    def filled(self, more: Casualties) -> Casualties:
        """Return these numbers, those not told taken from others."""
        return Casualties(
            self.killed if self.killed is not None else more.killed,
            self.wounded if self.wounded is not None else more.wounded,
        )


def to_number(text: str) -> int | None:
    """Return the number that digits or English words say; None where they say none.

    Parameters
    ----------
    text : str
        ``"1,200"``, ``"twenty-three"``, ``"two dozen"``.
    """
    text = text.lower().strip()
    if re.fullmatch(r"\d[\d,]*", text):
        return int(text.replace(",", ""))
    if text.endswith(" dozen"):
        first = text.split()[0]
        return 12 * (1 if first in {"a", "one"} else _UNITS.index(first) if first in _UNITS else 0) or None
    if text in {"a hundred", "one hundred"}:
        return 100
    if text in {"a", "an"}:
        return 1
    total = 0
    for word in re.split(r"[- ]", text):
        if word in _UNITS:
            total += _UNITS.index(word)
        elif word in _TENS:
            total += _TENS[word]
        else:
            return None
    return total


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of one state, killed or wounded, and what says that there were none; what each needs."""

    patterns: tuple[tuple[re.Pattern[str], Needs], ...]
    none: re.Pattern[str]
    needs: Needs


@cache
def _grammar() -> tuple[dict[str, _Grammar], re.Pattern[str]]:
    """Compile ``casualties.toml``: by state, and a pattern for another person joined by "and"."""
    table: dict[str, Any] = tomllib.loads(
        resources.files("geo").joinpath("data/casualties.toml").read_text("utf-8")
    )
    words = {k: "(?:" + "|".join(v) + ")" for k, v in table["words"].items()}
    people = words["people"]
    macros = {
        "n": (
            rf"(?<!no )(?:{words['hedges']} )*(?:between )?(?P<n>{_NUMBER})"
            rf"(?:\s*(?:-|–|to|or|and(?=\s+\w+\s+(?:{people}|were|was)))\s*(?P<n2>{_NUMBER}))?"
        ),
        "one": rf"(?<!no )(?P<one>an?|one|the)\s+(?:[\w-]+\s+){{0,3}}?(?!\w*s\b){people}\b",
        "who": rf"(?:\s+(?:of (?:them|whom)|(?:[\w'-]+\s+){{0,4}}?{people}))?",
        "aux": (
            r"(?:\s*,[^,.;]{0,40},)?"
            r"(?:\s+(?:were|was|are|is|have|has|had|been|being|reportedly|also|later|lay|confirmed|feared))*"
        ),
    }
    made = {}
    for state in ("killed", "wounded"):
        fill = {**macros, "state": words[state], "verb": f"(?:{table['verbs'][state]})"}
        patterns = [_filled(p, fill) for p in (*table["patterns"]["both"], *table["patterns"][state])]
        compiled = tuple((re.compile(p, re.IGNORECASE), needs(p)) for p in patterns)
        none = re.compile(f"{table['none'][state]}|{table['none']['both']}", re.IGNORECASE)
        every = frozenset().union(*(needed for _, needed in compiled))
        made[state] = _Grammar(compiled, none, every)
    added = rf"^\s*(?:,|and)\s+(?:an?|(?P<n>{_NUMBER}))\s+(?:[\w-]+\s+){{0,2}}?{people}\b"
    return made, re.compile(added, re.IGNORECASE)


def _filled(pattern: str, macros: dict[str, str]) -> str:
    return re.sub(r"\{(n|one|who|aux|state|verb)\}", lambda m: macros[m[1]], pattern)


def find_casualties(text: str) -> Casualties:
    """Find the numbers killed and wounded that a sentence tells.

    Parameters
    ----------
    text : str

    Returns
    -------
    Casualties
        "At least 14" is 14; "three to five" keeps both ends; "no casualties" is zero.
    """
    states, added = _grammar()
    small = text.lower()
    found: dict[str, tuple[int, int]] = {}
    for state, grammar in states.items():
        absent = missing(grammar.needs, small)
        tried = (p for p, needed in grammar.patterns if absent.isdisjoint(needed))
        number = next((v for p in tried if (v := _first(p, text, added)) is not None), None)
        if number is None and grammar.none.search(text):
            number = (0, 0)
        if number is not None:
            found[state] = number
    return Casualties(found.get("killed"), found.get("wounded"))


def _first(pattern: re.Pattern[str], text: str, added: re.Pattern[str]) -> tuple[int, int] | None:
    """Return the first number that a pattern finds, with what "and" adds to it."""
    for m in pattern.finditer(text):
        groups = m.groupdict()
        word = groups.get("n")
        low = to_number(word) if word else 1 if groups.get("one") or groups.get("any") else None
        if low is None:
            continue
        high = to_number(groups["n2"]) if groups.get("n2") else None
        high = low if high is None else high
        if m[0].lower().startswith("kill") and (more := added.match(text[m.end() :])):
            extra = (to_number(more["n"]) or 0) if more["n"] else 1
            low, high = low + extra, high + extra
        return min(low, high), max(low, high)
    return None
