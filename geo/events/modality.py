"""Whether an event is told as fact, as a plan, as denied, or as something that did not happen.

Walks from a trigger up the parse tree: negation, modals, conditions, verbs of trying, planning and denying
(word lists in ``geo/data/events.toml``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.clauses import governor, is_verb
from geo.events.lexicon import forms, lexicon, words

if TYPE_CHECKING:
    from geo.parsed import Token

FACT, PLANNED, DENIED, UNREAL, BACKGROUND = "fact", "planned", "denied", "unreal", "background"
CONTESTED = "contested"

#: Prepositions whose object is taken as having happened, whatever the verb above says.
_PRESUPPOSING = frozenset(
    {"after", "following", "during", "since", "amid", "despite", "because", "in", "at", "by", "from", "under"}
)
#: Conjunctions of what has happened, whatever the verb above says.
_PRESUPPOSED = frozenset({"after", "since", "because"})
_WHERE_OR_WHEN = frozenset({"GPE", "LOC", "FAC", "DATE", "TIME"})


def _is(token: Token, table: str, name: str) -> bool:
    return bool(words(table, name).intersection(forms(token)))


def modality(trigger: Token) -> str:
    """Tell how the text holds what a trigger says.

    Parameters
    ----------
    trigger : geo.parsed.Token

    Returns
    -------
    str
        ``fact``, ``planned``, ``denied``, ``contested`` (one side tells it, the other denies it),
        ``background`` (of before, in general) or ``unreal``.
    """
    if not is_verb(trigger):
        said = _of_noun(trigger)
        if said is not None:
            return said
    if _is_remembered(trigger):
        return BACKGROUND
    verb = governor(trigger)
    for _ in range(12):  # no sentence nests deeper; a guard against odd parses
        said = _of_verb(verb)
        if said == UNREAL and _is_beside(trigger, verb):
            return FACT
        if said is not None:
            return said
        above = _above(verb)
        if above is None:
            return FACT
        link, verb = above
        if link.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in _PRESUPPOSED for c in link.children):
            since = any(c.dep_ == "mark" and c.lower_ == "since" for c in link.children)
            if since and any(c.dep_ == "aux" and c.lower_ in {"have", "has"} for c in verb.children):
                return BACKGROUND  # "tensions have soared since gunmen killed 26"
            return FACT  # "would send more soldiers, a day after crowds attacked": they did
        said = _of_link(link, verb)
        if said is not None:
            return said
        told = link.dep_ == "ccomp" and link.tag_ == "VBD" and _is(verb, "people", "reporting")
        if told and any(c.lower_ == "could" for c in verb.children):
            return FACT  # "could announce that a truce was in place": it was
    return FACT


def _of_noun(noun: Token) -> str | None:
    """Read what stands around a noun: "no attack", "fears of clashes"; None if nothing."""
    node = noun
    if noun.dep_ == "pobj" and noun.head.lower_ in {"at", "over", "against", "about"}:
        cause = noun.head.head
        if _is(cause, "modality", "anger"):
            return BACKGROUND  # "in protest at the arrest of": why, not what
    if any(c.lower_ == "due" for c in node.rights):
        return PLANNED
    for child in node.rights:
        if (
            child.dep_ == "acl"
            and child.lemma_ in {"plan", "schedule", "expect", "propose", "announce"}
            and child.tag_ == "VBN"
        ):
            return PLANNED
    for child in node.lefts:
        if child.lower_ in {"no", "any"} and child.dep_ == "det":
            return UNREAL
        if child.dep_ in {"amod", "advmod", "nmod", "compound"}:
            if _is(child, "modality", "unreal_adjectives"):
                return UNREAL
            if _is(child, "modality", "planned_adjectives"):
                return PLANNED
            if _is(child, "modality", "past_adjectives"):
                return BACKGROUND
    for _ in range(8):
        if node.head == node or is_verb(node):
            return None
        above = node.head
        if (
            node.dep_ == "pobj"
            and above.lower_ in _PRESUPPOSING
            and above.lower_ not in {"in", "at", "by", "from", "under"}
        ):
            return None if governor(above) != above and above.lower_ in {"amid", "despite"} else FACT
        if node.dep_ == "pobj" and above.lower_ == "without":
            return UNREAL
        guarded = node.dep_ == "pobj" and above.lower_ in {"from", "against"}
        if guarded and _is(above.head, "modality", "guarding"):
            return UNREAL  # "help shield the port from missile attacks"
        if node.dep_ == "pobj" and above.lower_ == "with" and above.head.lower_ == "connection":
            return BACKGROUND  # "arrested in connection with the lynching"
        if node.dep_ == "pobj" and above.lower_ in {"about", "regarding", "concerning"}:
            return BACKGROUND  # "posts about the killings"
        if node.dep_ == "pobj" and (
            above.lower_ == "before" or (above.lower_ == "of" and above.head.lower_ == "ahead")
        ):
            return PLANNED  # "ahead of talks", "before the summit"
        if (above.pos_ in {"NOUN", "PROPN"} and node != noun) or (
            node.dep_ == "compound" and above.pos_ == "NOUN"
        ):
            if _is(above, "modality", "denials"):
                return DENIED
            if _is(above, "modality", "topic_heads") and not _is(above, "modality", "topic_exceptions"):
                return UNREAL
            if any(c.lower_ == "no" for c in above.lefts):
                return UNREAL
        node = above
    return None


def _is_remembered(trigger: Token) -> bool:
    """Whether it is told of what recalls it: "a monument to children killed by shelling"."""
    above = [
        a for a in trigger.ancestors if _is(a, "modality", "remembering") and a.pos_ in {"NOUN", "PROPN"}
    ]
    return any(
        t.dep_ in {"acl", "relcl"} and above[0].is_ancestor(t) for t in (trigger, *trigger.ancestors) if above
    )


def _is_beside(noun: Token, verb: Token) -> bool:
    """Whether it is where something else did not happen: "no one was hurt in the attack"."""
    return (
        noun.dep_ == "pobj"
        and noun.head.lower_ in {"in", "at", "during"}
        and noun.head.head == verb
        and any(c.lower_ == "the" or c.dep_ == "poss" for c in noun.lefts)
    )


def _of_verb(verb: Token) -> str | None:
    """Read what stands on a verb: negation, modals, a condition; None if nothing."""
    for child in verb.children:
        if child.dep_ == "advmod" and child.lower_ == "last" and child.i < verb.i:
            return BACKGROUND  # "the two last met in spring"
        if child.dep_ == "neg" or (child.lower_ in {"never", "neither", "nor"} and child.i < verb.i):
            return UNREAL
        if child.dep_ in {"nsubj", "nsubjpass"} and child.lower_ in {"none", "nobody", "neither"}:
            return UNREAL
        if child.dep_ in {"dobj", "dative"} and any(g.lower_ == "neither" for g in child.lefts):
            return UNREAL  # "brought neither side a truce"
        if child.dep_ in {"nsubj", "nsubjpass"} and (
            any(g.lower_ == "no" for g in child.lefts) or child.left_edge.lower_ == "not"
        ):
            return UNREAL  # "not a single shot was fired"
        if child.dep_ in {"aux", "auxpass"}:
            if child.lower_ in words("modality", "unreal_modals"):
                if child.lower_ == "could" and _is(verb, "modality", "perceiving"):
                    continue  # "flames could be seen after the raid"
                return UNREAL
            if child.lower_ in words("modality", "planned_modals") or child.lower_ in words(
                "modality", "would"
            ):
                return PLANNED
        if child.dep_ in {"mark", "advmod"} and child.lower_ in words("modality", "conditional"):
            return UNREAL if child.lower_ not in {"once", "until"} else PLANNED
    if verb.tag_ == "VBG" and any(c.lower_ == "going" for c in verb.children):
        return PLANNED
    return None


def _above(verb: Token) -> tuple[Token, Token] | None:
    """Return the verb's link upwards and the verb or noun that governs it; None at the top."""
    if verb.head == verb or verb.dep_ == "ROOT":
        return None
    above = verb.head
    if above.pos_ in {"NOUN", "PROPN", "ADJ", "ADV"} and verb.dep_ in {
        "acl",
        "xcomp",
        "ccomp",
        "advcl",
        "pcomp",
    }:
        return verb, above
    doubted = _is(above, "modality", "doubted")
    told_of = (doubted or _is(above, "modality", "accusations")) and any(
        c.lower_ == "that" and (doubted or c.dep_ == "mark") for c in verb.children
    )
    if verb.dep_ in {"relcl", "acl"} and not told_of:
        return None  # "the shed that blew up": told as fact, whatever is said of the shed
    if above.lower_ == "without":
        return verb, above
    if above.dep_ in {"prep", "agent"} or above.pos_ in {"ADP", "SCONJ"}:
        above = above.head if above.head != above else above
    return verb, above


def _infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(c.tag_ == "TO" for c in verb.children)


def _of_link(verb: Token, above: Token) -> str | None:
    """Tell what a clause becomes under the word above it; None to go on upwards."""
    barred = (
        verb.dep_ in {"pcomp", "pobj"} and verb.head.lower_ == "from" and _is(above, "modality", "barring")
    )
    if barred and any(c.dep_ == "neg" for c in above.children):
        return FACT  # "did not stop them from meeting"
    if above.lower_ == "without" or barred:
        return UNREAL
    if _is(above, "modality", "guessing") and any(
        c.tag_ == "PRP" and c.dep_ == "nsubj" for c in above.children
    ):
        return UNREAL  # "he suggested they had shelled it themselves"
    if _is(above, "modality", "denials") and verb.dep_ in {"xcomp", "ccomp", "pcomp", "acl", "dobj"}:
        return DENIED
    if above.lemma_ in {"try", "attempt"} and _is(verb, "modality", "tried"):
        return None  # an attempt to storm is violence itself
    if verb.dep_ == "ccomp" and verb.i < above.i:
        return FACT  # "... , he did not say when": what comes first is told, whatever is said of the saying
    if _is(above, "modality", "doubted") and not is_verb(above):
        return UNREAL  # "a rumour that troops had fired"
    if _is(above, "modality", "accusations"):
        if (
            above.tag_ == "VBG"
            and above.dep_ == "advcl"
            and not any(t.ent_type_ in _WHERE_OR_WHEN for t in verb.subtree)
        ):
            return BACKGROUND  # "..., accusing the army of breaking the truce": of whatever day
        # "rejected the claim that ..." denies; a claim by itself asserts.
        higher = governor(above.head)
        if not _is(higher, "modality", "denials") or higher == above:
            return FACT
        of_a_side = any(c.ent_type_ in {"NORP", "GPE"} for c in above.lefts)
        return CONTESTED if of_a_side and not is_verb(above) else DENIED  # "dismissed a Russian report that"
    if _is(above, "modality", "factual"):
        aim = _infinitive(verb) and verb.dep_ == "advcl"
        if aim and is_verb(above):
            return _of_verb(above) or FACT  # "came to arrest him", but "if they come to arrest him"
        return None if is_verb(above) else FACT
    if _is(above, "modality", "wishing"):
        if verb.dep_ == "ccomp" and any(
            _is(c, "people", "reporting") for c in above.children if c.dep_ == "xcomp"
        ):
            return FACT  # "wishes to inform the public that"
        if above.lemma_ == "wish" and _infinitive(verb) and _is(verb, "people", "reporting"):
            return FACT
        return (
            PLANNED
            if _infinitive(verb) and above.lemma_ not in {"want", "wish", "hope", "seek", "mean"}
            else UNREAL
        )
    if _is(above, "modality", "unreal") and verb.dep_ in {"xcomp", "ccomp", "pcomp", "acl", "advcl", "dobj"}:
        return UNREAL
    if _infinitive(verb):
        if verb.dep_ == "advcl" and verb.lemma_ == "protest" and above.tag_ == "VBD":
            return _of_verb(above) or FACT  # "drove cows through the town to protest against a ban"
        if _is(above, "modality", "planning"):
            return PLANNED
        return UNREAL  # a purpose, a right, a wish: not told as done
    if not is_verb(above):
        return FACT
    return None


def is_called(trigger: Token) -> bool:
    """Whether a noun is only called for: "announced a general strike", "called a rally for Saturday"."""
    return trigger.dep_ == "dobj" and bool(words("modality", "calling").intersection(forms(trigger.head)))


def is_beginning(trigger: Token) -> bool:
    """Whether a noun is told as having begun: "the unrest started on 7 December"."""
    return trigger.dep_ == "nsubj" and _is(trigger.head, "modality", "beginning")


def is_ending(trigger: Token) -> bool:
    """Whether a noun is told as coming to its end: "the shooting stopped at six"."""
    return trigger.dep_ == "nsubj" and bool(words("modality", "ending").intersection(forms(trigger.head)))


def object_modality(trigger: Token) -> str:
    """Tell what a verb makes of the noun it governs: "called for talks", "foiled an attack", "plans a visit".

    Parameters
    ----------
    trigger : geo.parsed.Token
        A noun.

    Returns
    -------
    str
        As `modality`; ``fact`` where the verb says nothing of the sort.
    """
    verb = governor(trigger)
    if verb == trigger or not is_verb(verb):
        return FACT
    link = trigger
    while link.head != verb and link.head != link:
        link = link.head
    if link != trigger and verb.lemma_ in {"turn", "prove"} and _is(link, "modality", "hearsay"):
        return UNREAL  # "a report of a blast turned out to be a burst tyre"
    if link.dep_ == "nsubj" and verb.lemma_ in {"be", "remain", "seem", "appear", "become", "look"}:
        said = {f for c in verb.children if c.dep_ in {"acomp", "attr", "oprd"} for f in forms(c)}
        return UNREAL if said & words("modality", "unreal_predicates") else FACT
    if link.dep_ == "oprd" and verb.lemma_ in {"call", "describe", "dub", "term", "label"}:
        return FACT  # "what the army called a drill"
    if link.dep_ not in {"dobj", "prep", "xcomp", "attr", "oprd", "dative", "nsubjpass"}:
        return FACT
    if (
        link.dep_ == "prep"
        and link.lower_ == "of"
        and verb.lemma_ in {"accuse", "suspect", "convict", "acquit"}
        and verb.tag_ == "VBN"
        and not any(c.dep_ == "agent" for c in verb.children)
    ):
        return UNREAL  # "the trial of a man accused of the bombing"
    if (
        link.dep_ == "prep"
        and link.lower_ == "as"
        and verb.lemma_ in {"describe", "characterise", "characterize"}
    ):
        return FACT  # "what the governor described as a raid"
    if link.dep_ == "prep" and verb.lemma_ == "charge":
        return UNREAL  # of a court, not of the day
    if link.dep_ == "prep" and (
        link.lower_ not in {"for", "against", "of", "on", "about", "to", "from", "over"}
    ):
        return FACT
    table = lexicon()["modality"]
    if verb.lemma_ in {"put", "call"} and any(
        (c.lower_ == "off" and c.i == verb.i + 1) or (c.lower_ == "back" and verb.lemma_ == "put")
        for c in verb.children
    ):
        return PLANNED
    if _is(verb, "modality", "denials"):
        return DENIED
    if table["unreal"].intersection(forms(verb)):
        return UNREAL
    if verb.lemma_.lower() in (table["planning"] | table["wishing"]) - {
        "be",
        "agree",
        "announce",
        "set",
        "offer",
        "about",
        "aim",
    }:
        return PLANNED
    return FACT
