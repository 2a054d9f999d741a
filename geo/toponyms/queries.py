"""From a span of text to the question put to the gazetteer: which rows, and what kind of place is meant.

Reads the words of the span and those beside it ("Kalbajar region", "the city of Tripoli", "Jackson and
Barrow counties"); needs no language model, so it serves spans found here and spans given by others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import normalize
from geo.toponyms.senses import (
    CAPITAL,
    COUNTRY,
    DIVISION,
    KINDS,
    NATURAL,
    OTHER,
    REGION,
    SUBDIVISION,
    TOWN,
    Array,
    Hits,
)
from geo.toponyms.vocabulary import Alias, Vocabulary, vocabulary

if TYPE_CHECKING:
    from geo.toponyms.senses import Senses

#: Readings of one name that are weighed at most; the least important beyond that are left out.
MOST = 60
#: Questions whose answers are kept: the same names come up again and again.
KEPT = 5000
#: Features that the name and the words beside it give each reading.
ASKED = (
    "importance", "own name", "without generic word", "by sound", "country", "division", "subdivision",
    "capital", "natural", "region", "as the words say", "not as the words say",
    "importance by another's name",
)  # fmt: skip

_BEFORE = re.compile(r"((?:[a-z-]+ ){0,2}[a-z-]+) of (?:the )?(?:(?:[a-z]+ern|[a-z]+) )?$", re.IGNORECASE)
_WORD_AFTER = re.compile(r" ([a-z]+)\b")
_PLURAL = re.compile(
    r"^(?:,? (?:and |or )?[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?)*,? (?:and |or )?(?:[A-Z][\w.'-]+ )?"
    r"((?i:counties|districts|provinces|regions|governorates|states|parishes|rivers|mountains|islands|streets|"
    r"roads))\b"
)
#: After a name that stands alone, not before a noun.
_NAME_ENDS = re.compile(
    r"[.,;:!?)]|$|\n| (?:and|or|but|to|in|into|on|by|with|for|of|from|after|at|near|over|under|below|above|"
    r"between|through|toward|towards|along|as|when|where|which|that|while|before|since|until|is|was|are|were|"
    r"has|have|had|will|would|can|could|may|might|[a-z]+ed)\b"
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
    features : ndarray
        By row and feature of `ASKED`.
    """

    key: str
    hits: Hits
    features: Array
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
    name = text[start:end]
    if name.endswith(("'s", "'")):
        name = name[: name.rindex("'")]
    if "\n" in name or "  " in name:
        name = " ".join(name.split())
    article = text[max(0, start - 4) : start].lower() == "the "
    if name.lower().startswith("the ") and len(name) > 4:
        name, article = name[4:], True
    hint = _hint_around(vocabulary(), text[max(0, start - 48) : start], text[end : end + 64])
    alone = article and bool(_NAME_ENDS.match(text[end : end + 16]))
    return _answer(senses, name, hint, article, alone)


@lru_cache(maxsize=KEPT)
def _answer(senses: Senses, name: str, around: str, article: bool, alone: bool) -> Query:
    """Answer for a name: the kind that the words around speak for, an article before, no noun after it."""
    words = vocabulary()
    alias = words.alias(name) or words.alias(name + ".")
    if alias is not None:
        # An alias whose place is not known here stays unresolved: "EU" is not the town of Eu.
        hits = _alias_rows(senses, alias)
        if alias.kind == "country" and len(name) > 4:
            own = senses.hits(name)  # Palestine is in Texas too, Holland in Michigan
            hits = _union(hits, own.only(own.main & (own.rung == 0)), stripped=False)
        only = alias if len(hits.rows) == 1 else None
        return _query(senses, f"{alias.place}|{alias.country}", hits, alias=only)
    bare, hint = _strip(words, name)
    hint = hint or around
    hits = whole = senses.hits(name)
    if article and not hint:
        hits = _with_article(senses, name, hits, alone=alone)
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
    return _query(senses, normalize(bare or name), hits, hint, part)


def _query(
    senses: Senses, key: str, hits: Hits, hint: str = "", part: str = "", alias: Alias | None = None
) -> Query:
    hits = _most_important(senses, hits)
    kind, agrees = senses.kind[hits.rows], hint_agrees(hint, senses.kind[hits.rows])
    main, prior = _own_names(senses, hits), senses.prior[hits.rows]
    features = np.column_stack((
        prior, main, hits.rung == 1, hits.rung == 2, kind == COUNTRY, (not hint) & (kind == DIVISION),
        (not hint) & (kind == SUBDIVISION), kind == CAPITAL, (kind == NATURAL) | (kind == OTHER),
        kind == REGION, agrees > 0, agrees < 0,
        # Aleppo was once Berea; who writes of Berea means one of the places of that name.
        prior * ((main < 1) & (main > 0).any()),
    )).astype(np.float64)  # fmt: skip
    return Query(key, hits, features, hint, part, alias)


def _own_names(senses: Senses, hits: Hits) -> Array:
    """Whether the name is each candidate's own; a town shares the name of the division it is the seat of."""
    rows, main = hits.rows, hits.main.astype(np.float64)
    if main.all() or not main.any():
        return main
    spelled = hits.rung == 0  # Nebraska City does not share the name of Nebraska
    for column in (senses.admin1, senses.admin2):
        around = column[rows]
        for division in set(rows[main > 0].tolist()).intersection(around.tolist()):
            within = np.flatnonzero((around == division) & spelled)
            if len(within):
                seat = within[int(senses.prior[rows[within]].argmax())]
                if senses.kind[rows[seat]] in (TOWN, CAPITAL):
                    main[seat] = 1.0
    return main


_NOTHING = Hits(np.zeros(0, np.int32), np.zeros(0, bool), np.zeros(0, np.int8))


def ask_name(senses: Senses, name: str) -> Query:
    """Put the question for a name alone, in any language."""
    hits = senses.hits(name)
    if (
        not hits.main.any()
    ):  # in other scripts no name is the gazetteer's own: all that are spelled so count alike
        hits = Hits(hits.rows, hits.rung == 0, hits.rung)
    return _query(senses, normalize(name), hits)


def _with_article(senses: Senses, name: str, hits: Hits, *, alone: bool) -> Hits:
    """Leave out what takes no article where it stands before a name that is one of waters or regions too.

    "The Niger", "on the Amur" are rivers, whatever country or region bears the name.
    """
    said = senses.hits(f"the {name}")
    said = said.only((said.rung == 0) & (said.main | np.isin(senses.kind[said.rows], (NATURAL, REGION))))
    if len(said.rows):  # "the Gulf", "The Hague"
        return said
    if not alone:  # "the Pacific coach", "the Atlantic City Council"
        return hits
    kinds = senses.kind[hits.rows]
    spelled = hits.rung < 2
    natural = kinds == NATURAL
    if (natural & (hits.rung == 0)).any():
        return hits.only((hits.rung == 0) & np.isin(kinds, (NATURAL, REGION)))
    if (natural & spelled).any():
        # After the article the name without "River" is the river's own.
        kept = hits.only(spelled & np.isin(kinds, (NATURAL, REGION)))
        return Hits(kept.rows, np.ones(len(kept.rows), bool), np.zeros_like(kept.rung))
    return hits.only(kinds != TOWN) if (spelled & (kinds == REGION)).any() else hits


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
    if after[:1] in (" ", ",") and (plural := _PLURAL.match(after)):
        return _PLURALS[plural[1].lower()]
    if (word := _WORD_AFTER.match(after)) and (kind := _kinds_after().get(word[1])):
        return kind
    if _ends_with_of(before.lower()) and (match := _BEFORE.search(before)):
        phrase = match[1].lower().split()
        for kind in ("division", "settlement", "country"):
            if (
                phrase[-1] in words[f"modifiers.{kind}"]
                or " ".join(phrase[-2:]) in words[f"modifiers.{kind}"]
            ):
                return kind
    elif f" {before}".removesuffix("called ").removesuffix("named ").endswith(_SETTLED):
        return "settlement"
    return ""


def _ends_with_of(before: str) -> bool:
    """Whether two words at most follow the last "of": a quick look before the pattern is tried."""
    last = before.rfind(" of ")
    return last >= 0 and before.count(" ", last + 4) <= 2


#: What stands right before the name of a settlement: "the village of Tegh" is told apart from "village Tegh".
_SETTLED = (" city ", " town ", " village ", " settlement ")


@cache
def _kinds_after() -> dict[str, str]:
    """Kind of place by the generic word after a name, without words that say other things as well."""
    kinds = {
        word: kind for kind in ("natural", "settlement", "division") for word in vocabulary()[f"kinds.{kind}"]
    }
    for doubtful in ("state", "city", "town", "village", "co", "pass", "range", "sound", "plain"):
        kinds.pop(doubtful, None)
    return kinds


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
        if part.lower() in _generic_words() or not part[:1].isupper() or len(part) < 4:
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


@cache
def _generic_words() -> frozenset[str]:
    """Words of which a name that is not known cannot be known by: "Bank" of "Bank of Japan", "Centre"."""
    words = vocabulary()
    lists = ("never.words", "organisation.heads", "modifiers.directions")
    kinds = ("street", "facility", "natural", "division", "settlement")
    return frozenset().union(*(words[name] for name in lists), *(words[f"kinds.{kind}"] for kind in kinds))


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
