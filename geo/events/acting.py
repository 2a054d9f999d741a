"""Events told by who or what acts, whatever the verb: shells burst among tents, a crowd chants against a law.

Reporters have more verbs than any lexicon. Where no trigger of ``events.toml`` stands in a clause, the rules
``acting`` of ``meanings.toml`` ask who acts, what the verb must not be, and what must stand beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from geo.events import clauses
from geo.events.lexicon import Phrase, forms, lexicon, words
from geo.events.meaning import heads_of, is_passive, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.events.event import Event
    from geo.parsed import Token

_FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN", "VBG"})
_CLAUSES = frozenset({"ROOT", "conj", "ccomp", "advcl", "relcl", "acl", "parataxis", "dep", "pcomp"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who acts, and what else must hold, for a verb of any kind to tell of an event.

    Attributes
    ----------
    phrase : Phrase
        What the verb is read as: a phrase of the rule's type.
    by : frozenset of str
        Nouns of which one acts.
    beside : re.Pattern or None
        What must stand in the sentence.
    verbs, not_verbs : frozenset of str
        Verbs of which it must be one, where any are named, and those that say nothing of the kind.
    onto : frozenset of str
        Prepositions of which one, or an object, the verb must lead to; none is asked where empty.
    alone : bool
        Whether nothing else may be told of in the sentence.
    """

    phrase: Phrase
    by: frozenset[str]
    beside: re.Pattern[str] | None
    verbs: frozenset[str]
    not_verbs: frozenset[str]
    onto: frozenset[str]
    alone: bool


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            Phrase(rule["type"], "verb", (), ()),
            frozenset(w for name in rule["by"] for w in words("subjects", name)),
            re.compile("|".join(rule["beside"]), re.IGNORECASE) if "beside" in rule else None,
            frozenset(w for name in rule.get("verbs", ()) for w in words("subjects", name)),
            frozenset(w for name in rule.get("not_verbs", ()) for w in words("subjects", name)),
            rule.get("onto", frozenset()),
            rule.get("alone", False),
        )
        for rule in lexicon()["acting"]
    )


@cache
def _actors() -> frozenset[str]:
    return frozenset().union(*(rule.by for rule in _rules()))


def may_act(tokens: list[Token]) -> bool:
    """Whether any word of a sentence is one of those that act."""
    actors = _actors()
    return not all(actors.isdisjoint(forms(t)) for t in tokens)


def acts_in(
    tokens: list[Token], events: Sequence[Event], taken: set[int]
) -> Iterator[tuple[Phrase, tuple[int, ...]]]:
    """Give the verbs of a sentence that tell of an event by who acts.

    Parameters
    ----------
    tokens : list of geo.parsed.Token
        The words of one sentence of which one may act, see `may_act`.
    events : sequence of Event
        What its triggers told of by the time the first is asked for: their clauses tell of nothing else.
    taken : set of int
        Positions among `tokens` of triggers and idioms, likewise.

    Yields
    ------
    Phrase, tuple of int
        As phrases matched are given: what the verb is read as, and its position among `tokens`.
    """
    text, told = tokens[0].sent.text, {clauses.clause_head(tokens[0].doc[e.head]).i for e in events}
    told |= {clauses.clause_head(tokens[n]).i for n in taken}
    for n, verb in enumerate(tokens):
        if verb.pos_ != "VERB" or verb.tag_ not in _FINITE or verb.dep_ not in _CLAUSES:
            continue
        head = clauses.clause_head(verb).i
        if head in told:
            continue
        known = forms(verb)
        acting = frozenset(f for t in _actors_of(verb) for f in forms(t))
        for rule in _rules():
            if (
                not acting.isdisjoint(rule.by)
                and rule.not_verbs.isdisjoint(known)
                and (not rule.verbs or not rule.verbs.isdisjoint(known))
                and (rule.beside is None or rule.beside.search(text))
                and not (rule.alone and told)
                and (not rule.onto or _leads(verb, rule.onto))
            ):
                told.add(head)
                yield rule.phrase, (n,)
                break


def _actors_of(verb: Token) -> list[Token]:
    """Return the nouns that act: subjects of an active verb, agents of a passive."""
    if is_passive(verb) or (verb.dep_ == "acl" and verb.tag_ == "VBN"):
        agents = [c for c in verb.children if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by")]
        return [h for a in agents for c in a.children if c.dep_ == "pobj" for h in heads_of(c)]
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return heads_of(verb.head)
    return [h for s in subjects_of(verb) if s.dep_ != "nsubjpass" for h in heads_of(s)]


def _leads(verb: Token, onto: frozenset[str]) -> bool:
    """Whether something is acted on, or reached: "tore a roof off", "plunged into a base"."""
    return is_passive(verb) or any(
        c.dep_ in {"dobj", "nsubjpass"} or (c.dep_ == "prep" and c.lower_ in onto) for c in verb.children
    )
