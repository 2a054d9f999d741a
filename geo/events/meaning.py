"""What a trigger means in its clause: who acts, on what, and with which weapon.

"Hit" is a strike when a missile does it and none when a drought does; ministers visit, convoys arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import modality as told
from geo.events.lexicon import Phrase, family, forms, lexicon, weapons_in

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def subjects_of(head: Token) -> list[Token]:
    """Subject tokens of a verb, taken from the verb it is joined to where it has none of its own."""
    verb: Token | None = told.governor(head)
    for _ in range(4):
        if verb is None:
            break
        own = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass", "csubj"}]
        if own:
            return own
        if verb.dep_ == "acl" and verb.head.dep_ == "ROOT" and verb.head.i < verb.i:
            return [verb.head]  # "An envoy touched down": read as one who is touched
        verb = verb.head if verb.dep_ in {"conj", "xcomp", "advcl"} and verb.head != verb else None
    return []


def doers_of(head: Token) -> set[str]:
    """Forms of the words for who acts: subjects and agents."""
    agents = [c for c in told.governor(head).children if c.dep_ == "agent"]
    return {f for s in (*subjects_of(head), *agents) for t in s.subtree for f in forms(t)}


def subject_fits(phrase: Phrase, head: Token, tokens: list[Token]) -> bool:
    """Whether who acts can do what the verb then means: ministers visit, convoys arrive."""
    table = lexicon()["subjects"]
    subjects = subjects_of(head)
    subtree = {f for s in subjects for t in s.subtree for f in forms(t)}
    if phrase.type == "meeting" and head.lemma_ in table["gathering_verbs"]:
        around = {f for t in told.clause_head(head).subtree for f in forms(t)}
        if not around & (table["visitors"] - {"he", "she", "they"} | table["parties"]):
            return False  # mothers sit down before a ministry; envoys sit down to talk
    if phrase.type == "visit" and head.lemma_ == "fly" and is_passive(head):
        return False  # flown to prison
    if phrase.type == "protest" and head.lemma_ == "protest":
        doers = {f for s in subjects if s.dep_ == "nsubj" for f in forms(s)}
        if doers & table["diplomats"] or any(s.ent_type_ == "GPE" and s.pos_ == "PROPN" for s in subjects):
            return False  # a note, not a crowd
    if phrase.type == "visit":
        person = any(
            t.ent_type_ == "PERSON" or t.lower_ in {"he", "she", "who"} for s in subjects for t in s.subtree
        )
        if head.lemma_ == "be":
            dated = any(t.ent_type_ in {"DATE", "TIME"} or t.lower_ == "for" for t in head.subtree)
            return head.tag_ == "VBD" and head.dep_ != "relcl" and dated and bool(table["visitors"] & subtree)
        if any(c.dep_ == "nsubjpass" for c in head.children):
            return head.lemma_ == "visit" and bool(
                table["visitors"]
                & {f for c in head.children if c.dep_ == "agent" for t in c.subtree for f in forms(t)}
            )
        return bool(table["visitors"] & subtree) or (
            person and head.lemma_ not in {"inspect", "head", "step"}
        )
    if phrase.type == "agreement" and head.lemma_ in {"sign", "initial", "ink", "ratify"}:
        reach = [t for t in tokens if head.i - 12 <= t.i <= head.i + 14]
        return any(lexicon()["types"]["agreement"]["needs_object"].count(f) for t in reach for f in forms(t))
    if phrase.type == "violence" and head.lower_ == "wound" and head.nbor().lower_ == "up":
        return False  # "wound up the conference"
    if head.lemma_ in {"wound", "injure"}:
        return bool(table["assailants"] & subtree) and any(c.dep_ == "dobj" for c in head.children)
    if head.lemma_ in {"kill", "destroy", "damage"} and phrase.type in {"violence", "strike"}:
        agents = [c for c in head.children if c.dep_ == "agent"]
        if (
            head.lemma_ == "kill"
            and (any(c.dep_ == "nsubjpass" for c in head.children) or not subjects)
            and not agents
        ):
            return False
        doers = {f for a in agents for t in a.subtree for f in forms(t)} if agents else subtree
        return not doers & table["accidents"]
    if phrase.type == "protest" and head.lemma_ in {"march", "rally"}:
        return not subtree & (table["soldiers"] | table["markets"])
    if head.lemma_ in {"capture", "recapture", "retake"} or (
        phrase.type == "clash" and head.lemma_ == "take"
    ):
        return bool(table["military"] & subtree) or bool(
            {"fighter", "troop", "soldier", "militant", "insurgent", "junta"} & subtree
        )
    if head.lemma_ == "attack":
        objects = {f for c in head.children if c.dep_ == "dobj" for f in forms(c)}
        return not objects & table["abstract"]
    if head.lemma_ == "shoot" and not any(c.dep_ in {"dobj", "nsubjpass"} for c in head.children):
        return len([t for t in tokens if t.lower_ == "at"]) > 0
    if phrase.type in {"visit", "exercise"} and head.lemma_ in {"train", "go", "drive", "sail"}:
        group = table["soldiers"] if head.lemma_ == "train" else table["visitors"]
        return bool(group & subtree) and (
            head.lemma_ == "train" or head.lemma_ != "go" or "visit" in {t.lemma_ for t in tokens}
        )
    if head.lemma_ == "fire" and any(c.dep_ == "nsubjpass" for c in head.children):
        return bool(
            weapons_in([t for s in subjects for t in s.subtree])
            or {"shot", "round", "volley", "burst", "bullet", "gun", "weapon"} & subtree
        )
    if head.lemma_ == "raid" and subtree & {
        "police",
        "officer",
        "agent",
        "prosecutor",
        "detective",
        "authority",
    }:
        return False
    if (
        phrase.type in {"attack", "violence"}
        and head.lemma_ == "shoot"
        and any(c.dep_ == "nsubjpass" for c in head.children)
    ):
        return not weapons_in([t for s in subjects for t in s.subtree])
    if head.lemma_ == "meet" and any(c.dep_ == "auxpass" for c in head.children):
        return False
    if head.lemma_ in {"meet", "negotiate", "confer"}:
        return not subtree & table["things"]
    return True


def type_of(phrase: Phrase, head: Token, clause: list[Token], tokens: list[Token]) -> tuple[str, str | None]:
    """Return the type that the weapon makes of a trigger ("" where it needs one), and the weapon."""
    doc = head.doc
    if phrase.type == "meeting" and {"phone", "telephone", "videolink"} & {t.lower_ for t in clause}:
        return "", None  # a call
    if phrase.kind == "verb" and phrase.type in {"riot", "protest", "clash", "attack"}:
        doers_ = weapons_in([t for s in subjects_of(head) if s.dep_ == "nsubj" for t in [*s.lefts, s]])
        struck = [t for t, _, _ in doers_ if t not in {"none", "firing"}]
        if struck:
            return struck[0], doc[doers_[0][1] : doers_[0][2] + 1].text  # "drones smashed windows"
    means = [w for w in weapons_in(tokens) if is_means(doc[w[2]], head, doc)]
    near = {t.i for t in clause}
    means.sort(key=lambda w: (w[2] not in near, abs(w[2] - head.i)))
    named = next((doc[a : b + 1].text for _, a, b in means), None)
    types = [t for t, _, last in means if last in near and t != "none"]
    generic = lexicon()["means"].get(phrase.type, frozenset())
    if phrase.type == "strike":
        if phrase.kind == "verb":
            if types and types[0] in generic:
                return types[0], named
            doer = (
                {f for s in subjects_of(head) for t in s.subtree for f in forms(t)}
                if head.lemma_ in {"hit", "strike", "target", "pound"}
                else set()
            )
            passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in head.children)
            return (
                ("strike", named) if doer & lexicon()["subjects"]["military"] and not passive else ("", None)
            )
        if {
            "worker",
            "union",
            "labour",
            "labor",
            "hunger",
            "general",
            "teacher",
            "wage",
            "pay",
            "nurse",
            "driver",
        } & {f for t in clause for f in forms(t)}:
            return "", None
        return (types[0] if types and types[0] in generic else "strike"), named
    if types and types[0] in generic:
        return types[0], named
    if phrase.type in {"attack", "violence"} and phrase.kind == "verb" and _is_crowd(head):
        return "riot", named
    return phrase.type, named if family(phrase.type) == "violence" or phrase.type == "riot" else None


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, its own or that of the verb it is joined to."""
    if any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children):
        return True
    own = any(c.dep_ in {"nsubj", "aux"} for c in verb.children)
    return (
        verb.tag_ == "VBN" and verb.dep_ == "conj" and not own and verb.head != verb and is_passive(verb.head)
    )


def _is_crowd(head: Token) -> bool:
    """Whether who storms or attacks is a crowd, and does not shoot."""
    if head.lemma_ not in {
        "storm",
        "overrun",
        "attack",
        "raid",
        "torch",
        "burn",
        "set",
        "invade",
        "assault",
        "force",
    }:
        return False
    doers = {f for s in subjects_of(head) if s.dep_ == "nsubj" for f in forms(s)}
    return bool(doers & lexicon()["subjects"]["rioters"])


def is_means(weapon: Token, head: Token, doc: Doc) -> bool:
    """Whether a weapon is what an attack is made with, not what it is made on."""
    node = weapon
    if head.dep_ in {"relcl", "acl"} and head.head == weapon:
        return True  # "shells that landed in ..."
    while node != head and node.head != node:
        if node.dep_ == "pobj" and node.head.lower_ in {"with", "by", "using"}:
            return True
        if node.dep_ in {"nsubjpass"} and node.head.lemma_ not in {
            "fire",
            "launch",
            "drop",
            "use",
            "send",
            "throw",
        }:
            return False
        if node.dep_ == "dobj" and node.head.lemma_ not in {
            "fire",
            "launch",
            "drop",
            "use",
            "send",
            "throw",
            "lob",
            "detonate",
            "carry",
            "open",
            "deploy",
            "employ",
            "rain",
            "hurl",
            "lead",
        }:
            return False
        if node.dep_ == "pobj" and node.head.lower_ in {"on", "against", "at", "near", "into", "in", "to"}:
            return False
        node = node.head
    return doc[weapon.i].pos_ != "VERB"
