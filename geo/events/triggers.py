"""From a parsed sentence to event candidates: a trigger, its type, its clause, and how it is told.

A trigger is a phrase of ``geo/data/events.toml``. It makes an event only in a clause that speaks of
something particular: a topic, a name, a habit, an idiom or a wish makes none.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from geo.events import clauses
from geo.events import modality as told
from geo.events.acting import acts_in, may_act
from geo.events.event import VERBAL, Event, collapse
from geo.events.lexicon import Phrase, begun_by, family, forms, lexicon, match_at, pattern, words
from geo.events.meaning import doers_of, heads_of, is_passive, subject_fits, subjects_of, type_of
from geo.events.retold import is_called_off, is_retold, sums_up
from geo.sentences import is_headline

if TYPE_CHECKING:
    from geo.parsed import Doc, Span, Token


def find_events(doc: Doc) -> list[Event]:
    """Find event candidates in the order of the text.

    Parameters
    ----------
    doc : geo.parsed.Doc
        From `geo.sentences.parse`.

    Returns
    -------
    list of Event
    """
    found: list[Event] = []
    for sentence in doc.sents:
        tokens = [t for t in sentence if not t.is_space]
        if len(tokens) > 1:
            found += _in_sentence(sentence, tokens)
    return found


def _in_sentence(sentence: Span, tokens: list[Token]) -> list[Event]:
    matches = _triggers(tokens)
    acting = may_act(tokens)
    if not (matches or acting) or any(
        pattern("falsehood", name).search(sentence.text) for name in ("imagined", "statistics")
    ):
        return []
    headline = is_headline(sentence)
    said_false = pattern("falsehood", "sentences").search(sentence.text)
    false = any(
        clauses.is_verb(t.head)
        and t.head.lemma_ == "be"
        and words("falsehood", "words").intersection(forms(t))
        for t in tokens
        if t.dep_ in {"attr", "acomp"}
    )
    scored = bool(pattern("falsehood", "scores").search(sentence.text))
    verbless = not any(
        t.tag_ in {"VBD", "VBZ", "VBP", "VBN", "MD"} or (t.tag_ == "VB" and _has_subject(t)) for t in tokens
    )
    bare = verbless and not any(t.ent_type_ in {"GPE", "LOC", "FAC", "DATE", "TIME"} for t in tokens)
    heads: dict[int, int] = {}
    events: list[Event] = []
    taken: set[int] = set()
    barred: set[int] = set()
    named: dict[int, str] = {}
    for phrase, places in matches:
        if phrase.kind == "noun":
            named.setdefault(places[-1], phrase.type)
    # Whoever acts is asked last: where a trigger told of an event, its clause tells of no other.
    acts = acts_in(tokens, events, taken) if acting else ()
    for phrase, places in chain(matches, acts):
        if phrase.type == "attack" and phrase.kind == "verb" and len(places) > 1:
            # "killed in a drone attack": of what the noun alone would be
            noun = named.get(places[-1], "")
            phrase = replace(phrase, type=noun if family(noun) == "violence" else phrase.type)
        if taken.intersection(places) or (phrase.kind == "weak" and barred.intersection(places)):
            continue
        if phrase.kind == "idiom":
            taken.update(places)
            continue
        if scored and family(phrase.type) in {"violence", "unrest"}:
            continue
        if bare and not headline and phrase.kind != "fragment":
            continue  # "Water, salaries, the siege.": a list of topics
        head = _head(phrase, [tokens[i] for i in places])
        if sums_up(head, phrase.type, [] if phrase.kind in VERBAL else events):
            continue
        mood = _mood(phrase, head, tokens, headline=headline)
        if mood is None:
            barred.update(places if phrase.kind == "verb" and len(places) > 1 else ())
            continue
        if false or (said_false and _is_of(head, said_false.end() + sentence.start_char)):
            mood = told.DENIED
        heads = heads or clauses.clause_heads(tokens)
        clause = _clause(head, heads)
        type_, weapon = type_of(phrase, head, [t for t in tokens if t.i in clause], tokens)
        if not type_:
            continue
        taken.update(places)
        first, last = tokens[places[0]], tokens[places[-1]]
        noun_like = phrase.kind not in VERBAL
        det = {c.lower_ for c in head.lefts}
        events.append(
            Event(
                type=type_,
                kind="verb" if phrase.kind in {"crowd", "outlaw"} else phrase.kind,
                start=first.idx,
                end=last.idx + len(last),
                head=head.i,
                sentence=(sentence.start, sentence.end),
                clause=clause,
                told=mood,
                definite=noun_like
                and (
                    bool(
                        det
                        & {
                            "the",
                            "this",
                            "that",
                            "these",
                            "those",
                            "both",
                            "such",
                            "its",
                            "their",
                            "his",
                            "her",
                        }
                    )
                ),
                headline=headline,
                new=bool(
                    det & {"another", "second", "third", "separate", "other", "new", "fresh", "different"}
                ),
                weapon=weapon,
                elsewhere=any(t.lower_ == "there" and t.dep_ != "expl" and t.i in clause for t in tokens),
                subordinate=clauses.is_subordinate(head),
                beginning=noun_like and told.is_beginning(head),
                reply=clauses.is_reply(head),
                policed=bool(words("subjects", "policing").intersection(forms(head))),
                looks_back=clauses.looks_back(head),
                agentless=(is_passive(head) and not any(c.dep_ == "agent" for c in head.children))
                or head.dep_ == "nsubjpass",  # "nine arrests were made"
            )
        )
    return collapse(sorted(events, key=lambda e: e.start), sentence.doc)


def _is_of(head: Token, end: int) -> bool:
    """Whether what is called untrue, up to a place in the text, may be the event: no comma parts them."""
    return head.idx < end or not {",", '"'} & set(head.doc.text[end : head.idx])


def _clause(head: Token, heads: dict[int, int]) -> frozenset[int]:
    """Return the tokens of a trigger's clause, with what opens the sentence before it."""
    own = {i for i, h in heads.items() if h == heads[head.i]}
    if not clauses.is_verb(head):
        own |= {t.i for t in head.subtree}
    verb = head.doc[heads[head.i]]
    if head.dep_ in {"relcl", "acl"}:
        own.add(head.head.i)  # "shells that landed": what it is said of
    while verb.dep_ == "conj" and verb.head != verb:
        verb = clauses.clause_head(verb.head)
        first = min(
            (c.left_edge.i for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), default=verb.i
        )
        own |= {i for i, h in heads.items() if h == verb.i and i < first}
        if verb.dep_ != "conj":
            break
    return frozenset(own)


def _triggers(tokens: list[Token]) -> list[tuple[Phrase, tuple[int, ...]]]:
    """Phrases that match, idioms first, then the longest."""
    matches: list[tuple[Phrase, tuple[int, ...]]] = []
    known = [forms(t) for t in tokens]
    there = set(chain.from_iterable(known))
    for i, own in enumerate(known):
        for phrase in begun_by(own):
            if any(map(there.isdisjoint, phrase.rest)):
                continue  # some word of it is nowhere in the sentence
            places = match_at(tokens, known, i, phrase)
            if places and (phrase.kind == "idiom" or _is_trigger(phrase, [tokens[p] for p in places])):
                matches.append((phrase, places))
    return sorted(
        matches,
        key=lambda m: (m[0].kind != "idiom", -len(m[1]), m[1][-1] - m[1][0], m[0].kind != "verb", m[1]),
    )


def _is_trigger(phrase: Phrase, matched: list[Token]) -> bool:
    """Whether the words matched are used as the phrase means them: part of speech, not part of a name."""
    head = _head(phrase, matched)
    if _is_title(matched):
        return False
    if phrase.kind in VERBAL:
        if _is_speaker(matched[0], head):
            return False  # "the air force said the army had destroyed"
        joined = len(matched) > 1 and head.i and head.nbor(-1).dep_ == "cc"
        if head.dep_ == "amod" and (not joined or head.i + 1 == matched[-1].i):
            return False  # "nine kidnapped travellers", "sacks and burning tyres"
        if head.tag_ == "VBG" and head.dep_ == "acl" and phrase.type == "clash":
            return False  # "units fighting around the town": who they are
        if head.tag_ == "VBG" and (
            (head.dep_ in {"pobj", "compound", "nmod"} and not _is_gerund(head))
            or any(c.dep_ in {"compound", "amod", "det", "nmod"} and c.i < head.i for c in head.children)
            or (head.dep_ == "conj" and "NOUN" in {head.head.pos_, head.nbor(-1).pos_ if head.i else ""})
            or (head.i and head.nbor(-1).lower_ in {"night", "live", "target", "practice"})
        ):
            return False  # "with night firing on the programme"
        if len(matched) > 1:  # "by phone" alone tells of no one talking, "gun duel" of no verb
            return any(clauses.is_verb(t) for t in matched) or phrase.type == "call"
        return clauses.is_verb(head) and head.dep_ not in {"amod", "compound", "aux"}
    if len(matched) > 1 and matched[-1].tag_ in {"VBD", "VBZ", "VBP"} and phrase.parts[-1][1] != "v":
        return False  # "a man with a knife attacked": no knife attack
    if head.pos_ not in {"NOUN", "PROPN", "ADJ"} and not (len(matched) > 1 and head.pos_ in {"VERB", "ADP"}):
        return False
    if head.pos_ == "PROPN" and head.ent_type_ in {"PERSON", "DATE"}:
        return False
    if head.dep_ == "amod" and head.head not in matched:
        return False  # "stone-throwing youths"
    if head.dep_ in {"compound", "nmod", "poss"} and head.head.i > head.i and head.head not in matched:
        above = head.head
        if words("not_events", "heads").intersection(forms(above)) or phrase.kind == "weak":
            return False
        return not above.lower_.endswith(("er", "or", "ist"))
    return not (
        head.i + 1 < len(head.doc)
        and head.nbor().lower_ in words("not_events", "heads")
        and head.nbor().pos_ == "NOUN"
    )


def _has_subject(verb: Token) -> bool:
    return any(
        c.dep_ == "nsubj" for c in verb.children
    )  # "the two put their names to it", read as an infinitive


def _is_gerund(verb: Token) -> bool:
    """Whether a form in -ing is what somebody does: "from meeting in Amman", no "night firing"."""
    return (
        verb.dep_ == "pobj"
        and verb.pos_ == "VERB"
        and verb.head.lower_ in {"from", "before", "after", "by", "while"}
        and any(c.dep_ in {"prep", "dobj", "prt"} for c in verb.rights)
    )


def _is_title(matched: list[Token]) -> bool:
    """Whether words in quotation marks are the name of something: the film "Clash"."""
    first, last, doc = matched[0], matched[-1], matched[0].doc
    return (
        first.i > 0
        and last.i + 1 < len(doc)
        and doc[first.i - 1].text == doc[last.i + 1].text == '"'
        and all(t.text[:1].isupper() for t in matched)
    )


def _is_speaker(noun: Token, verb: Token) -> bool:
    """Whether a noun only says what a verb tells of: another one does it."""
    return noun.i < verb.i and any(
        t.is_ancestor(noun) and noun.i < t.i and words("people", "reporting").intersection(forms(t))
        for t in verb.ancestors
        if t.i < verb.i
    )


def _head(phrase: Phrase, matched: list[Token]) -> Token:
    """Return the token that stands for a trigger: its topmost verb, or its last noun."""
    if phrase.kind in VERBAL:
        verbs = [t for t in matched if clauses.is_verb(t)] or [clauses.governor(matched[0])]
        return min(verbs, key=lambda t: (sum(1 for _ in t.ancestors), t.i))
    nouns = [t for t in matched if t.pos_ in {"NOUN", "PROPN"}] or matched
    return min(nouns, key=lambda t: (sum(1 for _ in t.ancestors), t.i))


def _mood(phrase: Phrase, head: Token, tokens: list[Token], *, headline: bool) -> str | None:
    """How the event is told; None where nothing particular is told."""
    mood = told.modality(head)
    if is_retold(phrase.type, head, verbal=phrase.kind in VERBAL):
        return None
    if phrase.type == "exercise" and head.dep_ == "acl" and mood == told.FACT:
        mood = told.object_modality(head.head)  # "a drill simulating a strike has been put back"
    if mood == told.FACT and phrase.kind not in VERBAL:
        mood = told.object_modality(head)
        if family(phrase.type) != "violence" and is_called_off(head):
            return told.PLANNED  # "a march, announced for Saturday, was called off"
        if family(phrase.type) == "violence" and told.is_ending(head):
            return None
        if phrase.type == "protest" and mood == told.FACT and told.is_called(head):
            return told.PLANNED
    if mood in {told.UNREAL, told.BACKGROUND}:
        return None
    if phrase.type == "protest" and any(
        words("subjects", "trading").intersection(forms(h)) for s in subjects_of(head) for h in heads_of(s)
    ):
        return None  # "cocoa futures staged a rally"
    if phrase.type == "attack" and phrase.kind == "outlaw" and mood != told.FACT:
        return None
    if (
        phrase.type == "arrest"
        and head.dep_ in {"acl", "relcl"}
        and any(words("modality", "freeing").intersection(forms(t)) for t in list(head.ancestors)[:4])
    ):
        return None  # "demanded the release of colleagues held since Thursday"
    if mood == told.PLANNED and family(phrase.type) not in {"diplomacy", "unrest", "military"}:
        return None
    if (
        phrase.type == "agreement"
        and head.dep_ == "acl"
        and head.head.dep_ == "pobj"
        and head.head.head.head.lemma_ in {"breach", "violation", "accordance", "defiance", "term", "line"}
    ):
        return None  # "in breach of the agreement reached in May"
    if phrase.kind in VERBAL:
        if not subject_fits(phrase, head, tokens):
            return None
        present = clauses.is_present(head)
        past = present and head.lower_ in lexicon()["irregular"]  # "drones hit", read as present
        if mood == told.FACT and present and not (headline or past or _is_dated(head)):
            return None  # "protesters gather", "clashes occur": a habit, unless it is a headline or dated
        if (
            mood == told.FACT
            and head.tag_ in {"VBP", "VBZ"}
            and not headline
            and family(phrase.type) in {"diplomacy", "military"}
            and any(t.lower_ in words("modality", "weekdays") for t in head.subtree)
        ):
            return told.PLANNED  # "the minister flies to Riyadh on Wednesday"
    if phrase.kind == "verb":
        return mood
    if phrase.kind == "fragment":
        return (
            None
            if any(clauses.is_verb(t) and t.tag_ in {"VBD", "VBZ", "VBP", "MD"} for t in tokens)
            else mood
        )
    if phrase.kind in {"crowd", "outlaw"} and is_passive(head):
        return None
    if phrase.kind == "outlaw" and not words("subjects", "outlaws") & doers_of(head):
        return None
    if phrase.kind in {"crowd", "cue"}:
        if not words("subjects", "crowd") & doers_of(head):
            return None
        cues = words("subjects", "protest_cues")
        if phrase.kind == "cue" and not any(f in cues for t in tokens for f in forms(t)):
            return None
    elif phrase.kind == "weak" and not headline and not _is_asserted(head, phrase.type):
        return None
    return mood


def _is_dated(head: Token) -> bool:
    opening = list(head.sent)[:2]
    if len(opening) > 1 and opening[0].lower_ in words("modality", "weekdays") and opening[1].text == ":":
        return True  # "Monday: a roadside bomb damages a lorry"
    dates = [t for t in clauses.clause_head(head).subtree if t.ent_type_ in {"DATE", "TIME"}]
    return bool(dates) and not any(t.lower_ in {"every", "each"} for t in dates)


def _is_asserted(noun: Token, type_: str) -> bool:
    """Whether a noun such as "talks" or "visit" is told as having taken place."""
    struck = noun.dep_ in {"dobj", "nsubjpass"} and noun.head.lemma_ not in {"visit", "tour"}
    if type_ == "protest" and struck and words("places", "hit").intersection(forms(noun.head)):
        return False  # "aircraft struck a gathering of fighters"
    subtree = list(noun.subtree)
    placed = any(t.ent_type_ in {"GPE", "LOC", "FAC"} or t.lower_ == "here" for t in subtree if t.i > noun.i)
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and not placed:
        stretch = noun.head.head
        if stretch.dep_ == "pobj" and stretch.head.lower_ in {"after", "following"}:
            return False  # "after five months of talks": by the way
    if type_ not in lexicon()["light_of"] and any(
        t.ent_type_ in {"DATE", "TIME"} for t in subtree if t.i > noun.i
    ):
        return True
    if (
        placed
        and noun.dep_ == "pobj"
        and noun.head.lower_ in {"after", "during", "following", "at", "in", "on"}
    ):
        return True
    verb = clauses.governor(noun)
    if not clauses.is_verb(verb):
        return False
    link = noun
    while link.head != verb and link.head != link:
        link = link.head
    if placed and link.dep_ == "nsubj" and verb.tag_ in {"VBD", "VBN"} and type_ not in lexicon()["light_of"]:
        return True
    if verb.lemma_.lower() not in words(
        "light_of" if type_ in lexicon()["light_of"] else "light",
        type_ if type_ in lexicon()["light_of"] else "verbs",
    ):
        return False
    if verb.lemma_ == "be":
        return any(c.dep_ == "expl" for c in verb.children)
    return (
        link == noun
        or link.dep_ == "prep"
        or noun.dep_ == "conj"
        or link.lemma_ in words("light", "stretches")
    )
