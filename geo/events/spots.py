"""Places named in a sentence, as places where something may have happened: what leads to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gazetteer.distance import distance_km
from gazetteer.names import normalize
from geo.events.clauses import clause_head, is_subordinate
from geo.events.lexicon import family, forms, words

if TYPE_CHECKING:
    from gazetteer.place import Place
    from geo.events.event import Event
    from geo.mentions import Mention
    from geo.parsed import Doc, Token

#: Types with something fired at: their place is a target.
FIRED = frozenset({"firing", "shelling", "missile_strike", "air_strike", "drone_strike", "strike"})


def role_in(event: Event) -> str:
    """Return the part a place plays in an event: ``target`` where something is fired, else ``site``."""
    return "target" if event.type in FIRED else "site"


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention with its tokens and the words that lead to it."""

    mention: Mention
    first: int
    last: int
    lead: tuple[str, ...]


def find_spots(doc: Doc, mentions: tuple[Mention, ...]) -> list[Spot]:
    """Put mentions on tokens, with the words from the mention or mark before to each."""
    spots: list[Spot] = []
    for mention in mentions:
        span = doc.covering(mention.start, mention.end)
        if span is None:
            continue
        first, last = span.start, span.end - 1
        floor = max(doc[first].sent.start, first - 10)
        if spots and spots[-1].last >= floor:
            floor = spots[-1].last + 1
        lead: list[str] = []
        for token in reversed(doc[floor:first]):
            if token.text in {".", ";", ":", "(", "“", "”", '"'}:
                break
            if token.text == "," and lead:
                break
            lead.insert(0, token.lower_)
        spots.append(Spot(mention, first, last, tuple(lead)))
    return spots


def may_hold(spot: Spot, doc: Doc, event: Event) -> bool:
    """Whether a mention can name where something happened: literal, or led to by a preposition of place."""
    mention = spot.mention
    led = bool(spot.lead) and spot.lead[-1] in words("places", "locative")
    if (
        led
        and spot.lead[-1] == "to"
        and not words("places", "entrances") & set(spot.lead[-2:])
        and event.type not in {"visit", "protest", "other"}
        and not event.elsewhere
    ):
        return False  # on its way to, ambassador to: no place of what happened
    led = led or (
        len(spot.lead) > 1 and spot.lead[-1] == "the" and spot.lead[-2] in words("places", "locative")
    )
    if mention.use == "dateline":
        return False
    if mention.use in {"demonym"}:
        return False
    code = mention.place.feature.partition(".")[2] if mention.place else ""
    if mention.use == "metonym":
        return led and spot.lead[-1] in {"in", "at", "near"}
    if mention.use == "organisation":
        if any(t.lower_ in words("places", "ways") for t in doc[spot.last + 1 : spot.last + 5]):
            return True  # "on the Funtua-Gusau highway"
        return led and spot.lead[-1] in {"in", "near", "of"} and not code.startswith("PCL")
    nxt = doc[spot.last + 1] if spot.last + 1 < len(doc) else None
    after = doc[spot.last + 2].lower_ if spot.last + 2 < len(doc) else ""
    if nxt is not None and nxt.text == "-" and (mention.place is None or after in words("places", "ruled")):
        return False  # "Plain-clothes soldiers", "Pakistan-administered Kashmir"
    if nxt is not None and words("subjects", "athletes").intersection(forms(nxt)):
        return False  # "the Liverpool winger"
    wet = mention.place is not None and mention.place.feature.startswith(("H", "T"))
    if wet and nxt is not None and nxt.lower_ in words("places", "generic") and after == "of":
        return False  # "the Danube port of Izmail"
    part = nxt is not None and nxt.pos_ == "PROPN" and doc[spot.last].dep_ in {"compound", "nmod"}
    if part and after in words("places", "tracts"):
        return False  # "the Krishna Ghati sector": part of a longer name
    if nxt is not None and words("subjects", "munition").intersection(forms(nxt)):
        return False  # "a Grad rocket"
    if nxt is not None and doc[spot.last].dep_ in {"compound", "nmod"}:
        wide = code.startswith(("PCL", "ADM1"))
        seat = wide and words("places", "urban").intersection(forms(doc[spot.last].head))
        if _acts(nxt) or seat or nxt.lower_ in words("places", "peoples"):
            return False  # "the Kokang rebels", "the Zintan tribe", "the Georgia state capitol"
    if nxt is not None and nxt.text in {"'s", "’s"} and not _houses(doc, spot):
        return False
    if nxt is not None and nxt.text in {"'s", "’s"} and code.startswith("PCL"):
        tail = {t.lower_ for t in doc[spot.last + 2 : spot.last + 6]}
        if tail & {"city", "town", "port", "capital", "village", "resort"}:
            return False  # "in Turkey's third city": a town, whichever
    if code.startswith("PCL") or code in {"RGN", "CONT", "SEA"}:
        # Countries act and are spoken of more often than they are where something happened.
        leads = words("places", "within") | ({"to"} if event.type == "visit" else frozenset())
        return bool(leads.intersection(spot.lead[-3:]))
    return bool(mention.place) or mention.use == "literal"


def _houses(doc: Doc, spot: Spot) -> bool:
    """Whether "X's" is followed by a part of X: a district, a square, a market."""
    tail = doc[spot.last + 2 : spot.last + 7]
    return any(
        t.pos_ in {"NOUN", "PROPN"} and t.lower_ in words("places", "parts") | words("places", "facilities")
        for t in tail
    ) or any(t.ent_type_ in {"GPE", "LOC", "FAC"} for t in tail)


def contains(outer: Mention, inner: Mention) -> bool:
    """Whether one mention's place holds another's, as a country holds its towns."""
    a, b = outer.place, inner.place
    if a is None or b is None or a.id == b.id or outer == inner:
        return False
    if a.country and b.country and a.country != b.country:
        return False
    code = a.feature.partition(".")[2]
    if code.startswith("PCL"):
        return b.country == a.country and not b.feature.partition(".")[2].startswith("PCL")
    if not a.feature.startswith(("A", "L")) or a.radius_km <= b.radius_km:
        return False
    names = {normalize(a.name), *(normalize(n) for n in (outer.text,))}
    if {normalize(b.admin1), normalize(b.admin2)} & names:
        return True
    return km_between(a, b) <= a.radius_km * 1.3 and abs(outer.start - inner.end) < 60


def km_between(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres."""
    return distance_km(a.lat, a.lon, b.lat, b.lon)


def qualifies(later: Spot, earlier: Spot, doc: Doc) -> bool:
    """Whether a mention only says where the one before it lies: "Bahri, north of the Blue Nile"."""
    between = [t.lower_ for t in doc[earlier.last + 1 : later.first]]
    if between in (["on"], ["on", "the"]) and later.mention.place is not None:
        return not later.mention.place.feature.startswith("P")  # "Martuni on Lake Sevan"
    if any(t.pos_ in {"VERB", "AUX"} for t in doc[earlier.last + 1 : later.first]):
        return False  # "..., met in Istanbul": that is where
    if not between or len(between) > 10 or between[0] not in {",", "("} or {"and", "or", ";"} & set(between):
        return False
    words_ = between[1:]
    return bool(words_) and "," not in words_ and bool(set(words_) & words("places", "relations"))


def is_origin(spot: Spot, event: Event) -> bool:
    """Whether what is fired comes from there: "from", or where the units that fire are stationed."""
    lead = set(spot.lead)
    if "from" in lead and words("places", "distances") & lead:
        return False  # "ten kilometres from Sebba"
    if "from" in lead and event.type not in FIRED:
        after = spot.lead[len(spot.lead) - spot.lead[::-1].index("from") :]
        if set(after) & (words("places", "plain") | {"to", "of"}):
            return False  # "elders from both sides reached a deal in Jos"
    if "from" in lead:
        return not (event.type in {"protest", "visit"} and "to" in lead)
    stationed = bool(lead & (words("places", "origin") - {"from"}))
    if stationed and spot.last < event.head and event.type in FIRED:
        return not ({"against", "at", "on"} & lead)
    return False


def score_of(spot: Spot, event: Event, doc: Doc, others: frozenset[int] = frozenset()) -> float:
    """How plainly a mention is the place of the event: clause, subtree, preposition, distance."""
    score = 0.0
    token = doc[spot.last]
    head = doc[event.head]
    path = (token, *_path(token, head))
    own = clause_head(token)
    if (
        own.head == head
        and own.dep_ in {"ccomp", "dobj"}
        and own.lemma_ in {"call", "describe", "term", "say"}
    ):
        # "hit what it called a workshop in X"
        score += 4.5 if any(c.lower_ == "what" for c in own.subtree) else 0
    aimed = (
        event.type in FIRED
        and own.dep_ == "acl"
        and bool(words("subjects", "launching").intersection(forms(own)))
        and bool(words("subjects", "munition").intersection(forms(own.head)))
    )
    if aimed:
        score += 2  # "rockets aimed at Gao overshot the runway"
    elif (
        not (own == clause_head(head) or own.is_ancestor(head) or head.is_ancestor(own))
        and own.pos_ == "VERB"
    ):
        fronted = bool(spot.lead) and spot.first - token.sent.start <= 3
        score -= 0 if fronted else 2.5  # of another verb that this one does not hang on
    if spot.first in event.clause or token.i in event.clause:
        score += 2
    if _below(token, head):
        inner = [a for a in _path(token, head) if a.dep_ in {"relcl", "acl"}]
        placed = all(a.lemma_ in words("places", "placed") for a in inner)
        score += 2 if placed else 0.5 if event.type in FIRED else 1
    elif head.dep_ == "conj" and clause_head(token) == clause_head(head.head):
        score += 1
    if any(a.tag_ == "VB" and any(c.tag_ == "TO" for c in a.children) for a in _path(token, head)):
        # What it is for is elsewhere: "agreed to reopen the crossing at Taftan".
        score -= 8 if event.type in {"agreement", "ceasefire"} else 3
    lead = [w for w in spot.lead if w not in {"the", "a", "an"}]
    if mention_unknown(spot):
        score -= 1 if lead and lead[-1] in words("places", "plain") else 2.5
    if head.dep_ == "relcl" and spot.first <= head.i and below_antecedent(token, head):
        score += 3  # "Engels, where a drone crashed"
    if lead and lead[-1] in words("places", "plain"):
        score += 1.5
    elif set(lead) & words("places", "locative"):
        score += 0 if _is_owner(token, head) else 1
    elif (
        not (token.dep_ in {"dobj", "nsubjpass"} or token.head.dep_ in {"dobj", "nsubjpass", "pobj"})
        or doc[spot.last].head.pos_ == "PROPN"
    ):
        score -= 2  # nothing leads to it
    if token.dep_ in {"dobj", "nsubjpass"} and token.head == head:
        score += 1.5
    if event.headline:
        score += 1
    if _is_of_another_subject(own, head):
        score -= 2.5  # "an envoy from the base at Gyumri had shuttled, and Yerevan announced a truce"
    if set(lead[-2:]) & (words("places", "not_sites") - {"over", "from"}):
        score -= 3
    if _is_held(lead) and not (
        family(event.type) in {"violence", "unrest"} and {"road", "highway", "route"} & set(lead[-4:])
    ):
        score -= 2.5
    if lead and family(event.type) == "diplomacy":
        if event.type == "visit":
            score += 2 if lead[-1] == "to" else 0
            if own.lemma_ == "leave":
                score += 6 if lead[-1] == "for" else -3  # "left Niamey for Arlit"
        elif lead[-1] in words("places", "topics"):
            score -= 3
        if event.type != "visit" and any(a.lower_ == "on" and a.dep_ == "prep" for a in path[2:]):
            score -= 3  # "concluded an accord on patrols in the Pacific"
        if event.type in {"agreement", "ceasefire"} and any(
            a.dep_ == "advcl" and a.tag_ == "VBG" and a != head for a in path
        ):
            score -= 3  # "signed a memorandum, giving it a lease near Berbera"
    if _is_authority(token, head):
        score -= 5  # "prosecutors in Tashkent disclosed", "what the army in Bangkok called arson"
    if any(_below(token, doc[i]) and not doc[i].is_ancestor(head) for i in others):
        score -= 2.5  # it is where something else of this sentence was
    if event.type in {"ceasefire", "agreement"} and any(_below(token, doc[i]) for i in others):
        score -= (
            2.5 if doc[event.head].dep_ in {"advcl", "relcl", "pcomp"} else 0
        )  # "..., before leaders agreed a truce"
    if any(a.dep_ == "pobj" and a.head.lower_ == "before" for a in path[1:]):
        score -= 3  # "was in Baghdad, a day before his visit to Erbil"
    if any(_aftermath(a) for a in path if a != head) and not _aftermath(head):
        score -= 3  # "fled to Goma after rebels attacked", "was treated in Maradi"
    if any(c.dep_ == "mark" and c.lower_ == "since" for a in path if a != head for c in a.children):
        score -= 4  # "as every week since the war in Gaza began"
    if any(_is_hospital(a) and not _below(a, head) for a in token.ancestors):
        score -= 3  # "the hospital in Mitrovica took in a man who had been shot"
    if mention_country(spot):
        score -= 1
    if token.dep_ in {"compound", "nmod"} and words("subjects", "vehicles").intersection(forms(token.head)):
        score -= 2  # "the Kherson minibus": where it goes
    if _undergoes(token, head):
        score += 4.5  # "the town was subjected to shelling"
    elif token.dep_ in {"nsubj"} and token.head.pos_ == "VERB":
        score -= 2
    if event.type in FIRED and any(a.dep_ == "nsubj" and a.head == head and _acts(a) for a in path):
        score -= 1.5  # "militants in Gaza launched": where those sit who fire
    if any(
        a.pos_ == "VERB" and a != head and words("modality", "unreal").intersection(forms(a))
        for a in token.ancestors
    ) and not any(words("modality", "unreal").intersection(forms(a)) for a in head.ancestors):
        score -= 6  # "and called for a ceasefire in Gaza"
    if any(a.lower_ in {"about", "over"} and a.dep_ == "prep" for a in path[2:]):
        score -= 2  # "marched over the arrest of a colleague in Lahore": why, not where
    if any(a.dep_ == "appos" for a in path[1:]) and _below(token, head):
        score -= 1
    if token.ent_type_ == "ORG" and spot.mention.use != "literal":
        score -= 1
    distance = abs(spot.first - event.head)
    return score + (0.8 if distance <= 12 else 0.3 if distance <= 25 else 0)


def _is_of_another_subject(own: Token, head: Token) -> bool:
    """Whether the clause of an event is only joined by "and", with a subject of its own, to another one."""
    verb = clause_head(head)
    while verb.dep_ in {"ccomp", "conj"} and verb.head != verb and verb != own:
        if verb.dep_ == "conj" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children):
            return own == verb.head and not any(
                c.dep_ in {"nsubj", "nsubjpass"} and c.tag_ == "PRP" for c in verb.children
            )
        verb = verb.head
    return False


def _is_authority(token: Token, head: Token) -> bool:
    """Whether a name only says where those sit who tell of it, or call it something."""
    above = token.head.head
    verb = above.head
    return (
        token.dep_ == "pobj"
        and token.head.lower_ == "in"
        and above.dep_ == "nsubj"
        and verb != head
        and bool((words("people", "reporting") | {"call", "describe", "term"}).intersection(forms(verb)))
    )


def _is_owner(token: Token, head: Token) -> bool:
    """Whether a name only says whose something is: "a truck of the aid group Bunia"."""
    whose = token.head.head
    return (
        token.head.lower_ == "of"
        and whose != head
        and whose.pos_ == "NOUN"
        and not (_of_places() & set(forms(whose)))
    )


@cache
def _of_places() -> frozenset[str]:
    names = (
        "parts",
        "of_place",
        "generic",
        "facilities",
        "locals",
        "vicinity",
        "relations",
        "divisions",
        "urban",
    )
    return frozenset(w for name in names for w in words("places", name))


def _is_held(lead: list[str]) -> bool:
    """Whether a name only says whose someone is: "the ambassador to Baku", "residents of Gaza"."""
    holders = words("places", "holders")
    linked = len(lead) > 1 and lead[-1] in {"of", "to", "from", "for", "with"} and lead[-2] in holders
    return bool(lead) and (lead[-1] in holders or linked)


def _acts(noun: Token) -> bool:
    """Whether a subject is who fires, not the strike itself: "militants", "the army", no "attack on"."""
    return any(
        words("subjects", name).intersection(forms(noun)) for name in ("fighters", "outlaws", "soldiers")
    )


def _is_hospital(noun: Token) -> bool:
    return noun.pos_ == "NOUN" and bool(words("places", "hospitals").intersection(forms(noun)))


def _undergoes(token: Token, head: Token) -> bool:
    """Whether a place is the subject of what is done to it: "the town saw clashes", "came under attack"."""
    verb = token.head
    return (
        token.dep_ in {"nsubj", "nsubjpass"}
        and bool(words("subjects", "undergo").intersection(forms(verb)))
        and (verb == head or verb.is_ancestor(head))
        and (head != verb or token.dep_ == "nsubjpass" or head.lemma_ == "come")
        and not any(
            a.dep_ in {"ccomp", "relcl", "conj"} or (a.dep_ == "advcl" and not is_subordinate(a))
            for a in (head, *_path(head, verb))
            if a != verb
        )
    )


def below_antecedent(token: Token, head: Token) -> bool:
    """Whether a mention stands in what a relative clause with "where" speaks of, or right before it."""
    where = next((t for t in head.subtree if t.lower_ == "where" and t.i < head.i), None)
    return where is not None and 0 < where.i - token.i <= 6


def mention_country(spot: Spot) -> bool:
    """Whether a mention is of a whole country."""
    place = spot.mention.place
    return place is not None and place.feature.startswith("A.PCL")


def _aftermath(token: Token) -> bool:
    """Whether a verb tells of where people went or were taken afterwards."""
    return token.pos_ == "VERB" and bool(words("subjects", "afterwards").intersection(forms(token)))


def mention_unknown(spot: Spot) -> bool:
    """Whether a mention has no place in the gazetteer."""
    return spot.mention.place is None


def _path(token: Token, head: Token) -> list[Token]:
    """Return the tokens from a token up to, and without, a head above it."""
    path = []
    while token != head and token.head != token:
        path.append(token)
        token = token.head
    return path


def _below(token: Token, head: Token) -> bool:
    return head == token or head.is_ancestor(token)
