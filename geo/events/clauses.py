"""Clauses of a parse: the verb that governs a word, and how its clause hangs on what is told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.lexicon import forms, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.parsed import Token


def is_verb(token: Token) -> bool:
    """Whether a token is a verb, auxiliaries that stand alone included."""
    return token.pos_ in {"VERB", "AUX"}


def is_present(verb: Token) -> bool:
    """Whether a verb is in the present, that read as an infinitive too: "officials say the crews fire"."""
    bare = (
        verb.tag_ == "VB"
        and verb.dep_ == "ccomp"
        and not words("people", "reporting").isdisjoint(forms(verb.head))
        and any(c.dep_ == "nsubj" for c in verb.children)
        and not any(c.dep_ == "aux" for c in verb.children)
    )
    return bare or verb.tag_ in {"VBP", "VBZ"}


def looks_back(head: Token) -> bool:
    """Whether an event is told as before what the text goes on with: "had spent Tuesday", "who came"."""
    if any(c.dep_ == "aux" and c.lower_ == "had" for c in head.children) or head.dep_ == "acl":
        return True
    return head.dep_ == "relcl" and any(t.tag_ in {"WP", "WDT", "WRB"} for t in head.lefts)


def is_subordinate(head: Token) -> bool:
    """Whether a clause only says after or at what something came: "began after troops laid an ambush"."""
    verb = clause_head(head)
    return verb.dep_ in {"advcl", "conj"} and any(
        c.dep_ in {"mark", "advmod"} and c.lower_ in {"after", "when", "as", "while"} for c in verb.children
    )


def is_reply(head: Token) -> bool:
    """Whether what is done answers what was done before: "returned fire", "shelled them in response"."""
    verb = governor(head)
    return any(
        words("modality", "replying").intersection(forms(t)) for t in (head, verb, *verb.children)
    ) or any(
        t.dep_ == "pobj"
        and t.head.lower_ in {"in", "as"}
        and words("modality", "replies").intersection(forms(t))
        and clause_head(t) == verb
        for t in verb.subtree
    )


def governor(token: Token) -> Token:
    """Return the verb that governs a token, itself included; the sentence's root where there is none."""
    while not _governs(token):
        token = token.head
    return token


def _governs(token: Token) -> bool:
    head = token.head == token
    return head or (is_verb(token) and token.dep_ not in {"aux", "auxpass", "amod", "compound"})


def clause_head(token: Token) -> Token:
    """Return the head of the clause a token stands in: infinitives belong to the verb above them."""
    head = governor(token)
    while head.dep_ == "xcomp" and head.head != head:
        head = governor(head.head)
    return head


def clause_heads(tokens: Iterable[Token]) -> dict[int, int]:
    """Return the `clause_head` of each of many tokens, by their indices in the document."""
    found: dict[int, int] = {}
    for token in tokens:
        path = [token.i]
        while token.i not in found and not _governs(token):
            token = token.head
            path.append(token.i)
        head = found[token.i] if token.i in found else clause_head(token).i
        found.update(dict.fromkeys(path, head))
    return found
