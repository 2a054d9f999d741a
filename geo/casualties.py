"""How many were killed and wounded: numbers in digits and words, ranges kept, "not known" never zero."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|one hundred(?: and \w+)?|a hundred|(?:a|one|two|three) dozen|" + "|".join(_UNITS) + r")"
)
_PEOPLE = (
    r"(?:people|persons?|civilians?|soldiers?|troops|servicemen|serviceman|servicewom[ae]n|policem[ae]n|police officers?|officers?|residents?|villagers?|farmers?|workers?|women|woman|men|man|"
    r"children|child|boys?|girls?|others?|fighters?|militants?|rebels?|gunm[ae]n|demonstrators?|protesters?|passengers?|students?|teachers?|guards?|migrants?|journalists?|medics?|nurses?|doctors?|patients?|"
    r"drivers?|herders?|fishermen|shepherds?|traders?|worshippers?|members|civilians|employees?|miners?|bystanders?|paramilitar(?:y|ies)|pensioners?|teenagers?|couple|family members|security personnel|personnel|victims?|shoppers?|attackers?|assailants?|insurgents?|marchers|players|engineers?|rescuers?|volunteers?|commuters?|pilgrims?|merchants?|infants?|bab(?:y|ies)|mothers?|fathers?|brothers?|sisters?)"
)
_KILL = r"(?:killed|dead|died|slain|shot dead|stabbed to death|fatalities|deaths?|lost their lives|perished|beheaded|burned to death)"
_HURT = r"(?:wounded|injured|hurt|injuries|hospitali[sz]ed|maimed)"


@dataclass(frozen=True, slots=True)
class Casualties:
    """Numbers killed and wounded as ``(low, high)``; None where not told."""

    killed: tuple[int, int] | None = None
    wounded: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return self.killed is not None or self.wounded is not None


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
        return 12 * (1 if first in {"a", "one"} else _UNITS.index(first))
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


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    number = rf"(?<!no )(?:at least |more than |over |about |around |some |up to |nearly |almost |as many as |an estimated )*(?P<n>{_NUMBER})(?:\s*(?:-|–|to|or)\s*(?P<n2>{_NUMBER}))?"
    one = rf"(?<!no )(?P<one>an?|one|the)\s+(?:[\w-]+\s+){{0,3}}?(?!\w*s\b){_PEOPLE}\b"
    noun = rf"(?:\s+(?:of (?:them|whom)|(?:[\w’'-]+\s+){{0,4}}?{_PEOPLE}))?"
    aux = r"(?:\s*,[^,.;]{0,40},)?(?:\s+(?:were|was|are|is|have|has|had|been|being|reportedly|also|later|left|lay|confirmed|feared))*"
    number = number.replace("(?P<n>", r"(?:between )?(?P<n>", 1).replace(
        "–|to|or)", "–|to|or|and(?=\\s+\\w+\\s+(?:people|were|was|civilians|soldiers|others)))"
    )
    both = rf"{number}{noun}{aux}\s+"
    joined = rf"(?:{number}{noun}|{one}|(?P<any>an?)\s+(?!dozen|number|few|bill|deal)\w+)"
    made = []
    for key, state, verb in (
        ("killed", _KILL, r"kill(?:s|ed|ing)?|claim(?:ed|ing) the lives of|left|leaving"),
        ("wounded", _HURT, r"(?:wound|injur|hurt)(?:s|ed|ing|es|e)?|left|leaving"),
    ):
        made.append(
            (
                re.compile(
                    rf"\bnumber of (?:the )?(?:\w+ )?{state}\b[^.;]{{0,40}}?\b(?:to|at|of|stands at|reached|was|is)\s+{number}",
                    re.I,
                ),
                key,
            )
        )
        made += [
            (re.compile(rf"\b{both}{state}\b", re.I), key),
            (re.compile(rf"\b{one}{aux}\s+{state}\b", re.I), key),
            (re.compile(rf"\b(?:{verb})\s+{joined}\b(?:\s+(?P<state>dead|{_HURT}))?", re.I), key),
            (re.compile(rf"\b(?:lost|losing|burying|buried)\s+{number}{noun}", re.I), "killed"),
            (
                re.compile(
                    rf"\b(?:death toll|toll)\b[^.;]{{0,40}}?\b(?:to|at|of|stands at|reached)\s+{number}", re.I
                ),
                "killed",
            )
            if key == "killed"
            else (re.compile(rf"\b{state}\s*:\s*{number}", re.I), key),
        ]
    return made


_NO_DEATHS = re.compile(
    r"\b(?:no (?:deaths|fatalities|one (?:was |were )?(?:killed|died))|nobody (?:was killed|died))\b", re.I
)
_NO_HURT = re.compile(
    r"\b(?:no (?:injuries|one (?:was |were )?(?:hurt|injured|wounded))|nobody (?:was )?(?:hurt|injured|wounded))\b",
    re.I,
)
_NO_ANY = re.compile(
    r"\b(?:no|without(?: any)?) (?:casualties|victims)\b(?! figures| toll)|\bcaused no (?:casualties|injuries)\b",
    re.I,
)
_ADDED = re.compile(rf"^\s*(?:,|and)\s+(?:an?|(?P<n>{_NUMBER}))\s+(?:[\w-]+\s+){{0,2}}?{_PEOPLE}\b", re.I)


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
    found: dict[str, tuple[int, int]] = {}
    for pattern, key in _patterns():
        for m in pattern.finditer(text):
            groups = m.groupdict()
            word = m[0].lower()
            if key == "wounded" and groups.get("state", "") and groups["state"].lower() == "dead":
                continue
            if word.startswith(("left", "leaving")):
                state = (groups.get("state") or "").lower()
                if not state or (key == "killed") != (state == "dead"):
                    continue
            low = (
                to_number(groups["n"])
                if groups.get("n")
                else (1 if groups.get("one") or groups.get("any") else None)
            )
            if low is None or key in found:
                continue
            high = (to_number(groups["n2"]) if groups.get("n2") else None) or low
            if (
                m[0].endswith(tuple("abcdefghijklmnopqrstuvwxyz"))
                and (more := _ADDED.match(text[m.end() :]))
                and pattern.pattern.startswith(r"\b(?:kill")
            ):
                extra = (to_number(more["n"]) or 0) if more["n"] else 1
                low, high = low + extra, high + extra
            found[key] = (min(low, high), max(low, high))
    if _NO_ANY.search(text):
        found.setdefault("killed", (0, 0))
        found.setdefault("wounded", (0, 0))
    if _NO_DEATHS.search(text):
        found.setdefault("killed", (0, 0))
    if _NO_HURT.search(text):
        found.setdefault("wounded", (0, 0))
    return Casualties(found.get("killed"), found.get("wounded"))
