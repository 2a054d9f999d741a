"""When an event took place: which time expression of its sentence is its own, and not the speaker's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geo.events.clauses import clause_head, governor
from geo.events.dates import When, resolve_time, shift, to_date
from geo.events.expressions import Expression, length_in_days

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.events.attribution import Attribution
    from geo.events.event import Event
    from geo.parsed import Doc, Token


@dataclass(frozen=True, slots=True)
class Timing:
    """When, and how plainly the text says so.

    Attributes
    ----------
    when : When
    basis : str
        ``stated`` (in its clause), ``sentence``, ``speaker`` (only the statement is dated), ``told before``
        (as the event before it), ``unresolved`` (stated, but not by a date that can be known) or empty.
    counted : bool
        Whether it is counted from another day, "two days after", "a week ago": told by the way.
    """

    when: When = field(default_factory=When)
    basis: str = ""
    counted: bool = False


def time_of(
    event: Event,
    doc: Doc,
    expressions: list[Expression],
    said: Attribution,
    *,
    published: str | None,
    previous: str | None,
    others: frozenset[int] = frozenset(),
    goes_on: bool = False,
) -> Timing:
    """Find when an event took place from its own sentence.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    expressions : list of Expression
        All of the document.
    said : Attribution
        Of the event's sentence.
    published, previous : str or None
        ISO 8601 days: of publication, and of the event told before.
    others : frozenset of int, optional
        Heads of the other events of the sentence.
    goes_on : bool, optional
        Whether the event before it was told in the same paragraph: what is dated by the day of the statement
        alone is then of the day told before.
    """
    first, last = doc[event.sentence[0]].idx, doc[event.sentence[1] - 1].idx + len(doc[event.sentence[1] - 1])
    here = [e for e in expressions if first <= e.start < last]
    tokens = {
        e: frozenset(t.i for t in doc[event.sentence[0] : event.sentence[1]] if e.start <= t.idx < e.end)
        for e in here
    }
    here = [e for e in here if not _is_of_earlier(e, tokens[e], event, doc)]
    speech = {e for e in here if tokens[e] & said.tokens and event.head not in said.tokens}
    if said.verb is not None and _beside_saying(doc[event.head], doc[said.verb]):
        speech = set()  # "its chief said on Thursday after meeting mayors"
    future = event.told == "planned"
    hinge = _hinge(event, doc, here, tokens)
    if hinge is not None:
        # "a day after the envoy left Taipei": counted from what the rest of the sentence tells.
        e, inside = hinge
        here = [o for o in here if o is not e]
        anchors = [
            o for o in here if o.is_day and o not in speech and min(tokens[o], default=0) not in inside
        ]
        own = any(o.is_day and tokens[o] <= inside for o in here)
        if event.head in inside and dict(e.parts).get("unit", "day").lower() in {"week", "month", "year"}:
            return Timing(When(tense="background"), "stated")
        if event.head in inside and not own:
            when = resolve_time(anchors[0], published=published, previous=previous) if anchors else When()
            start = when.date or previous or (published if event.told == "fact" else None)
            return (
                Timing(When(date=shift(start, -_signed_days(e))), "sentence", counted=True)
                if start
                else Timing()
            )
    for e in speech:
        # "said on Thursday that it had hit ... the day before": counted from the day of speaking.
        if (
            e.is_day
            and e.means != "narrative"
            and (spoken := resolve_time(e, published=published, previous=previous).date)
        ):
            # "hours later", though, is counted from what was told before.
            counted = any(
                o.means == "narrative_ago" or (o.means == "narrative" and dict(o.parts).get("offset") != "0")
                for o in here
            )
            previous = spoken if counted or not previous else previous

    if any(e.means in {"narrative", "narrative_ago"} and tokens[e] & event.clause for e in here):
        # "returned on Wednesday from Cairo, where he had met him the day before": counted from the other day.
        for e in here:
            if (
                e.is_day
                and e not in speech
                and not e.means.startswith("narrative")
                and not (
                    tokens[e] & event.clause
                    and (event.kind == "verb" or any(doc[event.head].is_ancestor(doc[i]) for i in tokens[e]))
                )
            ):
                previous = resolve_time(e, published=published, previous=previous).date or previous

    def read(e: Expression) -> When:
        return resolve_time(e, published=published, previous=previous, future=future)

    def distance(e: Expression) -> tuple[bool, bool, bool, int]:
        at = tokens[e]
        elsewhere = any(
            doc[o].is_ancestor(doc[i]) and not doc[o].is_ancestor(doc[event.head]) for i in at for o in others
        )
        elsewhere = elsewhere and not any(
            doc[event.head].is_ancestor(doc[o]) and doc[o].pos_ == "VERB" for o in others
        )
        vague = (e.means, dict(e.parts).get("offset")) in {("narrative", "0"), ("part_of_day", "0")}
        below = event.kind != "verb" and not any(doc[event.head].is_ancestor(doc[i]) for i in at)
        return (
            not at & event.clause,
            elsewhere or vague,
            below,
            min((abs(i - event.head) for i in at), default=99),
        )

    mine = sorted((e for e in here if e not in speech), key=distance)
    dated = [(e, read(e)) for e in mine if e.is_day and not e.text.lower().startswith("since")]
    current = [(e, w) for e, w in dated if w.tense == "past" or future]
    past = [
        e for e in mine if e.means in {"background", "year"} or (e.is_day and read(e).tense == "background")
    ]
    if doc[event.head].dep_ == "relcl" and not own_current(mine, tokens, event):
        past += [e for e in mine if e.means == "period"]  # "who visited Odesa last week": by the way
    past = [e for e in past if not distance(e)[1] or e.means == "narrative"]
    past = [e for e in past if not _is_of_cause(tokens[e], event, doc)]
    if event.kind != "verb" and any(
        e.means == "year" and doc[event.head].is_ancestor(doc[i]) for e in past for i in tokens[e]
    ):
        return Timing(When(tense="background"), "stated")  # "the 1995 massacre"
    own_past = [e for e in past if tokens[e] & event.clause and not _is_since(e)]
    own_day = [w for e, w in current if tokens[e] & event.clause]
    far_past = [e for e in past if not _is_since(e)] if not current else []
    # "talks in January brought no result", "talks, which began in October, have been frozen": long ago
    in_clause = [(e.means, w) for e, w in dated if tokens[e] & event.clause]
    if event.kind != "verb":  # "documented on Friday the killing of 18 people in April"
        below = [
            (e.means, w) for e, w in dated if any(doc[event.head].is_ancestor(doc[i]) for i in tokens[e])
        ]
        in_clause = below or in_clause
    by_the_way = doc[event.head].dep_ in {"relcl", "acl"}
    if not event.headline and (by_the_way or all(means == "month" for means, _ in in_clause)):
        since = any(e.means == "month" and e.text.lower().startswith("since") for e in mine)
        # "workers unpaid since August sat down on the line on Thursday": of Thursday
        months = [] if since and current else [w for means, w in in_clause if means == "month"]
        if any(w.date and published and w.date < published[:7] for w in months):
            return Timing(When(tense="background"), "stated")
    if own_past and all(e.means == "period" for e in own_past):
        return Timing(When(tense="background"), "stated")
    if (own_past and not own_day) or far_past:
        if future:
            return Timing()
        return Timing(When(tense="background"), "stated")
    when, basis, counted = When(), "", False
    if (
        not dated
        and not speech
        and published
        and not event.headline
        and event.told == "fact"
        and _goes_on(doc[event.head])
    ):
        return Timing(_with_clock_and_length(When(date=published), event, mine, tokens, read), "sentence")
    if dated and dated[0][1].tense == "future" and tokens[dated[0][0]] & event.clause:
        when, basis = dated[0][1], "stated"
    elif current:
        e, when = current[0]
        basis = "stated" if tokens[e] & event.clause else "sentence"
        counted = e.means == "ago" and previous is not None  # what follows is not of that day
    elif any(e.means == "future" and tokens[e] & event.clause for e in mine):
        when = When(tense="future")
    elif speech and not event.headline and not (goes_on and previous):
        days = [w for e in sorted(speech, key=lambda e: e.start) if e.is_day and (w := read(e)).date]
        if days:
            when, basis = When(date=days[0].date), "speaker"
    if when.date is None and any(not w.date for _, w in dated):
        basis = "unresolved"  # "on Tuesday", and nothing says of which week
    return Timing(_with_clock_and_length(when, event, mine, tokens, read), basis, counted)


def _is_of_earlier(e: Expression, at: frozenset[int], event: Event, doc: Doc) -> bool:
    """Whether a day is that of what was over by then: "signed by both, she having arrived on Tuesday".

    Or of what came after: "were taken to a police station and released the next day".
    """
    if not e.is_day or not at:
        return False
    verb = clause_head(doc[min(at)])
    if (
        e.means.startswith("narrative")
        and verb.dep_ == "conj"
        and verb.i > event.head
        and verb.head.i == event.head
    ):
        return True
    apart = verb != clause_head(doc[event.head]) and (
        verb.i > event.head or not verb.is_ancestor(doc[event.head])
    )
    return apart and any(c.lower_ == "having" and c.dep_ == "aux" for c in verb.children)


def _is_of_cause(at: frozenset[int], event: Event, doc: Doc) -> bool:
    """Whether a time ends what an event is about: "arrested four over an attack on a bus last month"."""
    about = next((c for c in doc[event.head].children if c.dep_ == "prep" and c.lower_ == "over"), None)
    if about is None or not at or event.kind != "verb" or about.i + 2 > min(at):
        return False
    return "," not in doc[about.i : min(at)].text


def _goes_on(head: Token) -> bool:
    """Whether it is told as going on: "are occupying the faculty", "the sit-in is in its fifth day"."""
    verb = governor(head)
    if verb.pos_ not in {"VERB", "AUX"} or (verb != head and not any(c == head for c in verb.children)):
        return False
    if verb.tag_ == "VBG":
        return any(c.dep_ == "aux" and c.lower_ in {"is", "are", "'re", "'s"} for c in verb.children)
    return (
        verb != head
        and head.dep_ == "nsubj"
        and verb.tag_ in {"VBZ", "VBP"}
        and verb.lemma_ in {"be", "continue", "go", "rage"}
    )


def _hinge(
    event: Event, doc: Doc, here: list[Expression], tokens: dict[Expression, frozenset[int]]
) -> tuple[Expression, frozenset[int]] | None:
    """Return "a day after" where it joins two events, with the tokens of the one it leads to."""
    for e in here:
        if e.means not in {"narrative", "narrative_ago"} or not e.text.lower().endswith(
            (" after", " before")
        ):
            continue
        link = doc[max(tokens[e])] if tokens[e] else None
        if link is None or link.i + 1 >= event.sentence[1] or doc[link.i + 1].is_punct:
            continue
        if any(c.lower_ == "had" and c.dep_ == "aux" for c in link.head.children) and link.lower_ == "before":
            continue  # "; the day before they had raided Sake": told itself, of the day before
        inside = frozenset(t.i for t in (link.head if link.dep_ == "mark" else link).subtree if t.i > link.i)
        if inside:
            return e, inside
    return None


def _signed_days(e: Expression) -> int:
    """Return how many days later (earlier: negative) "two days after" is than what follows it."""
    if e.means == "narrative":
        return int(dict(e.parts)["offset"])
    days = length_in_days(e) or 0
    return days if e.text.lower().endswith("after") else -days


def _beside_saying(token: Token, saying: Token) -> bool:
    """Whether an event is told beside the saying, not in what is said: "said after meeting mayors"."""
    while token.head not in (token, saying):
        if token.dep_ in {"ccomp", "parataxis"}:
            return False
        token = token.head
    return token.head == saying and token.dep_ in {"prep", "advcl"} and token.i > saying.i


def own_current(mine: list[Expression], tokens: dict[Expression, frozenset[int]], event: Event) -> bool:
    """Whether a day, not only a week or a month, is named in the event's own clause."""
    return any(e.is_day and e.means != "period" and tokens[e] & event.clause for e in mine)


def _is_since(e: Expression) -> bool:
    """Whether an expression of the past only compares: "the first since 2019", "worst in years"."""
    before = e.lead.lower()
    return any(
        word in before
        for word in ("first", "worst", "largest", "biggest", "deadliest", "heaviest", "most", "highest")
    )


def _with_clock_and_length(
    when: When,
    event: Event,
    mine: list[Expression],
    tokens: dict[Expression, frozenset[int]],
    read: Callable[[Expression], When],
) -> When:
    """Add time of day, and the end that a length or an "until" gives."""
    clocks = [e for e in mine if e.is_clock]
    if clocks:
        clock = read(clocks[0])
        if clocks[0].lead.lower().rstrip().endswith(("until", "till")):
            clock = replace(clock, time=None, time_end=clock.time)
        if clock.time and clock.time < "12:00" and when.date_end and when.date_end == shift(when.date, 1):
            when = replace(when, date=when.date_end, date_end=None)  # overnight, at two o'clock
        when = replace(when, time=clock.time, time_end=clock.time_end, approx=clock.approx)
        if clock.time and clock.time_end and clock.time_end < clock.time and when.date and not when.date_end:
            when = replace(when, date_end=shift(when.date, 1))
    for e in mine:
        if not e.is_length or not tokens[e] & event.clause or when.date_end:
            continue
        days = length_in_days(e)
        over = e.lead.lower().rstrip().endswith("after")  # "captured it after a week of fighting"
        if days and days > 1 and to_date(when.date) and not over:
            when = replace(when, date_end=shift(when.date, days - 1))
        elif e.means == "until" and (end := read(e).date_end) and when.date and end > when.date:
            when = replace(when, date_end=end)
    return when
