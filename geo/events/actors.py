"""Who took part in an event: who did it, to whom; and for a call, in which capitals they sit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.events.attribution import noun_phrase
from geo.events.lexicon import family, forms, lexicon, words
from geo.events.parts import DOER, SUBJECTS, TARGET, blamed_in, is_word, parts_of
from geo.toponyms.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gazetteer.place import Place
    from geo.events.event import Event
    from geo.mentions import Mention
    from geo.parsed import Doc, Span, Token

VICTIM = "victim"


@dataclass(frozen=True, slots=True)
class Actor:
    """One who took part.

    Attributes
    ----------
    name : str
        As written, without clauses about them: "suspected jihadists".
    role : str
        ``doer``, ``target`` or ``victim`` (a target that is only counted: "nine villagers").
    """

    name: str
    role: str = DOER

    @property
    def is_named(self) -> bool:
        """Whether it says more than what they are: "the army's guards", not "gunmen"."""
        return self.name[1:] != self.name[1:].lower()


def blamed(sentence: Span) -> list[Actor]:
    """Return who a sentence says did it.

    Parameters
    ----------
    sentence : geo.parsed.Span
    """
    return [Actor(_name(t)) for t in blamed_in(sentence) if _acts(t)]


def actors_of(
    event: Event, doc: Doc, places_at: frozenset[int], speaker: str | None = None
) -> tuple[Actor, ...]:
    """Name who took part in an event, as written.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    places_at : frozenset of int
        Token indices of place mentions: a bare place is no actor, unless it acts (a metonym).
    speaker : str, optional
        Who tells it, if they speak of themselves: "the army said it had shelled" names the army.

    Returns
    -------
    tuple of Actor
        Those who do it first.
    """
    named: list[Actor] = []
    for role, head in parts_of(event, doc):
        name = ""
        own = head.pos_ == "PRON" or any(
            c.dep_ == "poss" and c.lower_ in {"its", "their"} for c in head.lefts
        )
        violent = family(event.type) == "violence"
        if head.left_edge.lower_ in words("source_words", "nobody"):
            continue
        if (
            own
            and head.dep_ != "conj"
            and (role == DOER or head.dep_ == "nsubj")
            and not (head.pos_ == "PRON" and head.lower_ not in {"it", "they", "we"})
        ):
            name = speaker or ""
        elif head.pos_ == "PRON":
            continue
        elif head.i in places_at and not _are_nationals(head):
            name = noun_phrase(head, joined=False) if _is_metonym(head, role, event) else ""
        elif head.dep_ in {"compound", "nmod"}:
            name = _with_nation(head)
        elif role == DOER and violent and is_word(head, "fired"):
            name = _forces_of(head)
        elif (
            _acts(head) or (role == DOER and _is_owned(head)) or (role == TARGET and _is_manned(head, event))
        ):
            name = _trimmed(_name(head), head, places_at)
        if role == TARGET and family(event.type) == "unrest" and is_word(head, "institutions"):
            name = ""  # "marched on the ministry"
        if role == TARGET and violent and is_word(head, "anyone"):
            name = _counted(head, places_at)
        if role == TARGET and violent and any(c.dep_ == "nummod" or c.lower_ == "all" for c in head.lefts):
            role = VICTIM
        if name and len(name) < 100 and name.lower() not in {n.name.lower() for n in named}:
            named.append(Actor(name, role))
    if family(event.type) == "violence":
        if not any(a.role == DOER for a in named) and (forces := _forces_of(doc[event.head])):
            named.append(Actor(forces))
        if not any(a.role == DOER and a.is_named for a in named):
            named += blamed(doc[event.sentence[0] : event.sentence[1]])  # "gunmen", and then by name
    return tuple(sorted(named, key=lambda a: a.role != DOER))


def _name(head: Token) -> str:
    return _own_name(head) or _holder(head) or _without_tail(head)


def _with_nation(owner: Token) -> str:
    """Return who stands before a noun: "Israeli army" of "an Israeli army raid"."""
    first = min(
        (c.i for c in owner.head.lefts if c.i < owner.i and _is_of_nation(c)), default=owner.left_edge.i
    )
    return owner.doc[first : owner.i + 1].text


def _counted(head: Token, places_at: frozenset[int]) -> str:
    """Return whom a number counts, "dozens of villagers"; empty for "nine people", "dozens of rockets"."""
    inner = [g for c in head.children if c.lower_ == "of" for g in c.children if g.dep_ == "pobj"]
    return _trimmed(_name(head), head, places_at) if inner and _acts(inner[0]) else ""


def _without_tail(head: Token) -> str:
    """Return a noun phrase without an adverb behind it: "an army base east of the town"."""
    phrase = noun_phrase(head, joined=False)
    tails = [c for c in head.rights if c.dep_ in {"advmod", "npadvmod"} and c.i == head.i + 1]
    for child in head.rights:
        whose = [
            g
            for g in child.children
            if g.dep_ == "pobj"
            and (is_word(g, "people") or g.ent_type_ == "ORG")
            and any(t.pos_ == "PROPN" for t in g.subtree)
        ]
        if child.lower_ == "from" and child.i == head.i + 1 and whose and is_word(head, "from_whom"):
            return f"{phrase} from {noun_phrase(whose[0], joined=False)}"
    return phrase.split(f" {tails[0].text}")[0] if tails else phrase


def _trimmed(name: str, head: Token, places_at: frozenset[int]) -> str:
    """Leave out what the parse wrongly put before a name: "Tuesday youths", "In Latacunga inmates"."""
    first = head.left_edge
    while first.i < head.i and name.startswith(first.text):
        stray = first.ent_type_ in {"DATE", "TIME"} or (
            first.i in places_at and first.i and first.nbor(-1).pos_ == "ADP" and first.nbor(-1) != head.head
        )
        if not stray and not (first.dep_ == "advmod" and first.lower_ in {"later", "earlier", "meanwhile"}):
            break
        name = name[len(first.text) :].lstrip()
        first = first.nbor()
    return name.removesuffix("'s")


def _are_nationals(head: Token) -> bool:
    """Whether a word from a place means its people: "12 Palestinians"."""
    return head.tag_ in {"NNS", "NNPS"} and (head.ent_type_ == "NORP" or _is_of_nation(head))


def _forces_of(weapon: Token) -> str:
    """Return whose forces fire a weapon: "Russian forces" for "a Russian missile"; else nothing."""
    if not is_word(weapon, "fired"):
        return ""
    for word in weapon.lefts:
        if word.dep_ == "compound" and (is_word(word, "collective") or word.ent_type_ == "ORG"):
            return _with_nation(word)
    for word in weapon.lefts:
        if word.dep_ in {"amod", "compound", "nmod"} and _is_of_nation(word):
            return f"{word.text} forces"
        if word.text[:1].isupper() and words("people", "belligerents").intersection(forms(word)):
            return word.text
        if word.dep_ == "poss" and (word.ent_type_ in {"GPE", "ORG"} or _acts(word)):
            return noun_phrase(word).removesuffix("'s")
    return ""


def _is_of_nation(word: Token) -> bool:
    alias = vocabulary().aliases.get(word.text)
    return word.text[:1].isupper() and (
        word.ent_type_ == "NORP" or (alias is not None and alias.kind == "demonym")
    )


def _acts(head: Token) -> bool:
    """Whether a noun is someone, not something: a patrol, but no road."""
    if head.pos_ not in {"NOUN", "PROPN", "ADJ", "NUM"} or head.ent_type_ in {"DATE", "TIME", "MONEY"}:
        return False
    if is_word(head, "people"):
        return True
    if (
        words("places", "facilities").intersection(forms(head))
        or is_word(head, "means")
        or is_word(head, "things")
    ):
        return False
    if head.pos_ == "PROPN":
        unknown = not head.ent_type_ and head.dep_ in SUBJECTS and not head.is_sent_start
        if (
            head.ent_type_ in {"ORG", "PERSON"}
            and head.dep_ == "pobj"
            and head.head.lower_ in words("actors", "at")
        ):
            return any(True for _ in head.lefts)  # "on Palaw" is a place that the model takes for a firm
        return head.ent_type_ in {"PERSON", "ORG", "NORP"} or (unknown and head.text[:1].isupper())
    tables = lexicon()["subjects"]
    return bool((tables["visitors"] | tables["crowd"]).intersection(forms(head))) and head.pos_ == "NOUN"


def _is_manned(head: Token, event: Event) -> bool:
    """Whether a thing stands for those in it: a convoy, a post; of a riot, not the one it broke out at."""
    violent = family(event.type) == "violence"
    if is_word(head, "vehicle"):
        return violent and _has_owner(head)
    return is_word(head, "manned") and (violent or head.dep_ != "pobj")


def _is_owned(head: Token) -> bool:
    """Whether what does it is told by whose it is: "army jets", "Israeli aircraft"."""
    return is_word(head, "means") and _has_owner(head)


def _has_owner(head: Token) -> bool:
    return any(
        c.ent_type_ in {"NORP", "ORG"} or is_word(c, "collective") or is_word(c, "people") or _is_of_nation(c)
        for child in head.lefts
        if child.dep_ in {"amod", "compound", "poss", "nmod"}
        for c in child.subtree
    )


def _is_metonym(head: Token, role: str, event: Event) -> bool:
    """Whether a place name stands for those who act for it: "Baku shelled", "Georgia and Armenia signed"."""
    if role != DOER or (head.i + 1 < len(head.doc) and head.nbor().text == ":"):
        return False
    by_itself = head.dep_ in {"nsubj", "conj"} or (head.dep_ == "pobj" and head.head.dep_ == "agent")
    if family(event.type) in {"diplomacy", "military"}:
        return by_itself or (head.dep_ == "pobj" and head.head.lower_ in words("actors", "with"))
    return family(event.type) == "violence" and by_itself and head.ent_type_ in {"GPE", "NORP", "ORG"}


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
    return ""


# -- one event from several tellings ----------------------------------------------------------------


def all_actors(tellings: Iterable[Sequence[Actor]]) -> tuple[str, ...]:
    """Unite who took part according to several tellings of one event.

    Parameters
    ----------
    tellings : iterable of sequence of Actor
        The fullest telling first.

    Returns
    -------
    tuple of str
        Those who did it, then those it was done to. "Its forces" is left out, and so is who is named twice;
        names stand for a group named before them.
    """
    united: list[Actor] = []
    for n, told in enumerate(tellings):
        named = [a for a in told if a.name.split()[0].lower() not in words("people", "pronouns")]
        if n:
            named = [a for a in named if a.role != VICTIM]
        if any(u.role == DOER for u in united):
            named = [a for a in named if a.role != DOER or not _only_points_back(a.name)]
        if len([a for a in named if _is_person(a.name)]) > 1:
            united = [u for u in united if not _is_group(u.name)]
        united += [a for a in named if not any(_is_same(a.name, u.name) for u in united)]
    return tuple(a.name for a in sorted(united, key=lambda a: a.role != DOER))


def _only_points_back(name: str) -> bool:
    """Whether a name says no more than that they did it: "the attackers"."""
    article, _, noun = name.lower().partition(" ")
    return article == "the" and bool({noun, noun.removesuffix("s")} & lexicon()["subjects"]["assailants"])


def spelled_out(names: Sequence[str], before: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Put names for "the two sides", where an event told before names two.

    Parameters
    ----------
    names : sequence of str
    before : iterable of sequence of str
        Those of the events told before, the latest first.
    """
    both = words("actors", "both")
    pair = next((p for p in before if len(p) == 2 and not both.intersection(n.lower() for n in p)), None)
    if pair is None or not both.intersection(n.lower() for n in names):
        return tuple(names)
    return tuple(dict.fromkeys(n for name in names for n in (pair if name.lower() in both else (name,))))


def _is_same(a: str, b: str) -> bool:
    """Whether one name says no more than the other: "the army", "the Sudanese army"."""
    one, other = _content(a), _content(b)
    return (one <= other or other <= one) and bool(one & other)


def _content(name: str) -> frozenset[str]:
    small = {"the", "a", "an", "of", "unit", "armed", "some", "about"}
    return frozenset(
        w if w[:1].isupper() else w.removesuffix("s") for w in name.split() if w.lower() not in small
    )


def _is_person(name: str) -> bool:
    return len(name.split()) > 1 and all(w[:1].isupper() for w in name.split())


def _is_group(name: str) -> bool:
    return not _is_person(name) and bool(
        lexicon()["subjects"]["visitors"].intersection(w.removesuffix("s").lower() for w in name.split())
    )


# -- calls ------------------------------------------------------------------------------------------


def has_pronoun_subject(event: Event, doc: Doc) -> bool:
    """Whether who acts is only "he", "she" or "they"."""
    return any(t.pos_ == "PRON" and t.dep_ in SUBJECTS for _, t in parts_of(event, doc))


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
