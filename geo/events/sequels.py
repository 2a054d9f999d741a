"""What a sentence adds to the event told before it: casualties, a denial, whom somebody blames."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.events.actors import blamed
from geo.events.casualties import Casualties, find_casualties
from geo.events.lexicon import family, pattern
from geo.events.parts import DOER
from geo.events.stories import NEAR_SENTENCES, Story

if TYPE_CHECKING:
    from geo.events.attribution import Attribution
    from geo.parsed import Span

#: Families of types that cost lives.
HARMFUL = frozenset({"violence", "unrest"})

#: How many sentences later a denial may still be one of the event told last.
_FAR = 4

_TOLL = re.compile(r"\b(?:toll|number of (?:the )?(?:dead|killed|injured|wounded))\b")


def carried_on(
    stories: list[Story], sentence: Span, order: int, said: Attribution, *, tells_event: bool
) -> list[Story]:
    """Add what a sentence says to the story it goes on about.

    Parameters
    ----------
    stories : list of Story
        Not changed.
    sentence : geo.parsed.Span
    order : int
        Number of the sentence in the document.
    said : Attribution
        Of the sentence.
    tells_event : bool
        Whether it tells an event of its own: then only whom it blames, and what follows a semicolon, is of
        the event before.

    Returns
    -------
    list of Story
    """
    if not stories:
        return stories
    stories = [*stories[:-1], _with_blame(stories[-1], sentence, order)]
    if not tells_event:
        return _with_more(stories, sentence, order, said)
    rest = sentence.text.rpartition(";")
    if rest[0] and stories[-1].last == order and _is_counterclaim(rest[2]):
        stories = [*stories[:-1], _contested(stories[-1])]
    return stories


def _with_more(stories: list[Story], sentence: Span, order: int, said: Attribution) -> list[Story]:
    """Read casualties and denials in a sentence without an event of its own."""
    text, told = sentence.text, find_casualties(sentence.text)
    violent = [n for n, s in enumerate(stories) if family(s.type) == "violence" and s.status == "fact"]
    if len(violent) == 1 and _TOLL.search(text):
        n = violent[0]
        return [*stories[:n], _with_toll(stories[n], told, None), *stories[n + 1 :]]
    story, gap = stories[-1], order - stories[-1].last
    false = gap <= NEAR_SENTENCES and pattern("falsehood", "sentences").search(text)
    if gap <= _FAR and (false or _is_counterclaim(text)) and _contested(story) is not story:
        return [*stories[:-1], _contested(story)]
    if gap > NEAR_SENTENCES or family(story.type) not in HARMFUL or story.type == "arrest":
        return stories
    speaker = said.voices[0][1] if said.voices else said.source
    between = sentence.doc.text[story.main.event.start : sentence.start_char]
    if told and "\n\n" not in between:
        story = replace(story, source=story.source or speaker)
    return [*stories[:-1], _with_toll(story, told, speaker)]


def _with_toll(story: Story, told: Casualties, speaker: str | None) -> Story:
    rivals = bool(speaker and story.sources and speaker not in story.sources)
    return replace(story, casualties=story.casualties.filled(told, rivals=rivals))


def _with_blame(story: Story, sentence: Span, order: int) -> Story:
    """Read whom a sentence blames for what was told before it: "The army blamed the rebels"."""
    near = 0 < order - story.last <= NEAR_SENTENCES
    if not near or story.blamed or story.status != "fact" or family(story.type) != "violence":
        return story
    known = any(a.role == DOER and a.is_named for t in story.tellings for a in t.actors)
    return story if known else replace(story, blamed=tuple(blamed(sentence)))


def _is_counterclaim(text: str) -> bool:
    """Whether words tell the other side's account: "the rebels dismissed the accusation"."""
    return bool(pattern("falsehood", "counterclaims").search(text))


def _contested(story: Story) -> Story:
    violent = story.status == "fact" and family(story.type) == "violence"
    return replace(story, status="contested") if violent else story
