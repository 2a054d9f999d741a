"""How many were killed and wounded: numbers in digits and words, ranges kept, "not known" never zero.

The patterns are data (``geo/data/casualties.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.events import counting
from geo.events.counting import NUMBER, Grammar, to_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.events.event import Event
    from geo.parsed import Doc, Span

#: A word before people counted that makes them an object of their own: of "wounding three and two died", two.
_GOVERNED = re.compile(
    r"\b(?:\w+(?:ed|ing)|shot|hit|took|left|held|at|on|in|with|by|near|from)\s+(?:\w+ )?$", re.IGNORECASE
)

#: What makes a number one that comes to those told before.
_FURTHER = re.compile(r"\balso\b|^(?:another|a further|a (?:second|third|fourth|fifth))\b", re.IGNORECASE)

#: Between a number and a year it makes the year that of something else: "killed in a town held in 2017".
_OPENS_CLAUSE = re.compile(r"\b(?:that|which|who|whom|whose|when|where|as|after)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Toll:
    """One number of people that a text tells.

    Attributes
    ----------
    state : str
        ``killed`` or ``wounded``.
    low, high : int
    whom : str
        The last word for the people counted: "soldiers"; empty where there is none.
    start, end : int
        Where it is told, code points in the text, end exclusive.
    further : bool
        Whether it comes to one told before: "were also killed".
    """

    state: str
    low: int
    high: int
    whom: str
    start: int
    end: int
    further: bool = False


@dataclass(frozen=True, slots=True)
class Casualties:
    """Numbers killed and wounded as ``(low, high)``; None where not told.

    Attributes
    ----------
    killed, wounded : tuple[int, int] or None
    further : bool
        Whether they are told as coming to those told before: "three attackers were also killed".
    """

    killed: tuple[int, int] | None = None
    wounded: tuple[int, int] | None = None
    further: bool = field(default=False, compare=False)

    def __bool__(self) -> bool:
        return self.killed is not None or self.wounded is not None

    @classmethod
    def of(cls, tolls: Sequence[Toll]) -> Casualties:
        """Return the number of each state: the first, and what is told of the other side beside it."""
        found: dict[str, tuple[int, int]] = {}
        sides: dict[str, set[str]] = {}
        for toll in tolls:
            told = sides.setdefault(toll.state, set())
            if not told:
                found[toll.state] = toll.low, toll.high
            elif toll.further or (toll.whom and "" not in told and toll.whom not in told):
                low, high = found[toll.state]
                found[toll.state] = low + toll.low, high + toll.high
            told.add(toll.whom)
        return cls(found.get("killed"), found.get("wounded"), any(t.further for t in tolls))

    def filled(self, more: Casualties, *, rivals: bool = False) -> Casualties:
        """Return these numbers, those not told taken from others.

        Parameters
        ----------
        more : Casualties
            Added where either are further ones.
        rivals : bool, optional
            Whether another source gives them: both ends are kept.
        """

        def united(own: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
            if own is None or other is None:
                return own if own is not None else other
            if self.further or more.further:
                return own[0] + other[0], own[1] + other[1]
            return (min(own[0], other[0]), max(own[1], other[1])) if rivals else own

        return Casualties(united(self.killed, more.killed), united(self.wounded, more.wounded))


def find_casualties(text: str) -> Casualties:
    """Find the numbers killed and wounded that a sentence tells.

    Parameters
    ----------
    text : str

    Returns
    -------
    Casualties
        "At least 14" is 14; "three to five" keeps both ends; "no casualties" is zero; "a farmer and his
        son" are two.
    """
    return Casualties.of(find_tolls(text))


@lru_cache(maxsize=512)  # each event of a sentence asks
def find_tolls(text: str) -> tuple[Toll, ...]:
    """Find every number killed and wounded that a sentence tells, the plainest first.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of Toll
        Without totals and numbers of years gone by.
    """
    grammar, low = counting.grammar(), text.lower()
    found: list[Toll] = []
    tried = grammar.told.left(low)
    if not tried or not grammar.hint.search(low):
        return ()
    marked = counting.marked(text)
    for state in counting.STATES:
        for pattern in (p for of, none, p in tried if of == state and not none):
            for m in pattern.finditer(marked):
                ends = _count(m, text, grammar.item)
                taken = any(t.state == state and t.start < m.end() and m.start() < t.end for t in found)
                if not taken and not _is_history(text, m.start(), m.end(), grammar):
                    found.append(
                        Toll(
                            state,
                            *ends,
                            _whom(m, text, grammar.sides),
                            *m.span(),
                            bool(_FURTHER.search(m[0])),
                        )
                    )
        if state == "killed" and found and (rival := grammar.rival.search(marked)):
            found[0] = _against(found[0], rival, grammar.item)
        if not any(t.state == state for t in found):
            nobody = (p for of, none, p in tried if of == state and none)
            found += [Toll(state, 0, 0, "", m.start(), m.end()) for p in nobody for m in p.finditer(text)]
    return tuple(found)


def _against(toll: Toll, rival: re.Match[str], item: re.Pattern[str]) -> Toll:
    """Widen a number by that of another source."""
    low, high = _count(rival, rival.string, item)
    return replace(toll, low=min(toll.low, low), high=max(toll.high, high))


def tolls_of(event: Event, others: Iterable[Event], doc: Doc) -> Casualties:
    """Find the numbers that a sentence tells of one of its events.

    Parameters
    ----------
    event : Event
    others : iterable of Event
        The other events of its sentence: what is told of them is left out.
    doc : geo.parsed.Doc
    """
    sentence = doc[event.sentence[0] : event.sentence[1]]
    heads = {e.head for e in (event, *others)}
    tolls = find_tolls(sentence.text)
    if len(heads) > 1:
        tolls = tuple(t for t in tolls if _owner(t, heads, sentence) == event.head)
    return Casualties.of(tolls)


def _owner(toll: Toll, heads: set[int], sentence: Span) -> int:
    """Return the head of the event that a number is told of: above it in the tree, below it, or nearest."""
    start = sentence.start_char
    span = sentence.doc.covering(start + toll.start, start + toll.end) or sentence
    root = next(t for t in span if t.head is t or not span.start <= t.head.i < span.end)
    within = [h for h in heads if span.start <= h < span.end]
    above = [t.i for t in root.ancestors if t.i in heads]
    below = [h for h in heads if root.is_ancestor(sentence.doc[h])]
    return min(within or above[:1] or below or heads, key=lambda h: abs(h - root.i))


def _count(match: re.Match[str], text: str, item: re.Pattern[str]) -> tuple[int, int]:
    """Add up the people a match counts."""
    counted = match.groupdict().get("n")
    if counted is None:
        return 1, 1  # one person, by name
    parts = list(_numbers(counted, item))
    if len(parts) > 1 and match.start("n") == match.start() and _GOVERNED.search(text[: match.start()]):
        parts = parts[-1:]
    if not parts:
        parts = [(1, 1)]  # "another"
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _whom(match: re.Match[str], text: str, sides: frozenset[str]) -> str:
    """Return whose people a match counts, where it says of which side they are."""
    if match.groupdict().get("n") is None:
        return ""
    counted = re.findall(r"[a-z-]+", text[match.start("n") : match.end("n")].lower())
    word = counted[-1].removesuffix("s") if counted else ""
    return word if word in sides else ""


def _numbers(counted: str, item: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for m in item.finditer(counted):
        said = re.findall(rf"\b{NUMBER}\b", re.sub(r"(?:\bof |\baged |, )\d+$", "", m[0]), re.IGNORECASE)
        ends = [n for s in said[:2] if (n := to_number(s)) is not None]
        yield (min(ends), max(ends)) if ends else (1, 1)


def _is_history(text: str, start: int, end: int, grammar: Grammar) -> bool:
    """Whether the clause around a number speaks of other days."""
    first = max(text.rfind(mark, 0, start) for mark in ";:—") + 1
    last = min((n for mark in ";:—" if (n := text.find(mark, end)) >= 0), default=len(text))
    clause = grammar.compares.sub(lambda m: " " * len(m[0]), text[first:last])
    for m in grammar.totals.finditer(clause):
        between = clause[min(end - first, m.end()) : max(m.start(), start - first)]
        if not _OPENS_CLAUSE.search(between):
            return True
    return False
