"""Languages other than English: which one a text is in, and the places it names.

No model is used: the language is told by script, letters and function words (``geo/data/tongues.toml``);
names are found by looking words up in the gazetteer, their endings of case taken off.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

from geo.toponyms.senses import CAPITAL, COUNTRY, DIVISION, SUBDIVISION, TOWN
from geo.toponyms.vocabulary import DATA

if TYPE_CHECKING:
    from geo.toponyms.senses import Hits, Senses

#: Longest name looked up, in words, and forms of one name tried at most.
LONGEST, FORMS = 4, 80
#: Characters that tell the language of a text.
SAMPLE = 2000
#: A word or name is a mention from this score on.
THRESHOLD = 0.5

_SCRIPTS = {
    "Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Armenian": re.compile("[\u0531-\u0587]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u0259\u018f]"),
}
_NOT_LATIN = re.compile("[\u0400-\u06ff]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_JOINS = frozenset(("de", "la", "le", "del", "du", "des", "el", "los", "las", "sur", "da", "do"))
#: A sentence ends between two words.
_STOP = re.compile(r"[.!?:;\u0589\u06d4\u061f\n]")


@dataclass(frozen=True, slots=True)
class Tongue:
    """What is known of a language; see ``tongues.toml``."""

    code: str
    name: str
    script: str
    words: frozenset[str]
    letters: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    after: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()
    endings: tuple[tuple[str, str], ...] = ()
    common: frozenset[str] = frozenset()
    elision: bool = False

    @property
    def capitals(self) -> bool:
        """Whether names begin with a capital."""
        return self.script != "Arabic"


@cache
def tongues() -> dict[str, Tongue]:
    """Load the languages, by ISO 639-1 code, once per process."""
    with (DATA / "tongues.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        code: Tongue(
            code,
            table["name"],
            table["script"],
            frozenset(table["words"]),
            frozenset(table.get("letters", "")),
            frozenset(table.get("before", ())),
            tuple(table.get("after", ())),
            tuple(table.get("glued", ())),
            tuple((a, b) for a, b in table.get("endings", ())),
            frozenset(table.get("common", ())),
            table.get("elision", False),
        )
        for code, table in tables.items()
    }


def language_of(text: str) -> str:
    """Tell the language a text is in.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        ISO 639-1 code; ``"en"`` also where nothing tells another: too short a text, none of the languages
        known here.
    """
    sample = text[:SAMPLE]
    script = "Latin"
    if not sample.isascii() and _NOT_LATIN.search(sample):
        letters = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
        script = max(letters, key=lambda name: letters[name])
    known, letters_of = _telling(script)
    words = filter(known.__contains__, sample.lower().replace("'", " ").split())
    scores = {
        code: 0.5 * sum(map(sample.count, letters)) if not sample.isascii() else 0.0
        for code, letters in letters_of.items()
    }
    for word, times in Counter(words).items():
        for code in known[word]:
            scores[code] += times
    best = max(scores, key=lambda code: scores[code])
    if script == "Latin" and (scores[best] < 4 or scores[best] < 1.5 * scores["en"]):
        return "en"
    return best


@cache
def _telling(script: str) -> tuple[dict[str, list[str]], dict[str, frozenset[str]]]:
    """Words that tell the languages of a script, each with those that have it; and the letters of each."""
    own = {code: t for code, t in tongues().items() if t.script == script}
    words: dict[str, list[str]] = {}
    for code, t in own.items():
        for word in t.words:
            words.setdefault(word, []).append(code)
    return words, {code: t.letters for code, t in own.items()}


@dataclass(frozen=True, slots=True)
class Named:
    """A name found: its span (code points, end exclusive), its form in the gazetteer, how surely a place."""

    start: int
    end: int
    name: str
    sure: float


def find_names(text: str, code: str, view: Senses) -> list[Named]:
    """Find the names of places in a text that is not in English, longest first.

    Parameters
    ----------
    text : str
        Plain text (`geo.language.plain`).
    code : str
        ISO 639-1 code of one of `tongues`.
    view : Senses

    Returns
    -------
    list of Named
        In order, not overlapping.
    """
    tongue = tongues()[code]
    words = [(m.start(), m.end(), m[0]) for m in (_PLAIN_WORD if tongue.elision else _WORD).finditer(text)]
    gaps = [text[a[1] : b[0]] for a, b in pairwise(words)]
    plain_words = {w.lower() for _, _, w in words if w[0].islower()}
    found: list[Named] = []
    i = 0
    while i < len(words):
        step = 1
        for j in _runs(tongue, words, gaps, i):
            start, end = words[i][0], words[j - 1][1]
            hit = base_form(view, tongue, text[start:end])
            if hit is None:
                continue
            name, cut = hit
            before = words[i - 1][2].lower() if i and not _STOP.search(gaps[i - 1]) else ""
            last = found[-1] if found else None
            # "Bakıda və Naxçıvanda": one place after another.
            listed = last is not None and _is_list(tongue, text[last.end : start + cut])
            # A word of a person's or a body's name: capitals beside it that are no place, and no ending.
            beside = tongue.capitals and (
                (bool(before) and gaps[i - 1] == " " and words[i - 1][2][0].isupper()
                 and (last is None or last.end < words[i - 1][1]))
                or (j < len(words) and gaps[j - 1] == " " and words[j][2][0].isupper()
                    and name == text[start:end])
            )  # fmt: skip
            known = view.hits(name)
            follows = words[j][2].lower() if j < len(words) and gaps[j - 1] == " " else ""
            called = bool(follows) and follows.startswith(tongue.after or (" ",))
            sure = _sure(
                view, known, place_before=listed or called or before in tongue.before, opens=not before,
                beside=beside, size=j - i, capitals=tongue.capitals,
            )  # fmt: skip
            if j - i == 1 and tongue.capitals and words[i][2].lower() in plain_words:
                sure -= 0.4
            if sure >= THRESHOLD:
                found.append(Named(start + cut, end, name, min(sure, 0.95)))
                step = j - i
                break
        i += step
    return found


def _runs(tongue: Tongue, words: list[tuple[int, int, str]], gaps: list[str], i: int) -> Iterator[int]:
    """Give the ends of the runs of words from `i` on that may be one name, longest first."""
    first = words[i][2]
    if len(first) < 3 or first.lower() in tongue.words or first.lower() in tongue.common:
        return
    if tongue.capitals and not first[0].isupper():
        return
    ends = [i + 1]
    for j in range(i + 1, min(len(words), i + LONGEST)):
        if gaps[j - 1] != " ":
            break
        word = words[j][2]
        if not tongue.capitals or word[0].isupper():
            if not tongue.capitals and word in tongue.words:
                break
            ends.append(j + 1)
        elif word not in _JOINS:
            break
    yield from reversed(ends)


def base_form(view: Senses, tongue: Tongue, text: str) -> tuple[str, int] | None:
    """Give the form of a name that the gazetteer knows, and how many letters glued to its front were cut.

    As written if it is known so; else without endings of case and what is glued to its front, the reading
    that matters most; None where none is known.
    """
    if text.isupper() and tongue.capitals:
        text = text.title()
    if (hits := view.hits(text).rung < 2).any():
        return text, 0
    best: tuple[float, str, int] | None = None
    for form, cut in _forms(tongue, text):
        hits_of = view.hits(form)
        spelled = hits_of.rung < 2
        if spelled.any() and len(form) >= 3:
            weight = float(view.prior[hits_of.rows[spelled]].max()) - 0.5 * bool(cut)
            if best is None or weight > best[0]:
                best = weight, form, cut
    if best is not None:
        return best[1], best[2]
    sounded = view.hits(text)
    if len(text) >= 5 and tongue.capitals and len(sounded.rows) and not hits.any():
        return text, 0
    return None


def _forms(tongue: Tongue, text: str) -> Iterator[tuple[str, int]]:
    words = text.split(" ")
    choices = [[w, *_stems(tongue, w)] for w in words]
    for count, parts in enumerate(product(*choices)):
        if count >= FORMS:
            break
        if count:
            yield " ".join(parts), 0
    for front in tongue.glued:
        if text.startswith(front) and len(text) - len(front) >= 3:
            yield text[len(front) :], len(front)


def _stems(tongue: Tongue, word: str) -> Iterator[str]:
    for ending, instead in tongue.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            yield word[: len(word) - len(ending)] + instead


def _is_list(tongue: Tongue, gap: str) -> bool:
    """Whether nothing but a comma or a short word for "and" stands between two names."""
    words = [w.lower() for w in _WORD.findall(gap)]
    if not words and (gap.strip() in (",", "\u060c") or gap.strip() in tongue.glued):
        return True
    return len(words) == 1 and (words[0] in _AND or words[0] in tongue.glued) and not _STOP.search(gap)


#: "And" and "or" in the languages known here.
_AND = frozenset(
    ("и", "или", "і", "й", "та", "або", "və", "ve", "և", "եւ", "و", "y", "e", "o", "et", "ou", "und", "ed")
)


def _sure(
    view: Senses, hits: Hits, *, place_before: bool, opens: bool, beside: bool, size: int, capitals: bool
) -> float:
    """Score from 0 to 1 how surely a known name is meant as a place."""
    spelled = hits.rung < 2
    rows = hits.rows[spelled] if spelled.any() else hits.rows
    best = rows[int(view.prior[rows].argmax())]
    kind, weight = int(view.kind[best]), float(view.prior[best])
    score = 0.35 if capitals else 0.1
    if kind in (COUNTRY, CAPITAL):
        score += 0.4
    elif kind == DIVISION or (kind in (TOWN, SUBDIVISION) and weight >= 5):
        score += 0.3
    elif weight >= 4:
        score += 0.2
    score += 0.3 * place_before + 0.2 * (size > 1)
    if not spelled.any():
        score -= 0.15 if weight >= 4 else 0.35
    if beside and kind != COUNTRY and not (place_before and weight >= 5):
        score -= 0.4
    if opens and capitals and weight < 4:
        score -= 0.15
    return score


def reading_note(text: str) -> str | None:
    """Say plainly what is not read in a text that is not in English; None for one that is.

    Parameters
    ----------
    text : str
    """
    code = language_of(text)
    if code == "en":
        return None
    return (
        f"the text seems to be in {tongues()[code].name}: its places are found, but incidents are read from "
        "English only."
    )
