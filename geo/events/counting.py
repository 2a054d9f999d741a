"""How English text counts people: numbers in words, and the compiled patterns of ``casualties.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from geo.events.needs import Sieve

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|(?:" + "|".join(_TENS) + r")(?:[- ](?:" + "|".join(_UNITS[1:10]) + r"))?"
    r"|both|(?:a|one) hundred|(?:(?:a|one|two|three) )?dozen|"
    + "|".join(sorted(_UNITS[1:], key=len, reverse=True))
    + r")(?!\w|[\w-]*(?:-year|:\d))"
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
    if text.endswith("dozen"):
        first = text.split()[0]
        return 12 * (_UNITS.index(first) if first in _UNITS else 1)
    if text == "both":
        return 2
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


#: They stand for the first letter of a word for people and for one person, once `marked` has found it: a
#: pattern that listed all of them at each place where one may stand would take half a second to compile.
_MANY, _ONE = "\ue000", "\ue001"

_WORD = rf"[\w{_MANY}{_ONE}'-]+"


STATES = ("killed", "wounded")


class Telling(NamedTuple):
    """What tells of one state, killed or wounded, in `marked` text; or says that there were none."""

    state: str
    none: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled ``casualties.toml``.

    Attributes
    ----------
    told : Sieve of Telling
        In the order in which they are tried.
    plural, singular : re.Pattern
        Words for people, and for one person.
    hint : re.Pattern
        What a sentence with any number of them has, in lower case.
    item : re.Pattern
        One of several people counted: "five officers", "a farmer".
    rival : re.Pattern
        Another source's number in the same sentence.
    sides : frozenset of str
        Words for those of one side.
    compares, totals : re.Pattern
        What speaks of other days, and what only compares with them.
    """

    told: Sieve[Telling]
    plural: re.Pattern[str]
    singular: re.Pattern[str]
    hint: re.Pattern[str]
    item: re.Pattern[str]
    rival: re.Pattern[str]
    sides: frozenset[str]
    compares: re.Pattern[str]
    totals: re.Pattern[str]


def _people(words: dict[str, str]) -> dict[str, str]:
    """Build the parts of a pattern that count people."""
    people, person = rf"{_MANY}(?:f (?:them|whom)|[\w-]*+)", rf"{_ONE}[\w-]*+"
    states = rf"{words['killed']}|{words['wounded']}"
    age = r"(?:,? (?:aged )?\d{1,3}(?=,|$)| of \d\d\b| aged \d\d\b)?"
    number = (
        r"(?<!no )(?<!an of )(?<!oy of )(?<!rl of )(?<!aged )\b"
        rf"(?:{words['hedges']} )*(?:between |from )?{NUMBER}(?!,? was\b)"
        rf"(?:\s*(?:-|–|to|or|and(?=\s+\w+\s+(?:{people}|were|was|dead|killed|wounded)))\s*{NUMBER})?"
    )
    whose = r"(?:of (?:the |its |their |our |his |her |them\b)?)?"
    between = r"(?!(?:dead|killed|wounded|injured|hurt)\b)"  # "one soldier dead and seven people wounded"
    some = rf"{number}\s+{whose}(?:{between}{_WORD}\s+){{0,4}}?{people}\b"
    article = r"(?:an?|one|the|his|her|their|its|another)"
    one = (
        rf"(?<!no )\b(?:{article}\s+(?:{_WORD}\s+){{0,3}}?{person}\b(?!['-]){age}"
        r"|(?:another|a (?:second|third|fourth|fifth))(?=\s+(?:was|died|is|wounded|injured|killed)\b))"
    )
    more = rf"(?:{some}|{one})(?! of them)"
    first = rf"(?:{some}|{one}|{number})"
    and_more = rf"(?:, {more})*(?:,? and |,? as well as |,? along with ){more}"
    ended = rf"(?!\s+(?:(?:were|was|have|had|has|been|later)\s+)*(?:{states})\b)"
    be = r"were|was|are|is|have|has|had"
    return {
        "n": rf"(?P<n>{number})",
        "list": rf"(?P<n>{first}(?:{and_more})?)",
        "done": rf"(?P<n>{first}(?:{and_more}{ended})?)",
        "people": people,
        "people_list": rf"(?P<n>{some}|{one})",
        "aux": (
            r"(?:\s+(?:on board|aboard|inside|nearby)\b|\s*,[^,.;]{0,40},"
            r"|\s*, aged [\d, and]+,|\s+(?:\w+ )?(?:of them|among them)(?: \w+)?,?"
            rf"|\s+of(?: [\w-]+){{1,4}}?(?=\s+(?:{be}|died|lay|suffered|sustained|lost)\b)"
            r"|\s+(?:identified|named|known) as [^,.;]{1,40}?)?"
            rf"(?:\s+(?:{be}|been|being|reportedly|also|later|lay|confirmed|feared|then|all|who))*"
        ),
        "item": rf"{some}|{one}|{number}",
    }


@cache
def grammar() -> Grammar:
    """Compile ``casualties.toml``, once per process."""
    table: dict[str, Any] = tomllib.loads(
        resources.files("geo").joinpath("data/casualties.toml").read_text("utf-8")
    )
    words = {k: "(?:" + "|".join(v) + ")" for k, v in table["words"].items()}
    kept, macros = table["patterns"], _people(words)

    def compiled(pattern: str, fill: dict[str, str], case: int = re.IGNORECASE) -> re.Pattern[str]:
        filled = re.sub(r"\{(\w+)\}", lambda m: fill.get(m[1], m[0]), pattern.replace("\n", ""))
        return re.compile(filled, case)

    made = []
    for state in STATES:
        fill = {**macros, "state": words[state], "verb": f"(?:{table['verbs'][state]})"}
        people_only = kept["people_only"] if state == "killed" else ()
        told = (*kept["both"], *kept[state], *people_only, *kept["named"])
        none = compiled(f"{table['none'][state]}|{table['none']['both']}", {})
        made += [Telling(state, none=False, pattern=compiled(p, fill)) for p in told]
        made.append(Telling(state, none=True, pattern=none))
    return Grammar(
        Sieve.of((telling, telling.pattern.pattern) for telling in made),
        re.compile(rf"\b{words['plural']}\b"),
        re.compile(rf"\b{words['singular']}\b"),
        compiled(
            "|".join([*table["verbs"].values(), words["killed"], words["wounded"], *table["hints"]]), {}, 0
        ),
        compiled(macros["item"], {}),
        compiled(kept["rival"], macros),
        frozenset(table["sides"]),
        compiled(table["history"]["compares"], {}),
        compiled(table["history"]["totals"], {}),
    )


def marked(text: str) -> str:
    """Put a mark in the place of the first letter of each word for people; the length stays.

    Parameters
    ----------
    text : str
    """
    table = grammar()
    many = table.plural.sub(lambda m: _MANY + m[0][1:], text)
    return table.singular.sub(lambda m: _ONE + m[0][1:], many)
