"""Spans of a parsed text that may name a place: proposed by gazetteer, language model and patterns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from gazetteer.names import strip_generic
from geo.toponyms.senses import Senses, Summary, senses
from geo.toponyms.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from geo.parsed import Doc

#: Longest name looked up, in tokens; longest abbreviation whose full stop belongs to a name ("Mts. Bay").
LONGEST = 7
LONGEST_SHORT = 3

_JOINS = frozenset(
    ("of", "the", "de", "la", "le", "del", "du", "da", "do", "dos", "das", "el", "al", "and", "upon", "on",
     "sur", "am", "an", "der", "den", "und", "y", "e")
)  # fmt: skip
_MARKS = frozenset(("-", "'", ".", "/", "'s", "&"))
_OPENING = frozenset(('"', ":", "-", "--", "\u2013", "\u2014", "("))
_LABELS = frozenset(("GPE", "LOC", "FAC", "NORP"))
#: Words that call the name beside them a place and nothing else: "Zaylik settlement", "the village of Tegh".
CALLED = frozenset(
    ("settlement", "settlements", "village", "villages", "hamlet", "region", "district", "districts",
     "province", "oblast", "raion", "rayon", "governorate", "prefecture", "county")
)  # fmt: skip
_NUMBERED = frozenset(("interstate", "highway", "route", "hwy"))
#: Generic words that end a name; "region" and its like also when written small ("Kalbajar region").
_ENDINGS = ("street", "facility", "natural", "division", "settlement")


@dataclass(slots=True)
class Span:
    """A proposed span.

    Attributes
    ----------
    start, end : int
        Tokens, end exclusive.
    first, last : int
        Characters of the parsed text, end exclusive.
    text : str
    use : str
    features : set of str
        What speaks for or against its being a place.
    """

    start: int
    end: int
    first: int
    last: int
    text: str
    use: str = "literal"
    features: set[str] = field(default_factory=set)


class Reading:
    """A parsed text laid out for reading: strings by token, entities by token.

    spaCy makes token objects and `Doc.text` anew at each access; here each is read once.
    """

    def __init__(self, doc: Doc, places: Gazetteer) -> None:
        self.doc = doc
        self.vocabulary: Vocabulary = vocabulary()
        self.senses: Senses = senses(places)
        self.text: str = doc.text
        self.words: list[str] = [t.text for t in doc]
        self.lower: list[str] = [w.lower() for w in self.words]
        self.starts: list[int] = [t.idx for t in doc]
        self.ends: list[int] = [start + len(w) for start, w in zip(self.starts, self.words, strict=True)]
        self.pos: list[str] = [t.pos_ for t in doc]
        self.capital: list[bool] = [w[0].isupper() or w[:2] in ("d'", "D'") for w in self.words]
        #: By token: label, first token and end of its named entity.
        self.entity: list[tuple[str, int, int]] = [("", 0, 0)] * len(self.words)
        self.entities = [(e.label_, e.start, e.end) for e in doc.ents]
        for label, start, end in self.entities:
            self.entity[start:end] = [(label, start, end)] * (end - start)
        #: Tokens at which a sentence or a quotation begins, and those that open a line, bullets left out.
        self.opens, self.heads = {0, *(s.start for s in doc.sents)}, {0}
        for i, word in enumerate(self.words):
            if "\n" in word or word in _OPENING:
                self.opens.add(i + 1)
            if "\n" in word or (i in self.heads and not word[0].isalnum()):
                self.heads.add(i + 1)

    def phrase(self, start: int, end: int) -> str:
        """Text of tokens `start` to `end` (exclusive)."""
        return self.text[self.starts[start] : self.ends[end - 1]]


def propose(doc: Doc, places: Gazetteer) -> list[Span]:
    """Propose every span worth a look, with its features and use."""
    from geo.toponyms.cues import Cues

    reading = Reading(doc, places)
    proposed: dict[tuple[int, int], set[str]] = defaultdict(set)
    stops: dict[tuple[int, int], int] = {}
    for start, end, stop, why in from_gazetteer(reading):
        proposed[start, end].add(why)
        stops[start, end] = stop
    for start, end, why in from_model(reading):
        if not _cut_from(reading, start, end, proposed):
            proposed[start, end].add(why)
    for start, end, why in from_patterns(reading):
        proposed[start, end].add(why)
        if why == "pattern:division" and summarize(reading, reading.phrase(start, end)) is not None:
            # "Dashkasan district" is one name, not the town of Dashkasan.
            proposed.pop((start, end - 1), None)
            proposed[start, end].add("known division")
    spans = []
    for (start, end), found in sorted(proposed.items()):
        last = reading.ends[end - 1] + stops.get((start, end), 0)
        spans.append(
            Span(start, end, reading.starts[start], last, reading.phrase(start, end), features=found)
        )
    cues = Cues(reading, spans)
    for span in spans:
        cues.describe(span)
    return spans


def _cut_from(r: Reading, start: int, end: int, names: Iterable[tuple[int, int]]) -> bool:
    """Whether a span is what a hyphen cuts off a known name: the Rhineland of Rhineland-Palatinate."""
    before = start > 1 and r.words[start - 1] == "-" and r.ends[start - 1] == r.starts[start]
    after = end < len(r.words) and r.words[end] == "-" and r.ends[end - 1] == r.starts[end]
    return (before or after) and any(a <= start and end <= b and b - a > end - start for a, b in names)


def from_gazetteer(r: Reading) -> Iterator[tuple[int, int, int, str]]:
    """Give names the gazetteer knows, longest first: tokens, 1 for a full stop that belongs to it, how."""
    i = 0
    while i < len(r.words):
        end = 0
        if r.capital[i]:
            for end in _runs(r, i):
                text = r.phrase(i, end)
                stop = 0
                alias = r.vocabulary.alias(text)
                if alias is None and r.text[r.ends[end - 1] : r.ends[end - 1] + 1] == ".":
                    # "Ala." is one token or two; its full stop belongs to it.
                    alias, stop = r.vocabulary.alias(text + "."), 1
                if alias is not None:
                    yield i, end, stop, f"scan:{alias.kind}" + ("" if alias.alone else ":weak")
                    break
                if _is_name(r, text, i, end):
                    yield i, end, 0, "scan:name"
                    break
            else:
                end = 0
        i = end or i + 1


def _is_name(r: Reading, text: str, start: int, end: int) -> bool:
    if end - start == 1 and (
        len(text) < 3
        or (
            text.lower() in r.vocabulary["never.words"]
            and r.entity[start] not in (("GPE", start, end), ("LOC", start, end))
        )
    ):
        return False
    if r.lower[start] in ("the", "a", "an"):  # "The Hague", but "Armenia" of "The Armenia Army"
        hits = r.senses.hits(text)
        return bool((hits.main & (hits.rung == 0)).any())
    return summarize(r, text) is not None


def _is_own_name(r: Reading, text: str) -> bool:
    """Whether a place that matters bears exactly this name."""
    hits = r.senses.hits(text)
    return bool((hits.main & (hits.rung == 0) & (r.senses.prior[hits.rows] >= 4)).any())


def summarize(r: Reading, text: str) -> Summary | None:
    """Say what a name means at best; "Republic of X" and "X region" mean what X means, if nothing else."""
    found = r.senses.summary(text)
    if found is None and " of " in text:
        head, _, tail = text.partition(" of ")
        tail = tail.removeprefix("the ")
        if (
            head.lower() in r.vocabulary["modifiers.country"]
            and tail.lower() not in r.vocabulary["never.words"]
        ):
            found = r.senses.summary(tail)
    if found is None and text.rpartition(" ")[2].lower() in CALLED and (bare := strip_generic(text)):
        found = r.senses.summary(bare.name)
    return found


def _runs(r: Reading, start: int) -> Iterator[int]:
    """Give the ends of the runs of capitalised words from `start` on, longest first."""
    ends, i = [start + 1], start + 1
    while i < min(len(r.words), start + LONGEST):
        if r.words[i] == "." and len(r.words[i - 1]) > LONGEST_SHORT:
            break  # a sentence ends: "Homs. A bus ..." is no place
        if r.capital[i] or r.words[i].isdigit():
            ends.append(i + 1)
        elif (r.lower[i] not in _JOINS and r.words[i] not in _MARKS and not _glued(r, i)) or (
            r.words[i] in (".", "-") and r.ends[i - 1] < r.starts[i]
        ):
            break
        i += 1
    return reversed(ends)


def _glued(r: Reading, i: int) -> bool:
    """Whether a word is held by hyphens on both sides: the "au" of Port-au-Prince."""
    return (
        i + 1 < len(r.words)
        and r.words[i - 1] == r.words[i + 1] == "-"
        and r.starts[i] == r.ends[i - 1]
        and r.starts[i + 1] == r.ends[i]
    )


def from_model(r: Reading) -> Iterator[tuple[int, int, str]]:
    """Give the model's entities that are places or peoples, without articles, directions and possessives."""
    directions = r.vocabulary["modifiers.directions"]
    for label, start, end in r.entities:
        if label not in _LABELS:
            continue
        while start < end and (r.lower[start] in directions or not r.capital[start]):
            if r.capital[start] and end - start > 1 and _is_own_name(r, r.phrase(start, end)):
                break  # South Sudan lies south of Sudan
            start += 1
        while end > start and (r.lower[end - 1] in ("'s", "'", ".") or not r.words[end - 1][0].isalnum()):
            end -= 1
        if start < end and "\n" not in r.phrase(start, end):
            yield start, end, f"model:{label}"


@cache
def _telling_words() -> frozenset[str]:
    """Words that one of the patterns goes by."""
    return CALLED.union(_NUMBERED, *(vocabulary()[f"kinds.{kind}"] for kind in _ENDINGS))


def from_patterns(r: Reading) -> Iterator[tuple[int, int, str]]:
    """Give streets, facilities, natural features and divisions by the generic word they end with."""
    lists = [(kind, r.vocabulary[f"kinds.{kind}"]) for kind in _ENDINGS]
    directions, never = r.vocabulary["modifiers.directions"], r.vocabulary["never.words"]
    telling = _telling_words()
    for i in range(1, len(r.words)):
        if r.lower[i] not in telling:
            continue
        if r.lower[i] in _NUMBERED and i + 1 < len(r.words) and r.words[i + 1][0].isdigit():
            yield i, i + 2, "pattern:street"
        if r.lower[i] in CALLED and not r.capital[i] and r.capital[i - 1]:  # "Tegh settlement"
            start = i - 1
            while 0 < start > i - 4 and r.capital[start - 1] and r.ends[start - 1] + 1 == r.starts[start]:
                start -= 1
            yield start, i, "pattern:called"
        for kind, heads in lists:
            if r.lower[i] not in heads or not (r.capital[i] or kind == "division"):
                continue
            if r.lower[i + 1 : i + 2] == ["of"]:  # "the Republic of": what follows is the name
                continue
            start = i
            while (
                start
                and i - start <= 4
                and (r.capital[start - 1] or (start < i and r.lower[start - 1] in ("of", "and", "'s")))
            ):
                start -= 1
            while start < i and (
                not r.capital[start] or (kind == "division" and r.lower[start] in directions)
            ):
                start += 1
            if start < i and not (i - start == 1 and start in r.opens and r.lower[start] in never):
                yield start, i + 1, f"pattern:{kind}"
