"""What a trigger means in its clause: who acts, on what, and with which weapon.

"Hit" is a strike when a missile does it and none when a drought does; ministers visit, convoys arrive. Which
words may stand where is data (``geo/data/meanings.toml``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from geo.events import clauses
from geo.events.lexicon import Phrase, family, forms, lexicon, weapons_in, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.parsed import Doc, Token


def subjects_of(head: Token) -> list[Token]:
    """Subject tokens of a verb, taken from the verb it is joined to where it has none of its own."""
    verb: Token | None = clauses.governor(head)
    for _ in range(4):
        if verb is None:
            break
        own = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass", "csubj"}]
        if own and verb.dep_ == "relcl" and own[0].tag_ in {"WP", "WDT"}:
            own.append(verb.head)  # "the minister, who ..."
        if own:
            return own
        if verb.dep_ == "acl" and verb.head.dep_ == "ROOT" and verb.head.i < verb.i:
            return [verb.head]  # "An envoy touched down": read as one who is touched
        if verb.dep_ in {"pcomp", "pobj"} and verb.head.lower_ == "from":
            return [
                c for c in verb.head.head.children if c.dep_ == "dobj"
            ]  # "did not stop envoys from meeting"
        beside = verb.dep_ in {"pcomp", "pobj"} and verb.head.lower_ in {"before", "after", "while"}
        joined = (verb.dep_ in {"conj", "xcomp", "advcl", "dep"} or beside) and verb.head != verb
        verb = clauses.governor(verb.head) if joined else None  # "killing eight traders and looting shops"
    return []


def doers_of(head: Token) -> set[str]:
    """Forms of the words for who acts: subjects and agents."""
    agents = [c for c in clauses.governor(head).children if c.dep_ == "agent"]
    return _forms(t for s in (*subjects_of(head), *agents) for t in s.subtree)


def _forms(tokens: Iterable[Token]) -> set[str]:
    """Return the forms of tokens, and "<place>" or "<person>" where the model takes one for a name."""
    found: set[str] = set()
    for t in tokens:
        found.update(forms(t))
        if t.ent_type_ in {"GPE", "LOC", "FAC"}:
            found.add("<place>")
        elif t.ent_type_ == "PERSON":
            found.add("<person>")
    return found


def heads_of(subject: Token) -> list[Token]:
    """Return the nouns that act: those joined by "and", and what a number or a group is of."""
    nouns, found = [subject], []
    while nouns:
        noun = nouns.pop()
        found.append(noun)
        nouns += [c for c in noun.children if c.dep_ == "conj"]
        if noun.lemma_ in {"member", "strike"}:
            nouns += [c for c in noun.children if c.dep_ == "compound"]  # "gang members", "lightning strikes"
        if noun.pos_ == "NUM" or words("subjects", "quantities").intersection(forms(noun)):
            nouns += [g for c in noun.children if c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]
    return found


def _phrase(head: Token) -> list[Token]:
    """Return the words of a noun phrase without what clauses tell of it."""
    clauses = {"relcl", "acl", "appos", "advcl", "parataxis"}
    skip = {t.i for c in head.subtree if c != head and c.dep_ in clauses for t in c.subtree}
    return [t for t in head.subtree if t.i not in skip]


def own_words(head: Token) -> list[Token]:
    """Return the words that hang on a verb without those of clauses below it."""
    return [t for t in head.subtree if clauses.clause_head(t) == head]


def subject_fits(phrase: Phrase, head: Token, tokens: list[Token]) -> bool:
    """Whether who acts, and on what, lets the verb mean an event: the rules of ``meanings.toml``."""
    passive = is_passive(head)
    subjects = subjects_of(head)
    own = head if any(c.dep_ in {"nsubj", "nsubjpass"} for c in head.children) else None
    if passive and (
        own is None or _is_clipped(head)
    ):  # "touched down and was received": its subject is acted on
        objects, doers = [t for s in subjects for t in _phrase(s)], []
    else:
        # "was shown round a plant before sitting down": who was shown round sits down.
        acted_on = [s for s in subjects if s.dep_ == "nsubjpass" and own is not None]
        objects = [t for s in acted_on for t in _phrase(s)]
        doers = [t for s in subjects if s not in acted_on for t in _phrase(s)]
    agents = [t for c in head.children if c.dep_ == "agent" for t in c.subtree]
    doers += agents
    objects += [t for c in head.children if c.dep_ == "dobj" for t in _phrase(c)]

    @cache  # few rules ask for all of them
    def forms_in(scope: str) -> set[str]:
        if scope == "around":
            above = [head.head] if head.dep_ == "advcl" else []
            return _forms((*clauses.clause_head(head).subtree, *doers, *above))
        if scope == "near":
            return _forms(t for t in tokens if head.i - 12 <= t.i <= head.i + 14)
        if scope == "heads":
            acting = [s for s in subjects if s.dep_ == "nsubj" and not _is_clipped(head)]
            return _forms((*(h for s in acting for h in heads_of(s)), *agents))
        return _forms(doers if scope == "by" else objects)

    known = forms(head)
    for rule in _rules(phrase.type):
        if "verbs" in rule and rule["verbs"].isdisjoint(known):
            continue
        if rule.get("passive", passive) != passive:
            continue
        if "without" in rule and any(c.lower_ in rule["without"] for c in head.children):
            continue
        if rule.get("never") or (rule.get("on_something") and not objects):
            return False
        for key in ("by", "on", "around", "near"):
            if key in rule:
                have = forms_in(key)
                if not (key == "by" and not have) and not have & _class(rule[key]):
                    return False
            if f"not_{key}" in rule:
                have = forms_in("heads") if key == "by" else forms_in(key)
                if have & _class(rule[f"not_{key}"]):
                    return False
    if phrase.type == "protest" and forms_in("heads") & words("subjects", "statesmen"):
        return False
    struck = (
        passive and phrase.type in lexicon()["made_by"] and not any(c.dep_ == "agent" for c in head.children)
    )
    if struck and not words("subjects", "discharging").intersection(forms(head)) and weapons_in(objects):
        return False  # "46 drones were destroyed"
    if head.lemma_ == "protest" and any(s.tag_ == "NNP" and s.ent_type_ != "NORP" for s in subjects):
        return False  # a note, not a crowd
    if phrase.type == "visit":
        return _visits(head, subjects, passive=passive)
    if head.lemma_ in {"wound", "injure"}:
        return any(c.dep_ == "dobj" for c in head.children)
    if head.lemma_ == "kill" and phrase.type == "violence":
        # "Three were killed": something else must say how, unless it says when and where.
        return bool(doers) or (passive and {"DATE", "GPE"} <= {t.ent_type_ for t in own_words(head)})
    if head.lemma_ == "shoot" and not objects:
        return any(t.lower_ == "at" for t in tokens)
    return True


@cache
def _rules(type_: str) -> tuple[dict[str, Any], ...]:
    """Return the rules of ``meanings.toml`` that speak of a type."""
    return tuple(rule for rule in lexicon()["fits"] if type_ in rule.get("types", (type_,)))


@cache
def _class(names: frozenset[str]) -> frozenset[str]:
    return frozenset(w for name in names for w in words("subjects", name))


def _visits(head: Token, subjects: list[Token], *, passive: bool) -> bool:
    """Whether who arrives is one whose coming is a visit."""
    visitors = words("subjects", "visitors")
    around = _forms(t for s in subjects for t in s.subtree)
    if head.lemma_ == "be":
        dated = any(t.ent_type_ in {"DATE", "TIME"} or t.lower_ == "for" for t in head.subtree)
        return head.tag_ == "VBD" and head.dep_ != "relcl" and dated and bool(visitors & around)
    if head.lemma_ in {"show", "guide"}:
        return passive and bool(visitors & around)
    if passive:
        agents = (t for c in head.children if c.dep_ == "agent" for t in c.subtree)
        return head.lemma_ == "visit" and bool(visitors & _forms(agents))
    person = any(t.ent_type_ == "PERSON" or t.lower_ in {"he", "she"} for s in subjects for t in _phrase(s))
    # A single name that the model knows for nothing else is who pays a visit: "Zelenskiy visited positions".
    person = person or any(
        s.pos_ == "PROPN" and not s.ent_type_ and not words("places", "facilities").intersection(forms(s))
        for s in subjects
    )
    return bool(visitors & around) or (person and head.lemma_ not in {"inspect", "head", "step"})


def type_of(phrase: Phrase, head: Token, clause: list[Token], tokens: list[Token]) -> tuple[str, str | None]:
    """Return the type that the weapon makes of a trigger ("" where it needs one), and the weapon."""
    doc = head.doc
    around = _forms(clause)
    if phrase.type == "meeting" and words("subjects", "telephone") & around:
        return "", None  # a call
    if phrase.type == "explosion":
        own = around | _forms(t for s in (head, *subjects_of(head)) for t in s.subtree)
        if words("subjects", "leftover") & own:
            return phrase.type, None  # "a shell they had found exploded"
    moves = phrase.type == "clash" and words("subjects", "moving").intersection(forms(head))
    if phrase.kind in {"verb", "crowd"} and phrase.type in lexicon()["made_by"] and not moves:
        acting = [s for s in subjects_of(head) if s.dep_ == "nsubj"]
        acting += [g for c in head.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"]
        doers = weapons_in([t for s in acting for t in [*s.lefts, s]])
        struck = [w for w in doers if w[0] in lexicon()["made_by"][phrase.type]]
        if not struck and phrase.type == "strike" and any(_stands_in(s) for s in acting):
            # "On Thursday another had crashed into a block of flats"
            before = weapons_in(list(doc[max(0, head.sent.start - 40) : head.sent.start]))
            struck = [w for w in before[-1:] if w[0] in lexicon()["made_by"][phrase.type]]
        if struck:
            return struck[0][0], doc[struck[0][1] : struck[0][2] + 1].text  # "drones smashed windows"
    means = [w for w in weapons_in(tokens) if is_means(doc[w[2]], head, doc)]
    near = {t.i for t in clause}
    means.sort(key=lambda w: (w[2] not in near, abs(w[2] - head.i)))
    named = next((doc[a : b + 1].text for _, a, b in means), None)
    types = [t for t, _, last in means if last in near and t != "none"]
    generic = lexicon()["means"].get(phrase.type, frozenset())
    made = types[0] if types and types[0] in generic else ""
    if phrase.type == "strike" and phrase.kind == "verb":
        if made:
            return made, named
        if _from_the_air(head):
            return "air_strike", named  # "levelled from the air"
        hits = head.lemma_ in words("subjects", "hitting") and not is_passive(head)
        movers = _forms(h for s in subjects_of(head) for h in heads_of(s))
        hits = hits and words("subjects", "vehicles").isdisjoint(movers)  # "an army lorry hit a mine"
        return ("strike", named) if hits and words("subjects", "military") & doers_of(head) else ("", None)
    if phrase.type == "strike":
        if not made and (_speaks_of_work(head) or any(c.lower_ in {"over", "for"} for c in head.rights)):
            return "", None  # "The strike is to last three days"
        at_work = not made and any(c.lower_ == "at" for c in head.children)  # "a strike at a car plant"
        if not made and _is_of_work(head):
            return "protest", None
        return ("", None) if at_work or words("subjects", "labour") & around else (made or "strike", named)
    if phrase.type in lexicon()["made_by"] and "air" in around and _from_the_air(head):
        return "air_strike", named
    if made and not moves:
        return made, named
    if phrase.type in {"attack", "violence", "riot", "arrest"} and phrase.kind == "verb":
        return _by_whom(phrase, head), named
    armed = words("subjects", "outlaws") | words("subjects", "fighters") | words("subjects", "soldiers")
    if phrase.type == "riot" and armed & doers_of(head) - words("subjects", "rioters"):
        return "attack", named  # "gunmen killed eight traders, looting shops": read as a noun
    return phrase.type, named if family(phrase.type) == "violence" else None


def _speaks_of_work(strike: Token) -> bool:
    """Whether what stands before and after a strike speaks of work and of no weapon."""
    around = _forms(strike.doc[max(0, strike.i - 60) : strike.i + 25])
    armed = words("subjects", "munition") | words("subjects", "aircraft_of_war")
    return bool(words("subjects", "labour") & around) and not armed & around


def _is_of_work(strike: Token) -> bool:
    """Whether those strike who stop working: "traders observed a strike", "shops stayed shut in a strike"."""
    verb = clauses.governor(strike)
    crowd = words("subjects", "crowd") | words("subjects", "labour") | words("subjects", "shops")
    called = any(c.dep_ == "acl" and c.lemma_ == "call" for c in strike.children)
    if strike.dep_ == "nsubj":
        return bool(crowd & _forms(strike.lefts))
    before = [t for t in strike.sent if t.i < verb.i]  # who is read as belonging to a place before the verb
    works = words("subjects", "striking").intersection(forms(verb)) and crowd & (
        doers_of(verb) or _forms(before)
    )
    return strike.lemma_ == "strike" and (called or bool(works))


def _stands_in(subject: Token) -> bool:
    """Whether a subject stands for what the sentence before spoke of: "another", "two others", "a second"."""
    return subject.lower_ in words("subjects", "stand_ins")


def _from_the_air(head: Token) -> bool:
    """Whether something is done "from the air" or "by air"."""
    return any(
        t.lower_ == "air" and t.dep_ == "pobj" and t.head.lower_ in {"from", "by"} and abs(t.i - head.i) < 8
        for t in head.sent
    )


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, its own or that of the verb it is joined to."""
    if any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children) or _is_clipped(verb):
        return True
    own = any(c.dep_ in {"nsubj", "aux"} for c in verb.children)
    return (
        verb.tag_ == "VBN" and verb.dep_ == "conj" and not own and verb.head != verb and is_passive(verb.head)
    )


def _is_clipped(verb: Token) -> bool:
    """Whether a passive has lost its "was": "pastor picked up at his church"."""
    return (
        verb.tag_ in {"VBD", "VBN"}
        and bool(words("subjects", "undergone").intersection(forms(verb)))
        and any(
            c.dep_ == "nsubj" and not any(g.dep_ in {"det", "poss"} for g in c.lefts) for c in verb.children
        )
        and not any(c.dep_ in {"dobj", "aux", "ccomp"} for c in verb.children)
    )


def _by_whom(phrase: Phrase, head: Token) -> str:
    """Return the type that who storms, burns or attacks makes of it: a crowd riots, armed men do not."""
    doers = [s for s in subjects_of(head) if s.dep_ == "nsubj" and not _is_clipped(head)]
    if phrase.type == "arrest":
        taken = [s for s in subjects_of(head) if s.dep_ == "nsubjpass"]
        by_outlaws = (
            words("subjects", "outlaws") & _forms(doers)
            or any(t.lower_ == "gunpoint" for t in head.subtree)
            or (head.lemma_ in {"snatch", "seize", "grab"} and words("subjects", "guarded") & _forms(taken))
        )
        return "attack" if by_outlaws else "arrest"
    beside = _beside(head)
    if head.lemma_ == "raid" and beside & words("subjects", "detaining"):
        return "arrest"  # "raided a flat and arrested five"
    armed = words("subjects", "armed") & _forms(t for s in doers for t in _phrase(s))
    armed |= {c.lower_ for s in doers for c in s.children if c.dep_ == "acl" and c.lower_ == "armed"}
    armed |= beside & words("subjects", "killing")
    if phrase.type == "riot":
        return "attack" if armed and not words("subjects", "protesters") & _forms(doers) else "riot"
    crowd = words("subjects", "rioters") & _forms(doers)
    return (
        "riot"
        if crowd and not armed and words("subjects", "crowd_violence") & set(forms(head))
        else phrase.type
    )


def _beside(head: Token) -> set[str]:
    """Forms of the verbs that the same subject does before and after: "torched it and shot four guards"."""
    first = head
    while first.dep_ == "conj" and clauses.is_verb(first.head):
        first = first.head
    joined, found = [first], []
    while joined:
        verb = joined.pop()
        found.append(verb)
        joined += [
            c
            for c in verb.children
            if c.dep_ == "conj"
            and clauses.is_verb(c)
            and not any(g.dep_.startswith("nsubj") for g in c.children)
        ]
    return _forms(v for v in found if v != head)


def is_means(weapon: Token, head: Token, doc: Doc) -> bool:
    """Whether a weapon is what an attack is made with, not what it is made on."""
    node = weapon
    if head.dep_ in {"relcl", "acl"} and head.head == weapon:
        return True  # "shells that landed in ..."
    discharged = words("subjects", "discharging") | words("subjects", "launching")
    if weapon.i < head.i and not any(c.dep_ in {"nsubj", "nsubjpass"} for c in head.children):
        return True  # "At 16:20 two bombs hit": read as if at the bombs
    while node != head and node.head != node:
        above = node.head
        backed = above.head != head and words("subjects", "backing").intersection(forms(above.head))
        if node.dep_ == "pobj" and backed:
            return False  # "a raid backed by drones"
        if node.dep_ == "pobj" and above.lower_ in {"with", "by", "using"}:
            return True
        if node.dep_ == "dobj" and words("subjects", "treading").intersection(forms(above)):
            return bool(words("subjects", "buried").intersection(forms(weapon)))  # "struck a mine"
        if node.dep_ == "nsubjpass" and any(
            c.lower_ in {"at", "on", "upon"} and not list(c.children) for c in above.children
        ):
            return False  # "a helicopter was shot at"
        if node.dep_ in {"nsubjpass", "dobj"} and not discharged.intersection(forms(above)):
            return False
        if node.dep_ == "pobj" and above.lower_ in {"on", "against", "at", "near", "into", "in", "to"}:
            return False
        node = above
    return doc[weapon.i].pos_ != "VERB"
