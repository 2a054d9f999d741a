"""From a span of text to the question put to the gazetteer: which rows, and what kind of place is meant.

Reads the words of the span and those beside it ("Kalbajar region", "the city of Tripoli", "Jackson and
Barrow counties"); needs no language model, so it serves spans found here and spans given by others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import normalize
from geo.toponyms.senses import COUNTRY, DIVISION, KINDS, NATURAL, REGION, TOWN, Array, Hits
from geo.toponyms.vocabulary import Alias, Vocabulary, vocabulary

if TYPE_CHECKING:
    from geo.toponyms.senses import Senses

#: Readings of one name that are weighed at most; the least important beyond that are left out.
MOST = 60

_POSSESSIVE = re.compile(r"(?:'s|')$")
_BEFORE = re.compile(r"((?:[a-z-]+ ){0,2}[a-z-]+) of (?:the )?(?:(?:[a-z]+ern|[a-z]+) )?$", re.IGNORECASE)
_KIND_BEFORE = re.compile(r"\b([a-z-]+) (?:called |named )?$")
_AFTER = re.compile(r"^ (?:[a-z]+ )?([a-z]+)\b", re.IGNORECASE)
_AFTER_ONE = re.compile(r"^ ([a-z]+)\b", re.IGNORECASE)
_PLURAL = re.compile(
    r"^(?:,? (?:and |or )?[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?)*,? (?:and |or )?(?:[A-Z][\w.'-]+ )?"
    r"(counties|districts|provinces|regions|governorates|states|parishes|rivers|mountains|islands|streets|roads)\b",
    re.IGNORECASE,
)
#: After a name that stands alone, not before a noun.
_NAME_ENDS = re.compile(
    r"[.,;:!?)]|$|\n| (?:and|or|to|in|on|by|with|for|of|from|after|at|is|was|are|were|has)\b"
)
_ANY_PLURAL = re.compile(
    "(?i:count|district|province|region|governorate|state|parishe|river|mountain|island|street|road)"
)
_PLURALS = {
    "counties": "division", "districts": "division", "provinces": "division", "regions": "division",
    "governorates": "division", "states": "division", "parishes": "division", "rivers": "natural",
    "mountains": "natural", "islands": "natural", "streets": "street", "roads": "street",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for one span.

    Attributes
    ----------
    key : str
        Equal for spans of one name.
    hits : Hits
        Rows of the gazetteer; empty where the name is not known.
    hint : str
        Kind of place the words speak for: ``division``, ``settlement``, ``natural``, ``street``,
        ``facility``, ``country`` or ``""``.
    part : str
        The part of the name that was looked up, where the whole is not known ("Kentucky" of
        "University of Kentucky"); ``""`` otherwise.
    alias : Alias or None
        Set where a table says what the form stands for.
    """

    key: str
    hits: Hits
    hint: str = ""
    part: str = ""
    alias: Alias | None = None


def ask(senses: Senses, text: str, start: int, end: int) -> Query:
    """Put the question for one span.

    Parameters
    ----------
    senses : Senses
    text : str
        Plain text (`geo.language.plain`).
    start, end : int
        The span, code points of `text`.
    """
    words = vocabulary()
    name = _POSSESSIVE.sub("", " ".join(text[start:end].split()))
    article = text[max(0, start - 4) : start].lower() == "the "
    if name.lower().startswith("the ") and len(name) > 4:
        name, article = name[4:], True
    alias = words.alias(name) or words.alias(name + ".")
    if alias is not None:
        # An alias whose place is not known here stays unresolved: "EU" is not the town of Eu.
        hits = _alias_rows(senses, alias)
        if alias.kind != "country" or len(name) < 5:
            return Query(f"{alias.place}|{alias.country}", hits, alias=alias)
        own = senses.hits(name)  # Palestine is in Texas too, Holland in Michigan
        hits = _union(hits, own.only(own.main & (own.rung == 0)), stripped=False)
        return Query(f"{alias.place}|{alias.country}", hits, alias=alias if len(hits.rows) == 1 else None)
    bare, hint = _strip(words, name)
    hint = hint or _hint_around(words, text[max(0, start - 48) : start], text[end : end + 64])
    hits = whole = senses.hits(name)
    if article and not hint:
        hits = _with_article(senses, name, hits, text[end : end + 12])
    if bare and bare != name and not (len(hits.rows) and not hint):  # "West Virginia" is not Virginia
        # "Kalbajar region": the name with its generic word and the name without are both asked for.
        hits = _union(
            hits, senses.hits(bare), stripped=hint in ("division", "settlement", "natural", "country")
        )
        if hint in ("street", "facility") and not len(senses.hits(name).rows):
            hits = _NOTHING
        elif hint == "natural":  # the Mississippi River is not Mississippi
            natural = np.isin(senses.kind[hits.rows], (NATURAL, REGION))
            hits = hits.only(natural | np.isin(hits.rows, whole.rows))
    part = ""
    if not len(hits.rows) and hint != "natural":
        part, hits = _known_part(senses, words, name)
    return Query(normalize(bare or name), _most_important(senses, hits), hint, part)


_NOTHING = Hits(np.zeros(0, np.int32), np.zeros(0, bool), np.zeros(0, np.int8))


def ask_name(senses: Senses, name: str) -> Query:
    """Put the question for a name alone, in any language."""
    hits = senses.hits(name)
    if (
        not hits.main.any()
    ):  # in other scripts no name is the gazetteer's own: all that are spelled so count alike
        hits = Hits(hits.rows, hits.rung == 0, hits.rung)
    return Query(normalize(name), _most_important(senses, hits))


def _with_article(senses: Senses, name: str, hits: Hits, after: str) -> Hits:
    """Leave out towns where an article stands before a name that is one of waters or regions too."""
    said = senses.hits(f"the {name}")
    said = said.only((said.rung == 0) & np.isin(senses.kind[said.rows], (NATURAL, REGION)))
    if len(said.rows):  # "the Gulf"
        return said
    if not _NAME_ENDS.match(after):  # "the Pacific coach", "the Atlantic City Council"
        return hits
    wide = (hits.rung < 2) & np.isin(senses.kind[hits.rows], (NATURAL, REGION))
    return hits.only(~np.isin(senses.kind[hits.rows], (TOWN,))) if wide.any() else hits


def _alias_rows(senses: Senses, alias: Alias) -> Hits:
    if not alias.place:
        row = senses.country_row.get(alias.country)
        return _only(np.array([row], np.int32)) if row is not None else _NOTHING
    hits = senses.hits(alias.place)
    keep = np.ones(len(hits.rows), bool)
    if alias.country:
        keep &= senses.country[hits.rows] == senses.country_names.get(alias.country, -1)
    else:
        keep &= np.isin(senses.kind[hits.rows], (NATURAL, REGION, COUNTRY, DIVISION))
    if alias.kind == "division":
        keep &= senses.kind[hits.rows] == DIVISION
    rows = hits.rows[keep]
    return _only(rows[[int(np.argmax(senses.prior[rows]))]]) if len(rows) else _NOTHING


def _only(rows: Array) -> Hits:
    return Hits(rows, np.ones(len(rows), bool), np.zeros(len(rows), np.int8))


def _strip(words: Vocabulary, name: str) -> tuple[str, str]:
    """Name without its generic words and the kind they speak for: ("Kalbajar", "division")."""
    parts = name.split()
    low = [p.lower() for p in parts]
    if " of " in name:
        head, _, tail = name.partition(" of ")
        head = head.lower()
        for kind in ("country", "division", "settlement"):
            if head in words[f"modifiers.{kind}"]:
                return tail.removeprefix("the "), kind
    hint = ""
    for size in (2, 1):
        if len(parts) > size:
            last = " ".join(low[-size:])
            kind = next(
                (
                    k
                    for k in ("division", "settlement", "natural", "street", "facility")
                    if last in words[f"kinds.{k}"]
                ),
                "",
            )
            if kind:
                hint = kind
                parts, low = parts[:-size], low[:-size]
                break
    if not hint and len(parts) > 1 and low[0] in words["kinds.before"]:
        return " ".join(parts), "natural" if low[0] not in ("fort", "ft", "ft.", "port", "camp") else ""
    while len(parts) > 1 and low[0] in words["modifiers.directions"] and hint in ("", "division"):
        # "southern Nevada" is asked for as Nevada beside what bears the whole name.
        parts, low = parts[1:], low[1:]
    return " ".join(parts), hint


def _hint_around(words: Vocabulary, before: str, after: str) -> str:
    """Kind that the words beside the span speak for."""
    before, after = before.rsplit("\n", 1)[-1], after.split("\n", 1)[0]
    if _ANY_PLURAL.search(after) and (plural := _PLURAL.match(after)):
        return _PLURALS[plural[1].lower()]
    if match := _AFTER_ONE.match(after):
        word = match[1]
        for kind in ("division", "settlement", "natural"):
            if word in words[f"kinds.{kind}"] and word not in (
                "state",
                "city",
                "town",
                "village",
                "co",
                "pass",
                "range",
                "sound",
                "plain",
            ):
                return kind
    if " of " in before.lower() and (match := _BEFORE.search(before)):
        phrase = match[1].lower().split()
        for kind in ("division", "settlement", "country"):
            if (
                phrase[-1] in words[f"modifiers.{kind}"]
                or " ".join(phrase[-2:]) in words[f"modifiers.{kind}"]
            ):
                return kind
    elif (match := _KIND_BEFORE.search(before)) and match[1] in ("city", "town", "village", "settlement"):
        return "settlement"
    return ""


def _union(one: Hits, two: Hits, *, stripped: bool) -> Hits:
    """Hits of the whole name and of the bare one, which counts as one rung lower."""
    rows = np.concatenate((one.rows, two.rows))
    main = np.concatenate((one.main, two.main))
    rung = np.concatenate((one.rung, np.maximum(two.rung, 1 if stripped else 0)))
    order = np.lexsort((rung, rows))
    rows, main, rung = rows[order], main[order], rung[order]
    first = np.ones(len(rows), bool)
    first[1:] = rows[1:] != rows[:-1]
    return Hits(rows[first], main[first], rung[first].astype(np.int8))


def _most_important(senses: Senses, hits: Hits) -> Hits:
    if len(hits.rows) <= MOST:
        return hits
    kept = np.argsort(-senses.prior[hits.rows], kind="stable")[:MOST]
    return Hits(hits.rows[kept], hits.main[kept], hits.rung[kept])


def _known_part(senses: Senses, words: Vocabulary, name: str) -> tuple[str, Hits]:
    """Find a part of an unknown name that is known: its longest beginning or ending, not a plain word."""
    parts = re.split(r"[\s/-]+", name)
    if len(parts) < 2:
        return "", _NOTHING
    tries = [
        (i, j)
        for size in range(len(parts) - 1, 0, -1)
        for i, j in ((0, size), (len(parts) - size, len(parts)))
    ]
    for i, j in tries:
        part = " ".join(parts[i:j])
        if part.lower() in words["never.words"] or not part[:1].isupper() or len(part) < 4:
            continue
        alias = words.alias(part)
        if alias is not None and alias.kind == "demonym":  # Frenchmen Street is not in France
            continue
        hits = _alias_rows(senses, alias) if alias else senses.hits(part)
        kept = hits.rung < 2
        if not alias and j - i == 1:
            # One word of a longer name must matter: a large town, a division, a country.
            kept &= hits.main & (
                (senses.population[hits.rows] >= 4) | np.isin(senses.kind[hits.rows], (COUNTRY, DIVISION))
            )
        if kept.any():
            return part, Hits(hits.rows[kept], hits.main[kept], hits.rung[kept])
    return "", _NOTHING


def hint_agrees(hint: str, kinds: Array) -> Array:
    """1 where a kind of place is the one hinted at, -1 where it is another, 0 without a hint."""
    meant = {
        "division": ("division", "subdivision"),
        "settlement": ("capital", "town"),
        "natural": ("natural", "region"),
        "country": ("country",),
    }.get(hint)
    if meant is None:
        return np.zeros(len(kinds), np.float64)
    return np.where(np.isin(kinds, [KINDS.index(k) for k in meant]), 1.0, -1.0)
