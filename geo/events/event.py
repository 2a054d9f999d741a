"""An event as a sentence tells it: its trigger, type, clause, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.events import modality as told
from geo.events.lexicon import family, lexicon

if TYPE_CHECKING:
    from geo.parsed import Doc

#: Kinds of triggers whose head is a verb.
VERBAL = frozenset({"verb", "crowd", "outlaw", "cue"})


@dataclass(frozen=True, slots=True)
class Event:
    """A mention of something that happened, is planned or is denied.

    Attributes
    ----------
    type : str
        An incident type, or ``strike`` while the weapon is not known.
    kind : str
        ``verb``, ``noun`` or ``weak``: how the trigger asserts it.
    start, end : int
        The trigger, code points in the document, end exclusive.
    head : int
        Index of the trigger's head token in the document.
    sentence : tuple[int, int]
        First and last-plus-one token of its sentence.
    clause : frozenset[int]
        Token indices of its clause.
    told : str
        ``fact``, ``planned`` or ``denied``.
    definite : bool
        "The attack", "this meeting": speaks of something told before, or told next.
    headline : bool
    new : bool
        "Another attack", "a second blast": not the one told before.
    weapon : str or None
        As the source wrote it.
    policed : bool
        Whether it is what police do with a crowd: "dispersed them with tear gas".
    looks_back : bool
        Whether it is told as having happened before what is told otherwise: "had been detained".
    agentless : bool
        Whether it is told in the passive, by nobody.
    elsewhere : bool
        Whether it is told of a place named before, and not of the event told there: "were detained there".
    subordinate : bool
        Whether it only says after or at what another event came: "... after troops laid an ambush".
    reply : bool
        Whether it answers what was told: "fired back", "shelled their positions in response".
    beginning : bool
        Whether it is only said when something long told of began: "the unrest started on 7 December".
    """

    type: str
    kind: str
    start: int
    end: int
    head: int
    sentence: tuple[int, int]
    clause: frozenset[int]
    told: str = told.FACT
    definite: bool = False
    headline: bool = False
    new: bool = False
    weapon: str | None = None
    policed: bool = False
    looks_back: bool = False
    agentless: bool = False
    elsewhere: bool = False
    subordinate: bool = False
    reply: bool = False
    beginning: bool = False


def more_telling(a: str, b: str) -> str:
    """Return the type that says more where two types can be of one event; empty where they cannot.

    Parameters
    ----------
    a, b : str
    """
    generic = lexicon()["generic"]
    if a == b or b in generic.get(a, ()):
        return b
    return a if a in generic.get(b, ()) else ""


def collapse(events: list[Event], doc: Doc) -> list[Event]:
    """Keep one event where several triggers of one clause say the same thing, of the most telling type."""
    kept: list[Event] = []
    for event in events:
        for n, other in enumerate(kept):
            joint = more_telling(event.type, other.type)
            same = event.head in other.clause and other.head in event.clause
            if same and _is_means_of_arrest(event, other, doc):
                break
            if same and _is_means_of_arrest(other, event, doc):
                kept[n] = event
                break
            verb = doc[event.head]
            aside = verb.dep_ == "advcl" and verb.head.i == other.head and verb.tag_ in {"VBG", "VB"}
            if joint and aside:
                kept[n] = replace(other, type=joint, weapon=other.weapon or event.weapon)
                break  # "..., chanting against the government in Damascus", "marched to protest": no other
            if _is_how(event, other, doc):
                kept[n] = replace(event, clause=event.clause | other.clause)
                break
            if same and _is_within(event, other, doc):
                break
            if same and _is_within(other, event, doc):
                kept[n] = event
                break
            if _is_told_of(event, other, doc):
                # "the shelling of a hospital that killed nine a day earlier"
                kept[n] = replace(other, clause=other.clause | event.clause)
                break
            if _is_told_first(other, event, doc):
                # "two bombs fired from the hills exploded"
                kept[n] = replace(event, clause=event.clause | other.clause)
                break
            inner = event.kind == "verb" and verb.dep_ == "relcl" and other.start <= verb.head.idx < other.end
            if inner and family(event.type) == family(other.type) == "violence":
                break  # "an exchange of gunfire in which a man was shot dead"
            if joint and same and event.told == other.told:
                best, rest = (
                    (event, other) if event.kind == "verb" and other.kind != "verb" else (other, event)
                )
                kept[n] = replace(
                    best, type=joint, weapon=best.weapon or rest.weapon, clause=best.clause | rest.clause,
                    new=best.new or rest.new, definite=best.definite and rest.definite,
                )  # fmt: skip
                break
        else:
            kept.append(event)
    return kept


def _is_within(event: Event, other: Event, doc: Doc) -> bool:
    """Whether violence is told as part of other violence: "shot dead in an encounter"."""
    noun = doc[other.head]
    return (
        family(event.type) == family(other.type) == "violence"
        and event.kind == "verb"
        and other.kind == "noun"
        and noun.dep_ == "pobj"
        and noun.head.lower_ in {"in", "during"}
        and noun.head.head.i == event.head
    )


def _is_how(event: Event, other: Event, doc: Doc) -> bool:
    """Whether a clause with "when" tells how people died: "two were shot dead when they exchanged fire"."""
    verb, died = doc[event.head], doc[other.head]
    return (
        family(event.type) == family(other.type) == "violence"
        and event.told == other.told == "fact"
        and other.agentless
        and other.type in {"attack", "violence"}
        and verb.dep_ == "advcl"
        and (verb.head == died or (died.dep_ == "conj" and verb.head == died.head) or verb.head.head == died)
        and any(c.lower_ in {"when", "as"} and c.dep_ in {"advmod", "mark"} for c in verb.children)
    )


def _is_told_of(event: Event, other: Event, doc: Doc) -> bool:
    """Whether a relative clause only says whom the violence named before it hit."""
    verb, noun = doc[event.head], doc[other.head]
    return (
        event.type == "violence"
        and verb.dep_ == "relcl"
        and family(other.type) == "violence"
        and other.kind == "noun"
        and noun.is_ancestor(verb)
        and any(c.dep_ == "nsubj" and c.lower_ in {"that", "which"} for c in verb.children)
    )


def _is_told_first(event: Event, other: Event, doc: Doc) -> bool:
    """Whether it only says where what then struck came from."""
    fired = doc[event.head]
    return (
        fired.dep_ == "acl"
        and fired.head.dep_ == "nsubj"
        and fired.head.head == doc[other.head]
        and family(event.type) == family(other.type) == "violence"
    )


def _is_means_of_arrest(event: Event, other: Event, doc: Doc) -> bool:
    """Whether a noun only says how or where people were arrested: "detained in raids", "at a protest"."""
    head = doc[event.head]
    searches = {"raid", "operation", "swoop", "crackdown", "sweep", "incursion", "search"}
    return (
        other.type == "arrest"
        and event.kind != "verb"
        and (head.lemma_ in searches or event.type == "protest")
        and head.dep_ == "pobj"
        and head.head.lower_ in {"in", "during", "at", "from"}
    )
