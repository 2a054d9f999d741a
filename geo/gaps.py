"""Names that stand where an event's place stands, and that the reading of places passed over.

A capitalised name after "near" or "the village of", in a sentence that tells an event, is a place far more
often than the same name elsewhere; it is looked up then, and kept only where the gazetteer knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.dates import find_times
from geo.resolution import locate
from geo.spots import FIRED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from gazetteer import Gazetteer
    from geo.articles import Article
    from geo.events import Event
    from geo.language import Plain
    from geo.mentions import Mention

#: A name found this way counts as a place from this confidence on.
FLOOR = 0.3

_BEFORE = frozenset(
    {"in", "near", "at", "outside", "around", "inside", "into", "toward", "towards", "across", "through"}
)
_GENERIC = frozenset(
    [
        "village",
        "town",
        "city",
        "settlement",
        "district",
        "province",
        "region",
        "suburb",
        "camp",
        "port",
        "area",
        "commune",
        "county",
        "municipality",
        "neighbourhood",
        "neighborhood",
        "capital",
        "outskirts",
        "enclave",
        "hamlet",
        "direction",
        "vicinity",
    ]
)
_OBJECTS = frozenset(
    {
        "shell",
        "bomb",
        "bombard",
        "visit",
        "hit",
        "strike",
        "attack",
        "pound",
        "target",
        "storm",
        "raid",
        "tour",
    }
)


def missing_spans(
    doc: Doc, events: Sequence[Event], covered: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Find names in the place of a place that no mention covers.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    events : sequence of Event
    covered : sequence of (start, end)
        Mentions there are, code points in the document.

    Returns
    -------
    list of (start, end)
        Code points in the document, end exclusive.
    """
    taken = [*covered] + [(e.start, e.end) for e in find_times(doc.text)]
    found: dict[int, tuple[int, int]] = {}
    for first, last in sorted({e.sentence for e in events}):
        i = first
        while i < last:
            j = i
            while j < last and _is_name(doc[j]):
                j += 1
            if j > i:
                start, end = doc[i].idx, doc[j - 1].idx + len(doc[j - 1])
                if (
                    j - i <= 4
                    and _leads(doc, i, first, events)
                    and all(end <= a or start >= b for a, b in taken)
                ):
                    found[start] = (start, end)
                i = j
            else:
                i += 1
    return list(found.values())


def _is_name(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and token.text[-1:].isalpha() and len(token) > 2


def _leads(doc: Doc, i: int, first: int, events: Sequence[Event]) -> bool:
    """Whether the words before a name lead to a place."""
    if i <= first:
        return False
    before = doc[i - 1]
    if before.lower_ in _BEFORE:
        return True
    if before.lower_ == "of" and i - 2 >= first and doc[i - 2].lower_ in _GENERIC:
        return True
    if before.lower_ in _GENERIC and before.pos_ == "NOUN":
        return True
    return any(
        e.head == i - 1
        and before.lemma_ in _OBJECTS
        and (e.type in FIRED or e.type in {"visit", "violence", "attack"})
        for e in events
    )


def fill_gaps(
    article: Article,
    flat: Plain,
    doc: Doc,
    events: Sequence[Event],
    mentions: tuple[Mention, ...],
    places: Gazetteer,
) -> tuple[Mention, ...]:
    """Add to the mentions of an article those that its events lead to.

    Parameters
    ----------
    article : Article
    flat : Plain
        The text that `doc` was parsed from.
    doc : spacy.tokens.Doc
    events : sequence of Event
    mentions : tuple of Mention
        With offsets into ``article.text``.
    places : Gazetteer

    Returns
    -------
    tuple of Mention
        In the order of the text.
    """
    here = [flat.here(m.start, m.end) for m in mentions]
    spans = missing_spans(doc, events, here)
    spans = [
        s
        for s in spans
        if len(places.rows(doc.text[s[0] : s[1]])) and not places.is_stop(doc.text[s[0] : s[1]])
    ]
    if not spans:
        return mentions
    given = [flat.original(*s) for s in spans]
    known = [(m.start, m.end) for m in mentions if m.place is not None]
    resolved = locate(article, places, spans=[*known, *given])[len(known) :]
    more = [m for m in resolved if m.place is not None and m.confidence >= FLOOR]
    return tuple(sorted((*mentions, *more), key=lambda m: m.start))
