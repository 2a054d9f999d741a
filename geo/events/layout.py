"""What the layout says of where: places that head a line, the event told just before, the dateline.

An event whose own sentence names no place has that of its heading, of the event told before it in the same
paragraph, or, for what happens where reporters sit, of the dateline; each with less confidence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geo.events.clauses import clause_head
from geo.events.lexicon import family, forms, words
from geo.events.sites import Site, is_facility, is_unknown_building
from geo.events.spots import Spot, km_between, may_hold, qualifies, role_in

if TYPE_CHECKING:
    from geo.events.stories import Story, Telling
    from geo.parsed import Doc, Span, Token

#: How many sentences on a place told in the same paragraph still holds.
REACH = 4
#: Below this confidence a place gives way to a heading that lies farther away than this (kilometres).
UNSURE, FAR_KM = 0.7, 100.0

#: Families of what may be told in the paragraph above, by type or family of what goes on from there.
_GOES_ON = {
    "violence": frozenset({"violence", "unrest"}),
    "unrest": frozenset({"violence", "unrest"}),
    "ceasefire": frozenset({"violence", "diplomacy"}),
    "agreement": frozenset({"diplomacy"}),
}

_BEFORE_HEADING = re.compile(r"\W*(?:\d+[.)/]|\d\d:\d\d(?:\s?[-–]\s?\d\d:\d\d)?)?\W*(?:[A-Z][\w-]+/)?")
_AFTER_HEADING = re.compile(
    r"(?:/[A-Z][\w ]+|, [A-Z][\w.]+(?: (?:province|state|region|district|oblast|county|governorate))?)?"
    r"\s*(?:[.:](?=\s)|\s[–—-]\s)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of a text and the places that head them.

    Attributes
    ----------
    line : tuple of int
        Number of the line each sentence stands on.
    labels : dict of int to Spot
        The place that heads a line, as in a bulletin ("Mykolaiv. Two missiles ..."), by number of the line.
    headings : frozenset of Spot
        All mentions that only head a line; they are no sites of the sentences after them.
    dateline : Spot or None
        The place of writing.
    """

    line: tuple[int, ...]
    labels: dict[int, Spot] = field(default_factory=dict)
    headings: frozenset[Spot] = frozenset()
    dateline: Spot | None = None
    spots: tuple[Spot, ...] = ()
    starts: tuple[int, ...] = ()

    @classmethod
    def of(cls, doc: Doc, sentences: Sequence[Span], spots: Sequence[Spot]) -> Layout:
        """Read the layout of a parsed text.

        Parameters
        ----------
        doc : geo.parsed.Doc
        sentences : sequence of geo.parsed.Span
            All of them, in order.
        spots : sequence of Spot
        """
        text = doc.text
        lines = tuple(
            text.count("\n", 0, s.start_char + len(s.text) - len(s.text.lstrip())) for s in sentences
        )
        order = {s.start: n for n, s in enumerate(sentences)}
        labels: dict[int, Spot] = {}
        headings: set[Spot] = set()
        for spot in spots:
            before = text[text.rfind("\n", 0, spot.mention.start) + 1 : spot.mention.start]
            after = text[spot.mention.end : spot.mention.end + 40]
            if "/" in before[-1:] + after[:1] and before.count(" ") <= 1:
                headings.add(spot)  # a dateline of two cities heads nothing
            elif _BEFORE_HEADING.fullmatch(before) and _AFTER_HEADING.match(after):
                headings.add(spot)
                labels.setdefault(lines[order[doc[spot.first].sent.start]], spot)
        if len(labels) == 1 and next(iter(labels.values())).mention.use == "dateline":
            labels = {}  # where it was written, not a heading in a bulletin
        dateline = next((s for s in spots if s.mention.use == "dateline" and s.mention.place), None)
        starts = tuple(s.start for s in sentences)
        return cls(lines, labels, frozenset(headings), dateline, tuple(spots), starts)

    def opens_part(self, order: int, sentences: Sequence[Span]) -> bool:
        """Whether a sentence heads a part of a bulletin: "Izium district.", "Wajir." before what was there.

        What the part above told last says nothing of its day.
        """
        line = self.line[order]
        if not order or self.line[order - 1] == line or self.line[order + 1 : order + 2] != (line,):
            return False
        heading = sentences[order].text.strip()
        return (
            len(heading.split()) <= 4
            and heading.endswith((".", ":"))
            and not any(t.pos_ in {"VERB", "AUX"} for t in sentences[order])
        )

    def place_for(self, telling: Telling, stories: Sequence[Story], doc: Doc) -> Site | None:
        """Find the place of an event whose own sentence names none.

        Parameters
        ----------
        telling : Telling
        stories : sequence of Story
            All of the article.
        doc : geo.parsed.Doc
        """
        if self._names_unresolved(telling, doc):
            return None
        headed = self._heading(telling)
        if headed and self._stands_at_unknown(telling, doc):
            return None
        if self._names_unknown(telling, doc):
            return headed
        if headed:
            return headed
        return (
            self._taken_up(telling, stories, doc)
            or self._told_before(telling, stories)
            or self._set_in(telling, doc)
            or self._written_at(telling, doc)
            or self._told_above(telling, stories, doc)
        )

    def _taken_up(self, telling: Telling, stories: Sequence[Story], doc: Doc) -> Site | None:
        """Return the place that "the town", "this city" or "there" takes up."""
        event = telling.event
        if telling.event.headline:
            return None
        taken = {i for s in self.spots for i in range(s.first, s.last + 1)}
        for token in (doc[i] for i in sorted(event.clause)):
            det = {c.lower_ for c in token.children if c.dep_ == "det"}
            if token.dep_ == "compound":  # "in the town hall"
                det |= {c.lower_ for c in token.head.children if c.dep_ == "det"}
            later = token.nbor() if token.i + 1 < len(doc) else None
            if (
                token.lower_ in words("places", "generic")
                and token.i not in taken
                and det & {"the", "this", "that"}
            ):
                if later is not None and (later.lower_ in {"of", "'s", "’s"} or later.i in taken):
                    continue
                if "this" in det and self.dateline is not None:
                    return Site(
                        self.dateline.mention,
                        role_in(telling.event),
                        weight=0.7,
                        why="“this” of the dateline",
                    )
            elif token.lower_ in words("places", "aftermath") and "the" in det:
                if later is not None and later.lower_ in {"of", "in", "near", "at"}:
                    continue
            elif token.lower_ == "here" and self.dateline is not None:
                return Site(
                    self.dateline.mention, role_in(telling.event), weight=0.7, why="“here” of the dateline"
                )
            elif token.lower_ not in {"there", "nearby", "here", "again"} or token.dep_ == "expl":
                continue
            kinds = ("P", "A") if token.lower_ in words("places", "divisions") else ("P",)
            before = [
                s
                for s in self.spots
                if s.last < event.sentence[0]
                and s.mention.place
                and s.mention.use == "literal"
                and s.mention.place.feature.startswith(kinds)
                and event.sentence[0] - s.first < 90
            ]
            before = [s for n, s in enumerate(before) if not (n and qualifies(s, before[n - 1], doc))]
            told = [s for t in (t for st in stories for t in st.tellings) for s in t.places
                    if t.order < telling.order and t is not telling and s.mention.place
                    and s.mention.place.feature.startswith(kinds) and t.event.told == "fact"]  # fmt: skip
            why = f"taken up by “{token.text}”"
            last = max(told, key=lambda s: s.mention.start) if told else None
            if last and before and self._is_spoken_of(before[-1], last, doc, event.sentence[0]):
                last = None  # "In Sanaa the group marched. ... in the city": the one named since
            if last:
                return replace(last, role=role_in(telling.event), weight=0.7, why=why, inferred=True)
            if before:
                return Site(before[-1].mention, role_in(telling.event), weight=0.6, why=why, inferred=True)
        return None

    def _is_spoken_of(self, spot: Spot, told: Site, doc: Doc, here: int) -> bool:
        """Whether a town is named in the paragraph read, after the last place where something was told."""
        between = doc.text[spot.mention.end : doc[here].idx]
        return told.mention.start < spot.mention.start and "\n" not in between.strip()

    def _heading(self, telling: Telling) -> Site | None:
        """Return the place that heads the line."""
        spot = self.labels.get(self.line[telling.order])
        if spot is None or spot.mention.place is None:
            return None
        # In capitals it may be only where the report was written.
        doubtful = spot.mention.text.isupper() and family(telling.event.type) == "violence"
        why = "the place that heads the paragraph"
        return Site(
            spot.mention, role_in(telling.event), weight=0.5 if doubtful else 0.75, why=why, inferred=True
        )

    def belies(self, order: int, sites: Sequence[Site]) -> bool:
        """Whether what a line names lies far from the town that heads it: "Kherson: ... Dnipro district"."""
        spot = self.labels.get(self.line[order])
        if spot is None or spot.mention.place is None or spot.mention.text.isupper():
            return False
        head = spot.mention.place
        return head.feature.startswith("P") and all(
            s.mention.place is not None
            and s.mention.confidence < UNSURE
            and (head.country, head.admin1) != (s.mention.place.country, s.mention.place.admin1)
            and km_between(head, s.mention.place) > FAR_KM
            for s in sites
        )

    def _told_before(self, telling: Telling, stories: Sequence[Story]) -> Site | None:
        """Return the place of the event told last in the same paragraph."""
        if telling.event.headline:
            return None
        nearest: tuple[int, Site] | None = None
        for other in (t for story in stories for t in story.tellings):
            gap = telling.order - other.order
            if other is telling or not other.places or other.event.told == "planned" or not 0 <= gap <= REACH:
                continue
            if telling.event.type in {"ceasefire", "agreement"} and family(other.event.type) == "violence":
                continue  # an ambush, "two days before leaders ordered a truce"
            if self.line[other.order] == self.line[telling.order] and (nearest is None or gap <= nearest[0]):
                nearest = (gap, other.places[0])
        if nearest is None:
            return None
        weight = 0.75 if nearest[0] == 0 else 0.5
        why = "named for what was told just before"
        return replace(nearest[1], role=role_in(telling.event), weight=weight, why=why, inferred=True)

    def _order_of(self, spot: Spot) -> int:
        return bisect_right(self.starts, spot.first) - 1

    def _set_in(self, telling: Telling, doc: Doc) -> Site | None:
        """Return the place where the paragraph is set: "In the course of a search in Malgobek, ..."."""
        if telling.event.headline or telling.event.kind != "verb":
            return None
        above = [
            s
            for s in self.spots
            if s.mention.place
            and s.mention.use == "literal"
            and s not in self.headings
            and clause_head(doc[s.last]).dep_ != "relcl"  # "the company, whose smelter stands in X"
            and 0 < telling.order - self._order_of(s) <= REACH
            and self.line[self._order_of(s)] == self.line[telling.order]
            and not s.mention.place.feature.startswith("A.PCL")
        ]
        first = [s for s in above if self._order_of(s) == self._order_of(above[0])]
        led = [s for s in first if not s.lead or s.lead[-1] in words("places", "plain")]
        if not led or (len(above) > len(first)):
            return None
        why = "the place that the paragraph opens with"
        return Site(led[0].mention, role_in(telling.event), weight=0.5, why=why, inferred=True)

    def _names_unresolved(self, telling: Telling, doc: Doc) -> bool:
        """Whether its sentence places it where the gazetteer knows of none: "at Fafi"."""
        first, last = telling.event.sentence
        return any(
            first <= s.first < last
            and s.mention.place is None
            and s.mention.use == "literal"
            and bool(s.lead)
            and s.lead[-1] in words("places", "plain") | {"from"}
            and not is_unknown_building(s, doc)
            for s in self.spots
        )

    def _stands_at_unknown(self, telling: Telling, doc: Doc) -> bool:
        """Whether its clause is at or between places that nothing knows: none that heads the line is it."""
        taken = {i for s in self.spots for i in range(s.first, s.last + 1)}
        return any(
            token.tag_ == "NNP"
            and token.i not in taken
            and token.nbor(-1).lower_ in {"at", "between", "near"}
            and token.ent_type_ not in {"DATE", "TIME", "EVENT", "LAW"}
            and token.dep_ == "pobj"
            and not _in_building(token)
            for token in (doc[i] for i in sorted(telling.event.clause))
            if token.i
        )

    def _names_unknown(self, telling: Telling, doc: Doc) -> bool:
        """Whether its clause names a place that nothing knows: then no other stands for it."""
        taken = {i for s in self.spots for i in range(s.first, s.last + 1)}
        return any(
            token.pos_ == "PROPN"
            and token.i not in taken
            and token.i > telling.event.sentence[0]
            and token.ent_type_ not in {"DATE", "TIME", "NORP", "EVENT", "LAW"}
            and not token.text.isupper()
            and token.tag_ in {"NNP", "NNPS"}
            and not _in_building(token)
            and (
                token.nbor(-1).lower_ in words("places", "before") | {"from"}
                or (
                    token.head.i == telling.event.head
                    and token.dep_ == "dobj"
                    and token.head.lemma_ in words("places", "hit")
                )
                or (
                    token.ent_type_ in {"GPE", "LOC", "FAC"}
                    and token.nbor(-1).lower_ in words("places", "locative")
                )
                or (
                    token.nbor(-1).lower_ == "of"
                    and words("places", "of_place").intersection(forms(token.nbor(-2)))
                )
            )
            for token in doc[telling.event.sentence[0] : telling.event.sentence[1]]
        )

    def _told_above(self, telling: Telling, stories: Sequence[Story], doc: Doc) -> Site | None:
        """Return the place of what was told in the paragraph above, for what goes on from there."""
        families = _GOES_ON.get(telling.event.type) or _GOES_ON.get(family(telling.event.type))
        if telling.event.headline or not families:
            return None
        if self._names_unknown(telling, doc):
            return None
        first, last = telling.event.sentence
        named = (s for s in self.spots if first <= s.first < last and s.mention.use == "literal")
        if any(may_hold(s, doc, telling.event) for s in named):
            return None  # its own sentence names a place, and none that fits
        above = [
            (t.order, s)
            for story in stories
            for t in story.tellings
            for s in t.places[:1]
            if 0 < telling.order - t.order <= 2
            and t.event.told == "fact"
            and family(t.event.type) in families
        ]
        if not above or telling.event.kind != "verb":
            return None
        site = max(above, key=lambda x: x[0])[1]
        return replace(
            site,
            role=role_in(telling.event),
            weight=0.4,
            why="named for what was told in the paragraph above",
        )

    def _written_at(self, telling: Telling, doc: Doc) -> Site | None:
        """Return the place of writing, for what happens in the town where reporters sit."""
        if telling.event.headline or self.dateline is None or self._names_unknown(telling, doc):
            return None
        if doc[telling.event.head].dep_ == "advcl" and telling.event.type in {"ceasefire", "agreement"}:
            return None  # "two days before their leaders ordered a truce": by the way
        if family(telling.event.type) not in {"diplomacy", "unrest", "military"}:
            if not telling.timing.when.date:
                return None
            urban = {t.lemma_.lower() for t in (doc[i] for i in telling.event.clause)}
            if telling.order > 2 and not urban & words("places", "urban"):
                return None
        return Site(
            self.dateline.mention,
            "site",
            weight=0.5,
            why="the dateline; the text names no other place",
            inferred=True,
        )


def _in_building(name: Token) -> bool:
    """Whether a name is part of that of a building, a street, an office: "at the Circuit House"."""
    head = name.head if name.dep_ == "compound" else name
    return (
        name.nbor(-1).lower_ == "the" or is_facility(head.text) or any(c.lower_ == "the" for c in head.lefts)
    )
