"""Who took part in an event, and for a call, in which capitals they sit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.attribution import noun_phrase
from geo.events.lexicon import family, forms, lexicon, weapons_in, words
from geo.events.modality import governor, is_verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gazetteer.place import Place
    from geo.events.event import Event
    from geo.mentions import Mention
    from geo.parsed import Doc, Token

_OBJECT_PREPOSITIONS = frozenset(
    {"with", "at", "on", "against", "toward", "towards", "between", "by", "upon"}
)


def actor_heads(event: Event, doc: Doc) -> list[Token]:
    """Return the head nouns of who acts and who is acted on, in the order of the text."""
    head = doc[event.head]
    verb = governor(head)
    heads: list[Token] = []
    for node in dict.fromkeys((head, verb)):
        for child in node.children:
            if child.dep_ in {"nsubj", "nsubjpass"} or (child.dep_ in {"dobj", "dative"} and is_verb(node)):
                heads.append(child)
            elif child.dep_ in {"agent", "prep"} and child.lower_ in _OBJECT_PREPOSITIONS | {"of", "from"}:
                if child.lower_ in {"of", "from"} and node != head:
                    continue
                heads += [g for g in child.children if g.dep_ == "pobj"]
    if not any(h.dep_ in {"nsubj", "nsubjpass"} for h in heads):
        up = verb
        for _ in range(3):
            if up.dep_ not in {"conj", "xcomp", "advcl"} or up.head == up:
                break
            up = governor(up.head)
            heads += [c for c in up.children if c.dep_ in {"nsubj", "nsubjpass"}]
            if heads:
                break
    if verb.dep_ in {"acl", "relcl"} and not any(h.dep_ == "nsubj" and h.pos_ != "PRON" for h in heads):
        heads.append(verb.head)  # "the general, who spoke ..."
    return sorted({h.i: h for h in heads}.values(), key=lambda t: t.i)


def actors_of(event: Event, doc: Doc, places_at: frozenset[int]) -> tuple[str, ...]:
    """Name who took part in an event, as written.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    places_at : frozenset of int
        Token indices of place mentions: a bare place is no actor, unless it acts (a metonym).

    Returns
    -------
    tuple of str
    """
    named: list[str] = []
    for head in actor_heads(event, doc):
        if weapons_in([head]) or (event.weapon and head.text in event.weapon):
            continue
        if head.i == event.head or head.pos_ in {"PRON", "NUM", "DET"} or head.ent_type_ in {"DATE", "TIME"}:
            continue
        if head.i in places_at and head.dep_ not in {"nsubj", "nsubjpass"}:
            continue
        if (
            family(event.type) == "violence"
            and head.dep_ == "dobj"
            and head.lemma_ in {"fire", "attack", "shell", "rocket", "missile"}
        ):
            continue
        if event.start <= head.idx < event.end:
            continue
        name = _own_name(head)
        if not name and head.dep_ not in {"nsubj", "nsubjpass"} and not _acts(head):
            continue
        phrase = name or _holder(head) or noun_phrase(head)
        if phrase and phrase.lower() not in {n.lower() for n in named} and len(phrase) < 120:
            named.append(phrase)
    if family(event.type) == "violence" and all(
        n.split()[0].lower() in {"its", "their", "our"} for n in named
    ):
        # The parse found none: name the forces that the sentence names.
        forces = [_force(t) for t in doc[event.sentence[0] : event.sentence[1]]]
        named = list(dict.fromkeys(f for f in forces if f)) or named
    return tuple(named)


def _acts(head: Token) -> bool:
    """Whether an object of a verb is someone, not something: a patrol, but no road."""
    tables = lexicon()["subjects"]
    group = (
        tables["visitors"] | tables["crowd"] | tables["assailants"] | tables["military"] | tables["parties"]
    )
    return head.pos_ == "PROPN" or bool((group | words("people", "combatants")).intersection(forms(head)))


def _own_name(head: Token) -> str:
    """Return the name that stands beside an office: "the Russian ambassador, Mikhail Yevdokimov"."""
    for child in head.children:
        if child.dep_ == "appos" and child.i > head.i and child.ent_type_ == "PERSON":
            return " ".join(t.text for t in child.subtree if t.ent_type_ == "PERSON")
    return ""


def _holder(head: Token) -> str:
    """Return whose positions are fired at: "positions of the Azerbaijan Army"."""
    if not words("people", "outposts").intersection(forms(head)):
        return ""
    for child in head.children:
        if child.lower_ == "of":
            return next((noun_phrase(c) for c in child.children if c.dep_ == "pobj"), "")
    owner, _, last = noun_phrase(head).rpartition(" ")
    return owner.removesuffix("'s").strip() if last == head.text and owner != owner.lower() else ""


def all_actors(tellings: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Unite who took part according to several tellings of one event.

    Parameters
    ----------
    tellings : iterable of sequence of str
        The fullest telling first.

    Returns
    -------
    tuple of str
        "Its forces" is left out, and so is who is named twice; names stand for a group named before them.
    """
    united: list[str] = []
    for told in tellings:
        named = [n for n in told if n.split()[0].lower() not in words("people", "pronouns")]
        if len([n for n in named if _is_person(n)]) > 1:
            united = [u for u in united if not _is_group(u)]
        for name in named:
            own = _content(name)
            if not any(own <= _content(u) or _content(u) <= own for u in united):
                united.append(name)
    return tuple(united)


def _content(name: str) -> frozenset[str]:
    return frozenset(w.removesuffix("s") for w in name.lower().split()) - {
        "the",
        "a",
        "an",
        "of",
        "unit",
        "armed",
    }


def _is_person(name: str) -> bool:
    return len(name.split()) > 1 and all(w[:1].isupper() for w in name.split())


def _is_group(name: str) -> bool:
    return not _is_person(name) and bool(
        lexicon()["subjects"]["visitors"].intersection(w.removesuffix("s").lower() for w in name.split())
    )


def _force(token: Token) -> str:
    """Return the name of a force that ends in a word, "the Armenian units"; empty where none does."""
    ends = token.i + 1 >= len(token.doc) or token.nbor().pos_ not in {"NOUN", "PROPN"}
    if token.pos_ not in {"NOUN", "PROPN"} or not ends:
        return ""
    if not words("people", "combatants").intersection(forms(token)):
        return ""
    first = token.i
    while first > token.sent.start and token.doc[first - 1].pos_ in {"DET", "ADJ", "PROPN", "NOUN"}:
        first -= 1
    span = token.doc[first : token.i + 1]
    return span.text if any(t.pos_ == "PROPN" or t.text[:1].isupper() for t in span[:-1]) else ""


def has_pronoun_subject(event: Event, doc: Doc) -> bool:
    """Whether who acts is only "he", "she" or "they"."""
    return any(h.pos_ == "PRON" and h.dep_ in {"nsubj", "nsubjpass"} for h in actor_heads(event, doc))


def parties(mentions: list[Mention], capital: dict[str, Place | None]) -> list[tuple[Mention, Place]]:
    """Return where the parties sit, one for each country named: its capital, inferred.

    Parameters
    ----------
    mentions : list of Mention
        Those in the words for who took part, in order.
    capital : dict of str to Place
        Capitals by ISO 3166-1 alpha-2 code.
    """
    seen: dict[str, tuple[Mention, Place]] = {}
    for mention in mentions:
        if mention.place is None or mention.use == "dateline":
            continue
        country = mention.place.country
        seat = capital.get(country)
        if country and seat is not None and country not in seen:
            seen[country] = (mention, seat)
    return list(seen.values())
