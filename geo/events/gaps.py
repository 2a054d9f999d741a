"""Names that stand where an event's place stands, and that the reading of places passed over.

A capitalised name after "near" or "the village of", in a sentence that tells an event, is a place far more
often than the same name elsewhere. It is looked up then, and kept where the gazetteer knows it; a name
that was doubted for itself alone is looked up again. The confidence stays as low as the reading is doubtful.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.events.expressions import find_times
from geo.events.lexicon import forms, words
from geo.events.spots import FIRED, km_between
from geo.resolution import locate_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gazetteer import Gazetteer
    from gazetteer.place import Candidate, Place
    from geo.articles import Article
    from geo.events.event import Event
    from geo.language import Plain
    from geo.mentions import Mention
    from geo.parsed import Doc, Token

#: A name found this way counts as a place from this confidence on.
FLOOR = 0.25

#: The least share of its readings that the town of a name must have, to be meant where its division could be.
TOWN_SHARE = 0.02


def missing_spans(
    doc: Doc, events: Sequence[Event], covered: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Find names in the place of a place that no mention covers.

    Parameters
    ----------
    doc : geo.parsed.Doc
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
            while j < last and _is_name(doc.tokens[j]):
                j += 1
            if j > i:
                start, end = doc[i].idx, doc[j - 1].idx + len(doc[j - 1])
                if (
                    j - i <= 4
                    and end - start > 2
                    and (_leads(doc, i, first, events) or _holds(doc, j) or _undergoes(doc[j - 1], events))
                    and all(end <= a or start >= b for a, b in taken)
                ):
                    found[start] = (start, end)
                i = j
            else:
                i += 1
    return list(found.values())


def _is_name(token: Token) -> bool:
    return (
        token.pos_ in {"PROPN", "NOUN"}
        and token.text[:1].isupper()
        and token.text[-1:].isalpha()
        and len(token) > 1
    )


def _undergoes(name: Token, events: Sequence[Event]) -> bool:
    """Whether a name is the subject of what is done to it: "Marhanets came under fire"."""
    verb = name.head
    if name.is_sent_start and (name.pos_ != "PROPN" or name.tag_ == "NNS"):
        return False  # "Dozens were detained"
    undergone = name.dep_ == "nsubjpass" or (
        name.dep_ == "nsubj" and bool(words("subjects", "undergo").intersection(forms(verb)))
    )
    return undergone and any(
        (e.head == verb.i or verb.is_ancestor(name.doc[e.head]))
        and (e.type in FIRED or name.ent_type_ not in {"PERSON", "ORG", "NORP"})
        for e in events
    )


def _holds(doc: Doc, after: int) -> bool:
    """Whether a name is followed by a part of it: "Sanaa's Sabeen square"."""
    parts = words("places", "parts") | words("places", "facilities")
    tail = doc[after : after + 5]
    return bool(tail) and tail[0].text in {"'s", "’s"} and any(t.lower_ in parts for t in tail)


def _leads(doc: Doc, i: int, first: int, events: Sequence[Event]) -> bool:
    """Whether the words before a name lead to a place."""
    if i <= first:
        return False
    before = doc[i - 1]
    if before.text == "From" and i - 1 == first:
        return True  # "From Zalingei word has come that ..."
    if before.lower_ in words("places", "before"):
        return True
    if (
        before.lower_ == "to"
        and i - 2 >= first
        and doc[i - 2].lower_ in {"close", "next", "adjacent", "near"}
    ):
        return True
    if before.lower_ == "of" and i - 2 >= first:
        whose = doc[i - 2]
        leads = words("places", "of_place") | words("places", "locals") | words("places", "generic")
        if leads.intersection(forms(whose)):
            return True
        if any(e.head == i - 2 for e in events):
            return True  # "the shelling of Beryslav"
    if before.lower_ in words("places", "generic") and before.pos_ == "NOUN":
        return True
    return any(
        e.head == i - 1
        and before.lemma_ in words("places", "hit")
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
    doc : geo.parsed.Doc
    events : sequence of Event
    mentions : tuple of Mention
        With offsets into ``article.text``.
    places : Gazetteer

    Returns
    -------
    tuple of Mention
        In the order of the text.
    """
    doubted = {(m.start, m.end) for m in mentions if m.place is None and m.use == "literal"}
    covered = [flat.here(m.start, m.end) for m in mentions if (m.start, m.end) not in doubted]
    spans = missing_spans(doc, events, covered)
    spans = [s for s in spans if _is_known(doc.text[s[0] : s[1]], places)]
    mentions = tuple(_as_town(m, flat, doc, events, places) for m in mentions)
    if not spans:
        return mentions
    given = [flat.original(*s) for s in spans]
    known = [(m.start, m.end) for m in mentions if m.place is not None]
    resolved = locate_one(article, places, spans=[*known, *given], flat=flat)[len(known) :]
    more = [m for m in resolved if m.place is not None and m.confidence >= FLOOR]
    kept = [m for m in mentions if all(m.end <= n.start or m.start >= n.end for n in more)]
    return tuple(sorted((*kept, *more), key=lambda m: m.start))


def _is_known(name: str, places: Gazetteer) -> bool:
    """Whether a name is one of the gazetteer's; one that begins like "Er Rahad" only as it is written."""
    if not len(places.rows(name)) or places.is_stop(name):
        return False
    return len(name.split()[0]) > 2 or places.find(name, limit=1)[0].match == "exact"


def _as_town(mention: Mention, flat: Plain, doc: Doc, events: Sequence[Event], places: Gazetteer) -> Mention:
    """Read "in Aleppo" as the town, not its province, where an event is told and no "province" follows."""
    place = mention.place
    if place is None or mention.use != "literal" or not place.feature.startswith(("A.ADM1", "A.ADM2")):
        return mention
    span = doc.covering(*flat.here(mention.start, mention.end))
    if span is None or not any(e.sentence[0] - 6 <= span.start < e.sentence[1] for e in events):
        return mention
    around = {t.lower_ for t in doc[span.start : span.end + 2]}  # "Dashkasan district" says so itself
    if span.start > 1 and doc[span.start - 1].lower_ == "of" and doc[span.start - 2].lower_ != "district":
        around.add(doc[span.start - 2].lower_)
    if span.start and doc[span.start - 1].pos_ == "NOUN":
        around.add(doc[span.start - 1].lower_)
    if around & words("places", "divisions"):
        return mention
    town = _town_of(mention.candidates, place) or _town_of(
        places.find(mention.text, country=place.country), place
    )
    if town is None or km_between(town, place) > place.radius_km * 1.5:
        return mention
    why = f"{mention.why}; the town, not the division of its name: something happened there"
    return replace(mention, place=town, confidence=mention.confidence * 0.9, why=why)


def _town_of(candidates: Iterable[Candidate], division: Place) -> Place | None:
    """Return the first town of the division's country that has enough of a name's readings."""
    return next(
        (
            c.place
            for c in candidates
            if c.place.feature.startswith("P")
            and c.place.country == division.country
            and c.score >= TOWN_SHARE
        ),
        None,
    )
