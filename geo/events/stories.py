"""Several tellings of one event become one: which mentions of events belong together.

Two tellings are one event when their types can be the same, neither date nor place speaks against it, and
something speaks for it: the same place, "the attack", a headline, or the next sentence going on about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from geo.events.actors import Actor
from geo.events.casualties import Casualties
from geo.events.dates import When
from geo.events.event import Event, more_telling
from geo.events.lexicon import family
from geo.events.sites import Site
from geo.events.spots import km_between
from geo.events.timing import Timing

#: How many sentences apart a telling without a place of its own may still go on about the event before it.
NEAR_SENTENCES = 2

#: A place wider than this gives way to one named in another telling (kilometres).
COARSE_KM = 25.0


@dataclass(frozen=True, slots=True)
class Telling:
    """One mention of an event with all that its sentence says of it.

    Attributes
    ----------
    event : Event
    sites : tuple[Site, ...]
    timing : Timing
    order, paragraph : int
        Numbers of its sentence and of its paragraph in the document.
    source : str or None
    actors : tuple[Actor, ...]
    casualties : Casualties
    """

    event: Event
    sites: tuple[Site, ...] = ()
    timing: Timing = field(default_factory=Timing)
    order: int = 0
    source: str | None = None
    actors: tuple[Actor, ...] = ()
    casualties: Casualties = field(default_factory=Casualties)
    paragraph: int = 0

    @property
    def owned(self) -> bool:
        """Whether those who did it tell it themselves."""
        return any(a.name == self.source for a in self.actors)

    @property
    def places(self) -> tuple[Site, ...]:
        """Its sites and targets."""
        return tuple(s for s in self.sites if s.role in {"site", "target"} and not s.is_within)

    @property
    def date(self) -> str | None:
        """Its date where its sentence gives it for the event, and not for the statement only."""
        return self.timing.when.date if self.timing.basis in {"stated", "sentence"} else None


@dataclass(frozen=True, slots=True)
class Story:
    """An event with all its tellings, in the order of the text.

    Attributes
    ----------
    type : str
    tellings : tuple[Telling, ...]
    status : str
        ``fact``, ``planned`` or ``denied``, of the tellings together; ``contested`` where they disagree.
    casualties : Casualties
        Those of its tellings, later ones filling in.
    source : str or None
        Who says more of it in a sentence that tells no event: "Medics treated six people."
    blamed : tuple[Actor, ...]
        Whom such a sentence names as having done it.
    """

    type: str
    tellings: tuple[Telling, ...]
    status: str = "fact"
    casualties: Casualties = field(default_factory=Casualties)
    source: str | None = None
    blamed: tuple[Actor, ...] = ()

    @property
    def sources(self) -> frozenset[str]:
        """All who tell it; who only says afterwards that it was their doing does not."""
        return frozenset(
            t.source
            for t in self.tellings
            if t.source and not t.event.headline and (t is self.tellings[0] or not t.owned)
        )

    @property
    def last(self) -> int:
        """Number of the sentence it was last told in."""
        return self.tellings[-1].order

    @property
    def places(self) -> tuple[Site, ...]:
        """Sites and targets of its first telling with any; a town before its region, text before headline."""
        told = [t for t in self.tellings if t.places]
        return min(told, key=lambda t: (_breadth(t) > COARSE_KM, t.event.headline)).places if told else ()

    @property
    def date(self) -> str | None:
        """The first date that its tellings give."""
        return next((t.date for t in self.tellings if t.date), None)

    @property
    def timing(self) -> Timing:
        """The timing that says most, its clock filled in from the other tellings."""
        rank = {"stated": 4, "sentence": 3, "speaker": 2, "told before": 1, "unresolved": 0, "": 0}
        timings = [t.timing for t in self.tellings]
        if any(t.basis == "unresolved" for t in timings):
            timings = [t for t in timings if t.basis != "told before"]
        best = max(timings, key=lambda t: (rank[t.basis] if t.when.date else -1, len(t.when.date or "")))
        when = best.when
        clock = next((t.when for t in timings if t.when.time), None)
        if clock and not when.time:
            when = replace(when, time=clock.time, time_end=clock.time_end, approx=clock.approx)
        end = next((t.when.date_end for t in timings if t.when.date_end and t.when.date == when.date), None)
        return replace(best, when=replace(when, date_end=when.date_end or end))

    @property
    def main(self) -> Telling:
        """The telling that says most: place, date, not a headline."""
        return max(
            self.tellings,
            key=lambda t: (
                bool(t.places) + bool(t.date),
                not t.event.headline,
                t.event.kind == "verb",
                -t.order,
            ),
        )


def _breadth(telling: Telling) -> float:
    """Return the radius of the widest place of a telling, kilometres; very wide where nothing knows it."""
    return max((s.mention.place.radius_km if s.mention.place else 1e4) for s in telling.places)


def join(stories: list[Story], telling: Telling) -> list[Story]:
    """Add a telling to the story it belongs to, or begin a new one.

    Parameters
    ----------
    stories : list of Story
        Not changed.
    telling : Telling

    Returns
    -------
    list of Story
    """
    for n in range(len(stories) - 1, -1, -1):
        story = stories[n]
        type_ = more_telling(story.type, telling.event.type)
        if story.type == "violence" and type_ == "firing" and (story.casualties.killed or (0,))[0]:
            type_ = "violence"  # "raided a market, killing 20. They shot at anyone who ran."
        takes_up = telling.event.definite and telling.event.kind == "noun"
        if takes_up and type_ == "attack" and story.type not in {"violence", "strike"}:
            type_ = story.type  # "opened fire ... The shooting began at 09:15"
        looted = telling.event.type == "riot" and telling.event.agentless
        if looted and story.type in {"attack", "violence"}:
            type_ = story.type  # "gunmen attacked a village. Houses were looted"
        if type_ and _is_beginning(story, telling):
            return stories
        denial = "denied" in {telling.event.told, story.status} and telling.event.told != story.status
        if denial and telling.places and not (story.places and shares_place(story.places, telling.places)):
            continue
        if (
            denial
            and story.type != telling.event.type
            and not {"violence", "strike"} & {story.type, telling.event.type}
        ):
            if _denies(story, telling):
                return [*stories[:n], _grow(story, telling, story.type), *stories[n + 1 :]]
            continue  # what is denied must be the very thing told
        if type_ and _agree(story, telling) and _belongs(story, telling):
            return [*stories[:n], _grow(story, telling, type_), *stories[n + 1 :]]
        if _denies(story, telling) or _is_circumstance(story, telling):
            return [*stories[:n], _grow(story, telling, story.type), *stories[n + 1 :]]
        if _is_aftermath(story, telling) and _agree(story, telling):
            return [*stories[:n], _grow(story, telling, story.type), *stories[n + 1 :]]
    return [*stories, Story(telling.event.type, (telling,), telling.event.told, telling.casualties)]


def _grow(story: Story, telling: Telling, type_: str) -> Story:
    status = story.status
    if telling.event.told != status:
        status = "contested" if "denied" in {telling.event.told, status} else "fact"
    rivals = bool(telling.source and story.sources and telling.source not in story.sources)
    casualties = telling.casualties.filled(story.casualties, rivals=rivals)
    tellings = (*story.tellings, telling)
    return replace(story, type=type_, tellings=tellings, status=status, casualties=casualties)


def _denies(story: Story, telling: Telling) -> bool:
    """Whether the other side denies what was told before, by another word: "denied that it had fired"."""
    return (
        telling.event.told == "denied"
        and story.status in {"fact", "contested"}
        and family(telling.event.type) == family(story.type) == "violence"
        and not telling.places
        and telling.order - story.last <= NEAR_SENTENCES
        and _agree(story, telling)
    )


def _agree(story: Story, telling: Telling) -> bool:
    """Whether nothing speaks against one event: dates, places, plan and fact."""
    told = telling.event.told
    if "planned" in {told, story.status} and told != story.status:
        return False
    if story.date and telling.date and not (_dates_meet(story, telling) or _goes_on(story, telling)):
        return False
    if telling.event.new and not any(t.event.headline for t in story.tellings):
        return False
    return not (story.places and telling.places and not shares_place(story.places, telling.places))


def _goes_on(story: Story, telling: Telling) -> bool:
    """Whether an exercise begun on one day is said to go on: "about 900 are taking part in the exercise"."""
    return (
        story.type == telling.event.type == "exercise"
        and not telling.places
        and not telling.event.new
        and telling.paragraph == story.tellings[-1].paragraph
    )


def _is_beginning(story: Story, telling: Telling) -> bool:
    """Whether it only says when what is told of began, days before: "the unrest started on 7 December"."""
    return (
        telling.event.beginning
        and telling.event.definite
        and story.status == telling.event.told == "fact"
        and bool(telling.date and story.date)
        and not _dates_meet(story, telling)
    )


def _is_circumstance(story: Story, telling: Telling) -> bool:
    """Whether it is only how violence told before went: what set it off, how it was answered.

    "The firing began after troops laid an ambush." "Armed suspects were fired on." "Its guns replied."
    """
    before, event = story.tellings[-1], telling.event
    gap = telling.order - before.order
    if story.status != "fact" or event.told != "fact":
        return False
    violent = family(story.type) == family(event.type) == "violence"
    if violent and gap <= NEAR_SENTENCES and not telling.places:
        undated = telling.timing.basis in {"", "told before"} and not event.new
        aside = undated and event.agentless and not telling.sites and story.places
        if event.reply or (aside and gap and telling.paragraph == before.paragraph):
            return True
    if not event.subordinate or telling.timing.basis == "stated" or before.event.headline:
        return False
    if any(_is_town(s) for s in telling.places) and not shares_place(story.places, telling.places):
        return False
    if event.type == "arrest":
        return not gap and event.agentless and story.type != "arrest"
    if not violent:
        return False
    # "The exchange of fire began after troops laid an ambush", "she was walking home when men opened fire"
    return (not gap and before.event.definite and len(story.tellings) > 1) or gap == 1


def _is_aftermath(story: Story, telling: Telling) -> bool:
    """Whether it is what police did about the crowd told of just before: "26 were taken into custody"."""
    before = story.tellings[-1]
    near = telling.order - before.order <= NEAR_SENTENCES or (
        telling.paragraph == before.paragraph and telling.order - before.order <= NEAR_SENTENCES + 1
    )
    policed = telling.event.policed or (
        telling.event.type == "arrest"
        and (
            telling.event.looks_back
            or (not telling.date and not telling.event.elsewhere)
            or (
                telling.event.agentless
                and story.type in {"riot", "clash"}
                and telling.paragraph == before.paragraph
                and not telling.date
            )
        )
    )
    burnt = telling.event.type == "attack" and telling.event.agentless and story.type == "riot"
    return (
        (policed or burnt)
        and near
        and (
            story.type in {"protest", "riot", "clash"} or (story.type == "attack" and telling.event.agentless)
        )
        and not telling.sites
        and not before.event.headline
        and story.status == telling.event.told == "fact"
    )


def _is_town(site: Site) -> bool:
    return site.mention.place is not None and site.mention.place.feature.startswith("P")


def _dates_meet(story: Story, telling: Telling) -> bool:
    return _days_meet(next(t.timing.when for t in story.tellings if t.date), telling.timing.when)


def _days_meet(a: When, b: When) -> bool:
    if a.date is None or b.date is None:
        return True
    if len(a.date) != len(b.date):  # "2024-05" holds all its days
        return a.date.startswith(b.date) or b.date.startswith(a.date)
    return a.date <= (b.date_end or b.date) and b.date <= (a.date_end or a.date)


def shares_place(a: tuple[Site, ...], b: tuple[Site, ...]) -> bool:
    """Whether two lists of sites can be of one event: a place in common, or one within the other."""
    for one in a:
        for other in b:
            p, q = one.mention.place, other.mention.place
            if p is None or q is None:
                if one.mention.text == other.mention.text:
                    return True
                continue
            if p.id == q.id or km_between(p, q) <= max(p.radius_km, q.radius_km, 3.0):
                return True
    return False


#: Types that stories seldom mean by one event, though one sentence may tell both of one.
_APART = (
    {"riot", "attack"},
    {"firing", "attack"},
    {"riot", "clash"},
    {"firing", "shelling"},
    {"firing", "missile_strike"},
    {"firing", "drone_strike"},
)


def _belongs(story: Story, telling: Telling) -> bool:
    """Whether something speaks for one event."""
    near = telling.order - story.last <= NEAR_SENTENCES
    if (
        telling.event.kind == "verb"
        and telling.order != story.last
        and {telling.event.type, story.type} in _APART
        and not telling.places
    ):
        return False  # "gunmen attacked a school. By evening crowds ran riot": two events
    only_headline = all(t.event.headline for t in story.tellings)
    if _goes_on(story, telling) or (telling.places and story.places):
        return True
    if telling.event.definite and (not telling.places or not story.places):
        return True
    if (
        telling.timing.basis == "stated"
        and story.timing.basis == "told before"
        and not (story.places and telling.places)
        and telling.paragraph != story.tellings[-1].paragraph
        and not _days_meet(story.timing.when, telling.timing.when)
    ):
        return False  # "where a strike on Thursday killed five": a day of its own, in a paragraph of its own
    if only_headline:
        return True
    if (
        (telling.event.kind == "verb" or not telling.event.definite)
        and telling.places
        and not story.places
        and telling.paragraph != story.tellings[-1].paragraph
        and family(telling.event.type) != "diplomacy"
    ):
        return False  # a paragraph that opens with what happened at a place of its own tells something new
    if telling.order == story.last:
        # One sentence, one of the two without a place: it goes on about the same, unless told apart.
        return not telling.event.new
    if family(telling.event.type) == "diplomacy" and telling.date and story.date:
        return near
    return near and not (telling.date and story.date and telling.date != story.date)
