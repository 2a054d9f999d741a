"""Reads one article: events to tellings, tellings to stories, stories to incidents with place and date."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.events.actors import (
    actors_of,
    all_actors,
    has_pronoun_subject,
    parties,
    spelled_out,
)
from geo.events.attribution import Attribution, attribute, is_belligerent
from geo.events.capitals import capital_of
from geo.events.casualties import Casualties, tolls_of
from geo.events.clauses import governor
from geo.events.dates import resolve_time, to_date
from geo.events.days import Days
from geo.events.expressions import Expression, find_times
from geo.events.layout import Layout
from geo.events.lexicon import family, forms, pattern, words
from geo.events.parts import parts_of
from geo.events.sequels import HARMFUL, carried_on
from geo.events.sites import Site, find_sites, named_alone, precision_of, radius_of
from geo.events.spots import FIRED, Spot, find_spots
from geo.events.stories import Story, Telling, join
from geo.events.timing import Timing, time_of
from geo.events.wording import confidence_of, description_of, title_of, why_of
from geo.frame import Incident, Role
from geo.sentences import find_datelines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer import Gazetteer
    from geo.articles import Article
    from geo.events.event import Event
    from geo.language import Plain
    from geo.mentions import Mention
    from geo.parsed import Doc

#: Talks no longer than this end in the agreement they led to (days).
TALKS_DAYS = 3
#: What is older than the one is history where something newer than the other is told (days).
OLD_DAYS, NEW_DAYS = 8, 3


class Reader:
    """Reads one article; holds what its steps share."""

    def __init__(
        self, article: Article, flat: Plain, doc: Doc, mentions: tuple[Mention, ...], places: Gazetteer
    ) -> None:
        self.article, self.flat, self.doc, self.places = article, flat, doc, places
        here = []
        for m in mentions:
            start, end = flat.here(m.start, m.end)
            here.append(replace(m, start=start, end=end))
        self.mentions = tuple(here)
        self.spots: list[Spot] = find_spots(doc, self.mentions)
        self.times: list[Expression] = find_times(flat.text)
        self.said: dict[int, Attribution] = attribute(doc)
        self.sentences = list(doc.sents)
        self.order = {s.start: n for n, s in enumerate(self.sentences)}
        self.breaks = [m.end() for m in _BREAK.finditer(flat.text)]
        self.published = article.published or self._dateline_date()
        self.layout = Layout.of(doc, self.sentences, self.spots)
        self.sites = [s for s in self.spots if s not in self.layout.headings]
        self.place_tokens = frozenset(i for s in self.spots for i in range(s.first, s.last + 1))

    def _dateline_date(self) -> str | None:
        """Return the full date a dateline gives, where nothing else says when the article came out."""
        for heading in find_datelines(self.flat.text):
            for e in find_times(self.flat.text[heading.start : heading.end]):
                value = resolve_time(e).date
                if to_date(value):
                    return value
        return None

    # -- events to stories --------------------------------------------------------------------------

    def incidents(self, events: list[Event]) -> list[Incident]:
        """Return the incidents of the article, in the order of their first telling."""
        stories: list[Story] = []
        days = Days(self.published, self.times, self.said)
        days.open(self.flat.text, self.sentences)
        by_order: dict[int, list[Event]] = {}
        for event in events:
            by_order.setdefault(self.order[event.sentence[0]], []).append(event)
        for order, sentence in enumerate(self.sentences):
            told = by_order.get(order, [])
            if self.layout.opens_part(order, self.sentences):
                days.open_part()
            before = days.now
            for event in told:
                day = days.scene if event.elsewhere and days.scene else before
                telling = self._telling(event, order, day, [e for e in told if e is not event], days)
                if telling is not None:
                    stories = join(stories, telling)
                    days.tell(telling, aside=day != before)
            said = self.said.get(sentence.start, Attribution())
            stories = carried_on(stories, sentence, order, said, tells_event=bool(told))
            days.leave(sentence, told=bool(told))
        located = [self._placed(story, stories) for story in _typed(stories)]
        made: list[Incident] = []
        for story in located:
            if self._keeps(story):
                pairs = [i.actors for i in reversed(made)]
                made += [replace(i, actors=spelled_out(i.actors, pairs)) for i in self._incidents_of(story)]
        if any(0 <= self._age(i.date) <= NEW_DAYS for i in made):
            # Beside what is new, "nine people died on June 9" is history.
            kept = [i for i in made if self._age(i.date_end or i.date) < OLD_DAYS]
        else:
            kept = made
        return [i for i in kept if not _is_total(i, made)]

    def _age(self, day: str | None) -> int:
        """Return how many days before publication a day was; -1 where that is not known."""
        published, then = to_date(self.published), to_date(day)
        return (published - then).days if published and then else -1

    def _telling(
        self, event: Event, order: int, previous: str | None, beside: list[Event], days: Days
    ) -> Telling | None:
        """Gather what its sentence says of an event; None where it is history."""
        said = self.said.get(event.sentence[0], Attribution())
        paragraph = bisect_right(self.breaks, event.start)
        others = frozenset(e.head for e in beside)
        timing = time_of(
            event,
            self.doc,
            self.times,
            said,
            published=self.published,
            previous=previous,
            others=others,
            goes_on=paragraph == days.paragraph,
        )
        if timing.when.tense == "background":
            return None
        if timing.when.tense == "future" and event.told == "fact":
            event = replace(event, told="planned")
        if not timing.when.date and timing.basis != "unresolved" and previous and event.told == "fact":
            timing = Timing(days.filled(timing.when, previous, event), "told before")
        sites = (
            find_sites(event, self.doc, self.sites, said, self.places, others)
            if event.type != "call"
            else self._parties(event)
        )
        if sites and self.layout.belies(order, sites):
            sites = ()
        first, last = to_date(timing.when.date), to_date(timing.when.date_end)
        if event.type == "agreement" and first and last and (last - first).days <= TALKS_DAYS:
            when = replace(timing.when, date=timing.when.date_end, date_end=None)
            timing = replace(timing, when=when)  # talks "from Wednesday to Thursday" end in it
        source = said.of(self.doc[event.head])
        harmful = [e for e in beside if family(e.type) in HARMFUL]
        return Telling(
            event=event,
            sites=sites,
            timing=timing,
            order=order,
            source=source,
            actors=actors_of(event, self.doc, self.place_tokens, source if is_belligerent(source) else None),
            casualties=tolls_of(event, harmful, self.doc) if family(event.type) in HARMFUL else Casualties(),
            paragraph=paragraph,
        )

    def _parties(self, event: Event) -> tuple[Site, ...]:
        """Where the two ends of a call sit: the capitals of the countries whose people speak."""
        spans = [(h.left_edge.i, h.right_edge.i) for _, h in parts_of(event, self.doc)]
        spans = spans or [event.sentence]
        inside = [s.mention for s in self.spots if any(a <= s.first <= b for a, b in spans)]
        if has_pronoun_subject(event, self.doc):
            # "He discussed ...": whoever the sentence before spoke of first.
            start = self.sentences[max(0, self.order[event.sentence[0]] - 1)].start
            inside = [
                s.mention
                for s in self.spots
                if start <= s.first < event.sentence[0] and s.mention.use != "dateline"
            ][:1] + inside
        inside = [m for m in inside if m.use != "dateline"]
        capital = {m.place.country: capital_of(m.place.country, self.places) for m in inside if m.place}
        return tuple(
            Site(
                replace(m, place=seat),
                "party",
                False,
                None,
                0.7,
                f"capital of {m.place.name if m.place else ''}, inferred from “{m.text}”",
            )
            for m, seat in parties(inside, capital)
        )

    # -- stories to incidents -----------------------------------------------------------------------

    def _placed(self, story: Story, stories: list[Story]) -> Story:
        """Give a story without a place that of its neighbour or of the dateline, with less confidence."""
        if story.places or story.type == "call" or story.status in {"planned", "denied"}:
            return story
        telling = story.main
        if telling.event.kind == "noun" and self.doc[telling.event.head].dep_ == "pobj":
            return story  # "after three days of fighting": told by the way, and nowhere
        site = self.layout.place_for(telling, stories, self.doc)
        harmful = telling.event.kind == "verb" and family(story.type) in HARMFUL
        if site is None and harmful and to_date(telling.timing.when.date):
            said = self.said.get(telling.event.sentence[0], Attribution())
            site = named_alone(telling.event, self.doc, self.sites, said)
        if site is None:
            return story
        placed = replace(telling, sites=(site, *telling.sites))
        return replace(story, tellings=tuple(placed if t is telling else t for t in story.tellings))

    def _keeps(self, story: Story) -> bool:
        """Whether a story says enough: an anaphor or headline that nothing takes up is none."""
        telling = story.main
        if (
            story.type == "call"
            and len({s.mention.place.id for t in story.tellings for s in t.sites if s.mention.place}) < 2
        ):
            return False
        dated = any(t.timing.when.date for t in story.tellings)
        if family(story.type) == "violence" and not dated and all(s.inferred for s in story.places):
            return False  # neither where nor when: a witness begins to tell
        if (
            telling.event.kind != "verb"
            and not telling.timing.when.date
            and words("subjects", "reaction").intersection(forms(governor(self.doc[telling.event.head])))
        ):
            return False  # "condemned the killing of aid workers": of whatever day
        if story.places or any(t.sites for t in story.tellings):
            return True
        return (
            telling.event.kind == "verb"
            and not telling.event.headline
            and story.status == "fact"
            and bool(telling.date)
        )

    def _incidents_of(self, story: Story) -> list[Incident]:
        main = story.main
        type_ = {"strike": "air_strike", "violence": "attack"}.get(story.type, story.type)
        when = story.timing
        roles = [s for t in (main, *story.tellings) for s in t.sites]
        origins = [s for s in roles if s.role == "origin"][:1]
        ends = list(
            {s.mention.start: s for t in story.tellings for s in t.sites if s.role == "party"}.values()
        )
        ends = list({s.mention.place.id: s for s in ends if s.mention.place}.values())
        groups: list[list[Site]] = [[s] for s in story.places] or [[]]
        if type_ == "call":
            groups = [ends[:2]]
        elif len(story.places) > 1 and _TWO_ENDS.search(
            self.doc[main.event.sentence[0] : main.event.sentence[1]].text
        ):
            groups = [list(story.places)]
        sentence = self.doc[main.event.sentence[0] : main.event.sentence[1]]
        source = main.source or next(
            (t.source for t in story.tellings if t.source in story.sources and not t.event.definite),
            story.source,
        )
        made = []
        for n, group in enumerate(groups):
            start, end = self.flat.original(*_trim(sentence.start_char, sentence.end_char, self.flat.text))
            first = group[0] if group else None
            place = first.mention.place if first else None
            shared = len(groups) > 1
            killed, wounded = (None, None) if shared else (story.casualties.killed, story.casualties.wounded)
            made.append(
                Incident(
                    id=self._id(main, type_, n),
                    type=type_,
                    status=self._status(story, type_, source),
                    title=title_of(type_, group),
                    description=description_of(story, shared=shared, source=source),
                    date=when.when.date,
                    date_end=when.when.date_end,
                    time=when.when.time,
                    time_end=when.when.time_end,
                    places=tuple(self._role(s) for s in (*group, *origins)),
                    precision=None
                    if type_ == "call"
                    else precision_of(place, near=bool(first and first.near)),
                    radius_km=None
                    if type_ == "call"
                    else radius_of(place, near=bool(first and first.near), km=first.km if first else None),
                    located_by="none"
                    if place is None
                    else "inferred"
                    if type_ == "call" or (first and first.inferred)
                    else "gazetteer",
                    confidence=confidence_of(story, first, when),
                    actors=all_actors(
                        [
                            *(t.actors for t in (main, *story.tellings) if t is main or _tells_who(t)),
                            story.blamed,
                        ]
                    ),
                    weapon=None
                    if type_ == "arrest"
                    else next((t.event.weapon for t in (main, *story.tellings) if t.event.weapon), None),
                    killed=killed[0] if killed else None,
                    wounded=wounded[0] if wounded else None,
                    source=source,
                    url=self.article.url,
                    document=self.article.path or self.article.title or None,
                    start=start,
                    end=end,
                    quote=self.article.text[start:end],
                    ranges={
                        k: v for k, v in (("killed", killed), ("wounded", wounded)) if v and v[0] != v[1]
                    },
                    why=why_of(first, when),
                )
            )
        return made

    def _id(self, telling: Telling, type_: str, n: int) -> str:
        key = f"{self.article.text}|{telling.event.start}|{type_}|{n}"
        return hashlib.sha256(key.encode()).hexdigest()[:12]

    def _role(self, site: Site) -> Role:
        m = site.mention
        start, end = self.flat.original(m.start, m.end)
        return Role(
            site.role,
            m.place,
            self.article.text[start:end],
            start,
            end,
            round(m.confidence * site.weight, 3),
            f"{site.why}; {m.why}" if m.why else site.why,
        )

    def _status(self, story: Story, type_: str, source: str | None) -> str:
        """Tell reported from claimed (one side says so), contested, denied and planned."""
        if story.status != "fact":
            return story.status
        if family(type_) != "violence":
            return "reported"
        sources = story.sources | ({source} if source else set())
        of_one_side = bool(sources) and all(is_belligerent(s) or self._is_government(s) for s in sources)
        if type_ == "clash" and of_one_side:
            # An army on a clash with a crowd reports it; on a clash with another army it claims.
            sides = frozenset(w for a in story.main.actors for w in re.findall(r"[a-z]+", a.name.lower()))
            crowd = words("subjects", "crowd_only") | words("subjects", "rioters")
            of_one_side = not any(w.removesuffix("s") in crowd for w in sides)
        return "claimed" if of_one_side else "reported"

    def _is_government(self, source: str) -> bool:
        """Whether a source is a country or its capital, named for its government: "Baku said"."""
        named = [s.mention for s in self.spots if s.mention.place and s.mention.text == source]
        return any(m.place and m.place.feature in {"P.PPLC", "A.PCLI"} for m in named)


def _is_total(incident: Incident, all_told: Sequence[Incident]) -> bool:
    """Whether it sums up what is told one by one: "attacked 27 settlements over the past day"."""
    if family(incident.type) != "violence" or not pattern("falsehood", "totals").search(incident.quote or ""):
        return False
    later = (i for i in all_told if (i.start or 0) > (incident.start or 0))
    return any(family(i.type) == "violence" for i in later)


def _tells_who(telling: Telling) -> bool:
    """Whether a telling beside the fullest one is asked who took part: no headline, no denial."""
    return not telling.event.headline and telling.event.told != "denied"


def _typed(stories: list[Story]) -> list[Story]:
    """Give strikes told without a weapon the type of the one told before: "after a second strike"."""
    typed: list[Story] = []
    last = ""
    for story in stories:
        if story.type == "strike" and last and story.main.event.new:
            story = replace(story, type=last)
        elif story.type in FIRED - {"strike", "firing", "shelling"}:
            last = story.type
        typed.append(story)
    return typed


#: What makes one site of two places: the stretch between them.
_TWO_ENDS = re.compile(
    r"\bbetween\b|\b(?:road|highway|route|motorway|railway|line)\b[^.;]{0,20}\bfrom\b[^.;]+\bto\b"
)

#: What parts paragraphs.
_BREAK = re.compile(r"\n\s*\n")


def _trim(start: int, end: int, text: str) -> tuple[int, int]:
    """Leave out the space around a span."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
