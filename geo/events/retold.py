"""Triggers that tell nothing of their own: what they name is talked of, counted, rehearsed, made safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.clauses import governor, is_verb
from geo.events.lexicon import family, forms, lexicon, pattern, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events.event import Event
    from geo.parsed import Token

_ABOUT = frozenset({"on", "about", "over", "regarding", "concerning"})
_THE = frozenset({"the", "this", "that", "these", "those"})


def _is(token: Token, name: str) -> bool:
    return bool(words("modality", name).intersection(forms(token)))


def is_retold(type_: str, head: Token, *, verbal: bool) -> bool:
    """Whether a trigger only takes up, plays or rules out what it names.

    Parameters
    ----------
    type_ : str
        The type that its phrase stands for.
    head : geo.parsed.Token
        The verb or noun that stands for it.
    verbal : bool
        Whether it is a verb that asserts.
    """
    violent = family(type_) == "violence"
    if family(type_) in {"violence", "unrest"} and (_is_rehearsed(head) or _did_not_go_off(head)):
        return True
    if verbal:
        return _is_recalled(head) or (type_ == "meeting" and _had_failed(head))
    return (
        _is_spoken_of(head, type_)
        or _is_on_paper(head)
        or _is_over(head)
        or (type_ == "meeting" and head.dep_ == "nsubj" and _had_failed(head.head))
        or (violent and _is_made_safe(head))
        or (type_ == "protest" and _is_held_by_the_armed(head))
    )


def sums_up(noun: Token, type_: str, events: Sequence[Event]) -> bool:
    """Whether a noun only counts or ranks what was told: "it was the third bombardment this week".

    Parameters
    ----------
    noun : geo.parsed.Token
    type_ : str
    events : sequence of Event
        Those of its sentence found so far: "marched in the largest rallies this year".
    """
    counted = any(_is(c, "counting") for c in noun.lefts)
    best = any(c.lower_ in words("modality", "superlatives") for c in noun.lefts)
    if counted and noun.dep_ in {"appos", "npadvmod", "ROOT"}:
        return True  # ", the third such attack this month"
    if noun.dep_ == "pobj" and noun.head.lower_ in {"after", "since"} and noun.head.head.lemma_ == "come":
        return best  # "came two days after the heaviest fighting since the war"
    if noun.dep_ == "attr" and any(
        c.dep_ == "nsubj" and c.lower_ in {"it", "this", "that"} for c in noun.head.children
    ):
        return True
    above = any(e.type == type_ and noun.doc[e.head].is_ancestor(noun) for e in events)
    return (counted or best) and not is_verb(noun) and above


def is_called_off(noun: Token) -> bool:
    """Whether what follows a subject calls it off, whatever the parser makes of that."""
    return noun.dep_.startswith("nsubj") and bool(
        pattern("falsehood", "cancelled").search(noun.sent.text, max(0, noun.idx - noun.sent.start_char))
    )


def _is_spoken_of(noun: Token, type_: str) -> bool:
    """Whether it is what is talked of or placed: "conferred on the bombing", "placed the raid in X"."""
    verb = governor(noun)
    if verb != noun and verb.dep_ == "pcomp" and verb.head.lower_ in _ABOUT:
        return _is(verb.head.head, "discussing")  # "talked about reviving joint patrols"
    if not any(c.lower_ in _THE for c in noun.lefts):
        return False
    if noun.dep_ == "dobj":
        reacted = family(type_) == "violence" and words("subjects", "reaction").intersection(forms(noun.head))
        return bool(reacted) or _is(noun.head, "placing") or noun.head.lemma_ == "discuss"
    return noun.dep_ == "pobj" and noun.head.lower_ in _ABOUT and _is(noun.head.head, "discussing")


def _is_on_paper(noun: Token) -> bool:
    """Whether it is what a paper provides for: "signed a protocol on joint patrols", "agreed on" them."""
    if noun.dep_ != "pobj" or noun.head.lower_ not in _ABOUT | {"for"}:
        return False
    above, papers = noun.head.head, lexicon()["types"]["agreement"]["needs_object"]
    return above.lemma_ == "agree" or bool(set(papers).intersection(forms(above)))


def _is_over(noun: Token) -> bool:
    """Whether it is past or ends: "ending three weeks of raids", "lifts a blockade", "since the bombs"."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "since":
        return True
    if noun.dep_ == "pobj" and noun.head.lower_ == "of":
        span = noun.head.head
        if span.dep_ == "pobj" and span.head.lower_ in {"after", "following"} and _is(span, "long_spans"):
            return True  # "signed a ceasefire after a month of raids"
        ends = span.dep_ == "dobj" and (_is(span.head, "ending") or span.head.lemma_ in {"cap", "follow"})
        return ends and _is(span, "spans")
    return noun.dep_ == "dobj" and noun.head.lemma_ == "lift"


def _is_recalled(verb: Token) -> bool:
    """Whether a clause only says again what happened: "what blew up was a workshop"."""
    return verb.dep_ == "csubj" and any(c.lower_ == "what" and c.dep_ == "nsubj" for c in verb.children)


def _had_failed(verb: Token) -> bool:
    """Whether talks only failed before what is told: "walked out after talks collapsed"."""
    return (
        verb.dep_ == "advcl"
        and verb.lemma_ in {"collapse", "fail", "stall", "break", "end", "founder"}
        and any(c.dep_ == "mark" and c.lower_ in {"after", "since", "when", "as"} for c in verb.children)
    )


def _is_rehearsed(head: Token) -> bool:
    """Whether it is part of what is rehearsed or played: "actors stormed a mock town hall"."""
    near = [t for c in head.children if c.dep_ in {"nsubj", "nsubjpass", "dobj"} for t in c.subtree]
    if any(
        words("modality", "drills").intersection(forms(t))
        for c in head.children
        if c.dep_ == "prep" and c.lower_ in {"in", "during", "for"}
        for t in c.children
        if t.dep_ == "pobj"
    ):
        return True  # "marines stormed a beach in the largest drill for years"
    near += [head.head] if head.dep_ in {"acl", "relcl"} else []
    return any(is_verb(a) and _is(a, "rehearsing") for a in head.ancestors) or any(
        t.lower_ in words("modality", "played") for t in near
    )


def _did_not_go_off(head: Token) -> bool:
    """Whether what was thrown or laid did nothing: "a grenade thrown at a post did not go off"."""
    verb = (
        head.head.head if head.dep_ in {"acl", "relcl"} and head.head.dep_.startswith("nsubj") else head.head
    )
    return (
        head != verb
        and is_verb(verb)
        and _is(verb, "failing")
        and any(c.dep_ == "neg" for c in verb.children)
        and (head.dep_ in {"acl", "relcl"} or head.dep_.startswith("nsubj"))
    )


def _is_made_safe(noun: Token) -> bool:
    """Whether a bomb was found in time: "a roadside bomb found at X was made safe"."""
    verb = governor(noun)
    found = verb != noun and noun.dep_ in {"dobj", "nsubjpass"} and _is(verb, "disarming")
    safe = verb.lemma_ == "make" and any(c.lower_ in {"safe", "harmless"} for c in verb.children)
    return (
        found
        or safe
        or (
            noun.dep_ in {"dobj", "nsubjpass"}
            and verb.lemma_ in {"remove", "destroy"}
            and any(c.dep_ == "acl" and _is(c, "disarming") for c in noun.children)
        )
    )


def _is_held_by_the_armed(noun: Token) -> bool:
    """Whether a roadblock is where soldiers stand: "soldiers at a roadblock opened fire"."""
    holders = ("soldiers", "fighters", "outlaws", "captors")
    return (
        noun.dep_ == "pobj"
        and noun.lemma_ in {"roadblock", "barricade", "block"}
        and any(words("subjects", name).intersection(forms(noun.head.head)) for name in holders)
    )
