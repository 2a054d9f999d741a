"""Several tellings of one event become one: which mentions of events belong together.

Two tellings are one event when their types can be the same, neither date nor place speaks against it, and
something speaks for it: the same place, "the attack", a headline, or the next sentence going on about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from geo.events.casualties import Casualties
from geo.events.lexicon import family
from geo.events.sites import Site
from geo.events.spots import km_between
from geo.events.timing import Timing
from geo.events.triggers import Event, more_telling

#: How many sentences apart a telling without a place of its own may still go on about the event before it.
NEAR_SENTENCES = 2


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
    actors : tuple[str, ...]
    casualties : Casualties
    """

    event: Event
    sites: tuple[Site, ...] = ()
    timing: Timing = field(default_factory=Timing)
    order: int = 0
    source: str | None = None
    actors: tuple[str, ...] = ()
    casualties: Casualties = field(default_factory=Casualties)
    paragraph: int = 0

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
    """

    type: str
    tellings: tuple[Telling, ...]
    status: str = "fact"
    casualties: Casualties = field(default_factory=Casualties)

    @property
    def last(self) -> int:
        """Number of the sentence it was last told in."""
        return self.tellings[-1].order

    @property
    def places(self) -> tuple[Site, ...]:
        """Sites and targets of the first telling that has any."""
        return next((t.places for t in self.tellings if t.places), ())

    @property
    def date(self) -> str | None:
        """The first date that its tellings give."""
        return next((t.date for t in self.tellings if t.date), None)

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
        denial = "denied" in {telling.event.told, story.status} and telling.event.told != story.status
        if (
            denial
            and story.type != telling.event.type
            and not {"violence", "strike"} & {story.type, telling.event.type}
        ):
            continue  # what is denied must be the very thing told
        if type_ and _agree(story, telling) and _belongs(story, telling):
            return [*stories[:n], _grow(story, telling, type_), *stories[n + 1 :]]
    return [*stories, Story(telling.event.type, (telling,), telling.event.told, telling.casualties)]


def _grow(story: Story, telling: Telling, type_: str) -> Story:
    status = story.status
    if telling.event.told != status:
        status = "contested" if "denied" in {telling.event.told, status} else "fact"
    casualties = telling.casualties.filled(story.casualties)
    tellings = (*story.tellings, telling)
    return replace(story, type=type_, tellings=tellings, status=status, casualties=casualties)


def _agree(story: Story, telling: Telling) -> bool:
    """Whether nothing speaks against one event: dates, places, plan and fact."""
    told = telling.event.told
    if "planned" in {told, story.status} and told != story.status:
        return False
    if story.date and telling.date and not _dates_meet(story, telling):
        return False
    if telling.event.new and not any(t.event.headline for t in story.tellings):
        return False
    return not (story.places and telling.places and not shares_place(story.places, telling.places))


def _dates_meet(story: Story, telling: Telling) -> bool:
    a = next(t.timing.when for t in story.tellings if t.date)
    b = telling.timing.when
    if a.date is None or b.date is None:
        return True
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
_APART = ({"riot", "attack"}, {"firing", "attack"}, {"riot", "clash"})


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
    if telling.places and story.places:
        return True
    if telling.event.definite and (not telling.places or not story.places):
        return True
    if only_headline:
        return True
    if (
        telling.event.kind == "verb"
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
