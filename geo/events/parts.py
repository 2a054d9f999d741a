"""The parts of an event in its parse: who acts, who is acted on, in every voice and around every noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.clauses import governor, is_verb
from geo.events.lexicon import family, forms, words
from geo.events.meaning import is_passive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.events.event import Event
    from geo.parsed import Doc, Span, Token

DOER, TARGET = "doer", "target"

SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def is_word(token: Token, name: str) -> bool:
    """Whether a token is in a list of ``geo/data/actors.toml``."""
    return bool(words("actors", name).intersection(forms(token)))


def parts_of(event: Event, doc: Doc) -> list[tuple[str, Token]]:
    """Return the heads of the words for who acts and who is acted on, each with its role, in text order.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    """
    head = doc[event.head]
    found = list(_of_verb(head) if is_verb(head) else _of_noun(head, event))
    parts = [(role, part) for role, token in found for part in (token, *_joined(token))]
    return sorted({t.i: (role, t) for role, t in parts}.values(), key=lambda p: p[1].i)


def _of_verb(verb: Token) -> Iterator[tuple[str, Token]]:
    passive = is_passive(verb)
    undergone = not passive and _undergoes(verb)
    subject = _subject(verb)
    heard = governor(verb.head) if verb.dep_ == "pcomp" else verb  # "residents woke to shelling"
    if subject is not None and not is_word(heard, "perceiving"):
        own = subject.dep_ in SUBJECTS and subject.head == verb
        clipped = passive and (own or subject.dep_ == "nsubjpass" or verb.dep_ in {"conj", "acl", "relcl"})
        yield (TARGET if clipped or undergone or _wards_off(verb) else DOER), subject
        if not is_word(
            subject, "people"
        ):  # "an ambush by fighters killed", "a volley of Russian rockets hit"
            told = (c for c in subject.children if c.dep_ == "prep" and c.lower_ in {"by", "of"})
            yield from (
                (DOER, g)
                for c in told
                for g in c.children
                if g.dep_ == "pobj" and (c.lower_ == "by" or is_word(g, "fired"))
            )
    if passive and not any(c.dep_ == "agent" for c in verb.children):
        # "were shot dead and a third wounded by gunmen"
        others = (t for t in verb.subtree if t.dep_ == "agent" and t.head.dep_ in {"conj", "acl"})
        yield from ((DOER, g) for t in others for g in t.children if g.dep_ == "pobj")
    for child in verb.children:
        if child.dep_ in {"dobj", "dative"} and not undergone:
            yield TARGET, child
            yield from _after(child)
        elif child.dep_ == "agent" or (undergone and child.lower_ in words("actors", "by")):
            yield from ((DOER, g) for g in child.children if g.dep_ == "pobj")
        elif child.dep_ in {"prep", "prt"}:
            yield from _after_preposition(child, passive=passive, undergone=undergone)


def _after(noun: Token) -> Iterator[tuple[str, Token]]:
    """Return who a light verb's object leads to: "fired rockets at the garrison", "held talks with"."""
    for child in noun.children:
        if child.dep_ == "prep":
            yield from _after_preposition(child)


def _after_preposition(
    preposition: Token, *, passive: bool = False, undergone: bool = False
) -> Iterator[tuple[str, Token]]:
    role = TARGET if preposition.lower_ in words("actors", "at") else ""
    if preposition.lower_ in words("actors", "with") and not passive:
        role = DOER
    for noun in preposition.children:
        if noun.dep_ == "pobj" and preposition.lower_ in {"in", "during"}:  # "killed in an attack by"
            yield from ((r, part) for r, part in _around(noun) if part.dep_ == "pobj")
        elif noun.dep_ == "pobj" and undergone:  # "came under fire from", "fell into an ambush laid by"
            yield from ((DOER, part) for r, part in _around(noun) if r == DOER and part.dep_ != "poss")
        elif noun.dep_ == "pobj" and role:
            yield role, noun


def _of_noun(noun: Token, event: Event) -> Iterator[tuple[str, Token]]:
    if is_word(noun, "people"):
        yield DOER, noun  # "nurses protested", read as a noun
    yield from _around(noun)
    violent = family(event.type) == "violence"
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            yield from ((TARGET if violent else DOER, g) for g in child.children if g.dep_ == "pobj")
    verb = governor(noun)
    if verb == noun or not is_verb(verb):
        return
    link = noun
    while link.head != verb and link.head != link:
        link = link.head
    if is_word(verb, "blaming") and link.dep_ == "dobj" and link != noun:
        yield DOER, link  # "blamed the army for the strike", read as one
    elif is_word(verb, "blaming") and link.dep_ == "prep":
        yield from ((DOER, c) for c in verb.children if c.dep_ in {"dobj", "nsubjpass"})
    elif link.dep_ == "nsubjpass":
        yield from _blamed_on(verb)
        yield from ((DOER, g) for c in verb.children if c.dep_ == "agent" for g in c.children)
    elif link.dep_ == "nsubj":
        yield from ((TARGET, c) for c in verb.children if c.dep_ == "dobj" and not _is_harm(verb))
        # "shots rang out as gangs tried", but not "as both blamed each other"
        beside = (c for c in verb.children if c.dep_ == "advcl" and not is_word(c, "blaming"))
        who = (g for c in beside for g in c.children if g.dep_ == "nsubj" and is_word(g, "people"))
        yield from ((DOER, g) for g in who if violent)
    else:
        subject = _subject(verb)
        undergone = _undergoes(verb) or (link.dep_ == "prep" and link.lower_ in {"in", "under", "into", "to"})
        carried = is_word(verb, "light") or undergone
        if subject is not None and carried and not is_word(verb, "perceiving"):
            yield (TARGET if violent and (undergone or is_passive(verb)) else DOER), subject
        for child in verb.children:
            if child.dep_ == "agent":
                yield from ((DOER, g) for g in child.children if g.dep_ == "pobj")
            elif child.dep_ == "prep" and child != link:
                yield from _after_preposition(child)


def _around(noun: Token) -> Iterator[tuple[str, Token]]:
    """Return who a noun itself names: "an attack by gunmen on a patrol", "the army's shelling"."""
    for child in noun.children:
        owner = child.dep_ in {"compound", "nmod"} and (
            child.ent_type_ == "ORG" or is_word(child, "collective")
        )
        if owner or child.dep_ == "poss":
            yield DOER, child
        elif child.dep_ in {"prep", "agent"} and child.lower_ in words("actors", "by") | words(
            "actors", "with"
        ):
            yield from ((DOER, g) for g in child.children if g.dep_ == "pobj")
        elif child.dep_ == "prep" and child.lower_ in words("actors", "at"):
            yield from ((TARGET, g) for g in child.children if g.dep_ == "pobj")
        elif child.dep_ == "acl":
            yield from ((DOER, g) for c in child.children if c.lower_ == "by" for g in c.children)


def _subject(verb: Token) -> Token | None:
    """Return who a verb speaks of: its subject, that of the verb it is joined to, or what it tells of."""
    up = verb
    for _ in range(4):
        own = [c for c in up.children if c.dep_ in SUBJECTS]
        if own:
            told = own[0].tag_ in {"WP", "WDT"} and up.dep_ == "relcl"
            return up.head if told else own[0]
        if up.dep_ in {"acl", "relcl"}:
            return up.head
        if up.dep_ not in {"conj", "xcomp", "advcl", "dep", "pcomp", "prep"} or up.head == up:
            return None
        up = governor(up.head)
    return None


def _joined(token: Token) -> list[Token]:
    found = [c for c in token.children if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN"}]
    return found + [deeper for c in found for deeper in _joined(c)]


def _undergoes(verb: Token) -> bool:
    """Whether something is done to the subject, though the verb is active: "came under fire"."""
    if not is_word(verb, "undergoing"):
        return False
    return verb.lemma_ not in {"come", "fall", "take", "drive"} or any(
        c.lower_ in {"under", "into"} for c in verb.children
    )


def _wards_off(verb: Token) -> bool:
    """Whether the subject defends itself: "shot down three drones", "repelled an attack"."""
    return is_word(verb, "warding") and (
        verb.lemma_ != "shoot" or any(c.lower_ == "down" for c in verb.children)
    )


def _is_harm(verb: Token) -> bool:
    return verb.lemma_ in {"kill", "wound", "injure", "hurt", "leave"}


def _blamed_on(verb: Token) -> Iterator[tuple[str, Token]]:
    if is_word(verb, "blamed_on"):
        for child in verb.children:
            if child.dep_ == "prep" and child.lower_ in {"on", "to"}:
                yield from ((DOER, g) for g in child.children if g.dep_ == "pobj")


def blamed_in(sentence: Span) -> list[Token]:
    """Return who a sentence says did it: "blamed the rebels", "the army claimed responsibility".

    Parameters
    ----------
    sentence : geo.parsed.Span
    """
    found: list[Token] = []
    for verb in sentence:
        if verb.pos_ != "VERB":
            continue
        if is_word(verb, "blaming"):
            kind = "nsubjpass" if is_passive(verb) and verb.dep_ != "advcl" else "dobj"
            found += [c for c in verb.children if c.dep_ == kind]
        found += [t for _, t in _blamed_on(verb)]
        owns = any(c.dep_ == "dobj" and is_word(c, "claimed") for c in verb.children)
        if owns and is_word(verb, "claiming"):
            found += [c for c in verb.children if c.dep_ == "nsubj"]
    nobody = words("source_words", "nobody")
    return [t for t in found if t.pos_ != "PRON" and t.lower_ != "other" and t.left_edge.lower_ not in nobody]
