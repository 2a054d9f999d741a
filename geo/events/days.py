"""The day that a text stands at, sentence by sentence: what is told without a day of its own is of that day.

A headline or a bulletin's opening gives the first; events and sentences without events move it on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geo.events.attribution import Attribution
from geo.events.clauses import governor, looks_back
from geo.events.dates import When, resolve_time, shift, to_date
from geo.events.expressions import Expression, find_times
from geo.events.lexicon import family
from geo.sentences import is_headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events.event import Event
    from geo.events.stories import Telling
    from geo.parsed import Span

#: A clock that heads a line, as of what is written while it happens: "[09:35] Marchers halted".
_TICKER = re.compile(r"^\W{0,3}\d\d[:.]\d\d\b\W{1,3}(?=[A-Z])", re.MULTILINE)

#: "Kharkiv region, summary for August 21, as given on Thursday:"
_SUMMARY = re.compile(
    r"^[^.\n]*\b(?:summary|bulletin|report|digest|update|log|chronicle) (?:for|of|on) (?=[^.\n]*:\s*$)",
    re.IGNORECASE,
)
_PAST_DAY = re.compile(r"^[^.\n]*\bthe (?:past|last) (?:day|24 hours)\b[^.\n]*:\s*$", re.IGNORECASE)
_BULLETIN = re.compile(
    r"\b(?:round-?up|bulletin|live|update|breaking|briefing|tonight|this (?:morning|evening)|daily)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Days:
    """The day of what was told last, as a reader goes through a text.

    Attributes
    ----------
    published : str or None
        ISO 8601 day of publication.
    times : sequence of Expression
        All of the text.
    said : dict of int to Attribution
        Who says each sentence, by the index of its first token.
    now : str or None
        The day of what was told last.
    opening : str or None
        The day at which every part of a bulletin begins.
    scene : str or None
        The day of the sentence before, where it told no event: "The trouble had begun on Saturday in X."
    paragraph : int
        The paragraph of the event that gave `now`; -1 where none did.
    headed : bool
        Whether the text has parts with headings of their own.
    nights : dict of str to str
        Nights told of: the day they end on to the day they began.
    """

    published: str | None
    times: Sequence[Expression]
    said: dict[int, Attribution]
    now: str | None = None
    opening: str | None = None
    scene: str | None = None
    paragraph: int = -1
    headed: bool = False
    nights: dict[str, str] = field(default_factory=dict)

    def open(self, text: str, sentences: Sequence[Span]) -> None:
        """Begin at the day that a headline gives to all below it: "Overnight bulletin", "evening round-up".

        Parameters
        ----------
        text : str
        sentences : sequence of Span
            All of them.
        """
        self.now = self.opening = self._of_headline(text, sentences)

    def open_part(self) -> None:
        """Go back to the opening day: a part of a bulletin begins."""
        self.opening = self.opening if self.headed else self.now
        self.now, self.headed = self.opening or self.now, True

    def tell(self, telling: Telling, *, aside: bool) -> None:
        """Go on to the day of an event, unless it is a plan or told by the way.

        Parameters
        ----------
        telling : Telling
        aside : bool
            Whether it was dated by the scene it is set in.
        """
        event, when = telling.event, telling.timing.when
        if event.told == "planned" or aside or telling.timing.counted or (event.looks_back and self.now):
            return
        day = day_told(when)
        if day and when.date and day != when.date:
            self.nights[day] = when.date
        if to_date(day):
            self.now, self.paragraph = day, telling.paragraph

    def leave(self, sentence: Span, *, told: bool) -> None:
        """Go on past a sentence: one without events may name a day too, "On Sunday she counted again".

        Parameters
        ----------
        sentence : Span
        told : bool
            Whether it told events.
        """
        self.scene = None if told else self._spoken_of(sentence, before=True)
        if not told and not (_SUMMARY.search(sentence.text) or _PAST_DAY.search(sentence.text)):
            self.now = self._spoken_of(sentence) or self.now

    def filled(self, when: When, day: str, event: Event) -> When:
        """Give what says no day that of what was told before; violence goes on in the night told of."""
        began = self.nights.get(day)
        if began and not when.time and family(event.type) == "violence":
            return replace(when, date=began, date_end=day)
        return replace(when, date=day)

    def _of_headline(self, text: str, sentences: Sequence[Span]) -> str | None:
        first = next((s for s in sentences if s.text.strip()), None)
        if first is not None and (heading := _SUMMARY.search(first.text)):
            for e in find_times(first.text):
                if e.start >= heading.end() - 1 and e.is_day:
                    return resolve_time(e, published=self.published).date
        if first is not None and _PAST_DAY.search(first.text):
            return shift(self.published, -1)
        if len(_TICKER.findall(text)) > 1:
            return self.published
        if first is None or not is_headline(first):
            return None
        days = [
            w.date
            for e in find_times(first.text)
            if e.is_day and (w := resolve_time(e, published=self.published)).date
        ]
        if days and not re.search(r"\b(?:over)?night\b", first.text, re.IGNORECASE):
            return days[0]
        return self.published if days or _BULLETIN.search(first.text) else None

    def _spoken_of(self, sentence: Span, *, before: bool = False) -> str | None:
        """Return the day a sentence speaks of; with `before` also one told as before the rest."""
        said = self.said.get(sentence.start, Attribution()).tokens
        start, end = sentence.start_char, sentence.end_char
        for e in self.times:
            if not start <= e.start < end or not e.is_day or e.means in {"narrative", "period", "month"}:
                continue
            here = [t for t in sentence if e.start <= t.idx < e.end]
            if any(t.i in said or (looks_back(governor(t)) and not before) for t in here):
                continue
            if e.lead.lower().endswith((" for ", " by ", " until ", " before ")):
                continue  # "called another march for Friday", "promised pay by Monday": still to come
            when = resolve_time(e, published=self.published, previous=self.now)
            if when.date and when.tense == "past" and to_date(when.date):
                return day_told(when)
        return None


def day_told(when: When) -> str | None:
    """Return the day that what is told next goes on from: of a night, the one it ends on.

    Parameters
    ----------
    when : When
    """
    return when.date_end if when.date_end and when.date_end == shift(when.date, 1) else when.date
