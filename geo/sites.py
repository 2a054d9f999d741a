"""Where an event took place: which of the places named stand for it, in what role, how near.

"In", "at", "through" name a site; what is fired at is a target; "from" and the place units are stationed at
an origin. A place that holds another one named ("Zaylik settlement of the Kalbajar region") is not a second
site. Where the sentence names none, the one told before it, or the dateline, is taken with less confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.names import normalize
from geo.lexicon import words
from geo.modality import clause_head

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.attribution import Attribution
    from geo.events import Event
    from geo.mentions import Mention

#: Types with something fired at: their place is a target.
FIRED = frozenset({"firing", "shelling", "missile_strike", "air_strike", "drone_strike", "strike"})

#: Kilometres that "near" and "in the direction of" may reach beyond the place's own radius.
VICINITY_KM = 7.0

_DISTANCE = re.compile(
    r"\b(\d{1,3}(?:\.\d+)?)\s*-?\s*(km|kilomet(?:re|er)s?|miles?|metres|meters|m)\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"(?:the\s+)?(?:['’]s?\s+)?capital\b")


@dataclass(frozen=True, slots=True)
class Site:
    """A place with the part it plays in an event.

    Attributes
    ----------
    mention : Mention
    role : str
        ``site``, ``target``, ``origin`` or ``party``.
    near : bool
        Whether the source says near it, or in its direction, not in it.
    km : float or None
        The distance it states, kilometres.
    weight : float
        0 to 1: how plainly the text puts the event there.
    why : str
    """

    mention: Mention
    role: str
    near: bool = False
    km: float | None = None
    weight: float = 1.0
    why: str = ""

    @property
    def is_within(self) -> bool:
        """Whether it is only a street or building whose town must be named elsewhere."""
        return self.mention.place is None and is_facility(self.mention.text)


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention with its tokens and the words that lead to it."""

    mention: Mention
    first: int
    last: int
    lead: tuple[str, ...]


def precision_of(place: Place | None, *, near: bool) -> str | None:
    """Say how exact a place is: settlement, vicinity, district, region or country.

    Parameters
    ----------
    place : Place or None
    near : bool
    """
    if place is None:
        return None
    code = place.feature.partition(".")[2]
    kind = place.feature[:1]
    if code.startswith("PCL") or code in {"CONT", "TERR"}:
        return "country"
    if code.startswith("ADM1") or (kind in "LHTUV" and place.radius_km > 40):
        return "region" if place.radius_km > 40 else "district"
    if kind == "A":
        return "district"
    if near:
        return "vicinity"
    return "exact" if kind in "SR" else "settlement" if kind == "P" else "vicinity"


def radius_of(place: Place | None, *, near: bool, km: float | None) -> float | None:
    """Say how far from the place's point the event may have been, in kilometres."""
    if place is None:
        return None
    if precision_of(place, near=near) in {"country", "region", "district"}:
        return round(place.radius_km, 1)
    if near:
        return round(max(place.radius_km + VICINITY_KM, (km or 0) + place.radius_km), 1)
    return round(max(place.radius_km, 1.0), 1)


def find_spots(doc: Doc, mentions: tuple[Mention, ...]) -> list[Spot]:
    """Put mentions on tokens, with the words from the mention or mark before to each."""
    spots: list[Spot] = []
    for mention in mentions:
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
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


def find_sites(
    event: Event, doc: Doc, spots: list[Spot], said: Attribution, places: Gazetteer
) -> tuple[Site, ...]:
    """Find the places of one event within its own sentence.

    Parameters
    ----------
    event : Event
    doc : spacy.tokens.Doc
    spots : list of Spot
    said : Attribution
        Of the event's sentence.
    places : Gazetteer

    Returns
    -------
    tuple of Site
        Site or target first; empty where the sentence names none for it.
    """
    first, last = event.sentence
    here = [s for s in spots if first <= s.first < last]
    usable = [
        s
        for s in here
        if _may_hold(s, doc, event)
        and not (set(range(s.first, s.last + 1)) & said.tokens and event.head not in said.tokens)
    ]
    usable = [s for s in usable if not any(o is not s and _contains(s.mention, o.mention) for o in usable)]
    usable = [
        s
        for n, s in enumerate(usable)
        if not (n and usable[n - 1].mention.place and _qualifies(s, usable[n - 1], doc))
    ]
    usable += _capitals(doc, here, first, last, places)
    if not usable:
        return ()
    origins, targets = [], []
    for spot in usable:
        (origins if _is_origin(spot, event, doc) else targets).append(spot)
    scored = sorted(
        ((_score(s, event, doc), -abs(s.first - event.head), s) for s in targets),
        key=lambda x: x[:2],
        reverse=True,
    )
    sites: list[Site] = []
    if scored and scored[0][0] > 0:
        best, _, chosen = scored[0]
        group = _joined(chosen, [s for score, _, s in scored if score > 0], doc)
        role = "target" if event.type in FIRED else "site"
        sites = [_site(s, role, doc, 1.0 if best >= 4 else 0.8 if best >= 2 else 0.6) for s in group]
    elif origins and event.type not in FIRED and event.kind != "verb":
        return ()
    if event.type in FIRED or event.type in {"attack", "exercise"}:
        near_origins = [s for s in origins if s.last < last]
        if near_origins and all(o.mention.place != s.mention.place for o in near_origins[:1] for s in sites):
            sites += [_site(near_origins[0], "origin", doc, 0.9)]
    return tuple(sites)


def _site(spot: Spot, role: str, doc: Doc, weight: float) -> Site:
    near = bool(set(spot.lead[-6:]) & words("places", "vicinity"))
    after = doc[spot.last + 1 : spot.last + 4].text.lower()
    near = near or after.startswith(("area", "direction", "outskirts", "countryside", "front"))
    window = doc[max(doc[spot.first].sent.start, spot.first - 8) : spot.first].text
    km = None
    if near and (found := list(_DISTANCE.finditer(window))):
        unit, value = found[-1][2].lower(), float(found[-1][1])
        km = (
            value * 1.609
            if unit.startswith("mi")
            else value / 1000
            if unit in {"m", "metres", "meters"}
            else value
        )
    lead = " ".join(spot.lead[-4:])
    return Site(spot.mention, role, near, km, weight, f"“{lead} {spot.mention.text}”".replace("“ ", "“"))


def _may_hold(spot: Spot, doc: Doc, event: Event) -> bool:
    """Whether a mention can name where something happened: literal, or led to by a preposition of place."""
    mention = spot.mention
    led = bool(spot.lead) and spot.lead[-1] in words("places", "locative")
    if (
        led
        and spot.lead[-1] == "to"
        and not {"close", "next", "near", "adjacent"} & set(spot.lead[-2:])
        and event.type not in {"visit", "protest", "other"}
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
        return led and spot.lead[-1] in {"in", "near", "of"} and not code.startswith("PCL")
    nxt = doc[spot.last + 1] if spot.last + 1 < len(doc) else None
    if nxt is not None and nxt.text in {"'s", "’s"} and not _houses(doc, spot):
        return False
    if code.startswith("PCL") or code in {"RGN", "CONT", "SEA"}:
        # Countries act and are spoken of more often than they are where something happened.
        return bool(spot.lead) and any(
            w
            in {
                "in",
                "across",
                "inside",
                "throughout",
                "into",
                "to",
                "within",
                "northern",
                "southern",
                "eastern",
                "western",
                "central",
            }
            for w in spot.lead[-3:]
        )
    return bool(mention.place) or mention.use == "literal"


def _houses(doc: Doc, spot: Spot) -> bool:
    """Whether "X's" is followed by a part of X: a district, a square, a market."""
    tail = doc[spot.last + 2 : spot.last + 7]
    return any(t.pos_ in {"NOUN", "PROPN"} and t.lower_ in _PARTS for t in tail) or any(
        t.ent_type_ in {"GPE", "LOC", "FAC"} for t in tail
    )


def is_facility(text: str) -> bool:
    """Whether a name is that of a street, a square, a building: within a place named elsewhere."""
    return bool(set(text.lower().split()) & _FACILITIES)


_FACILITIES = frozenset(
    "avenue street square road boulevard bridge market hospital university mosque church station airport stadium park palace plaza club hotel terminal building camp school highway court prison".split()
)
_PARTS = frozenset(
    "district centre center market square port airport outskirts suburb suburbs station downtown neighbourhood neighborhood street quarter harbour harbor old city "
    "stadium university hospital mosque church cathedral parliament palace bridge region province area border capital north south east west industrial central main".split()
)


def _contains(outer: Mention, inner: Mention) -> bool:
    """Whether one mention's place holds another's, as a country holds its towns."""
    a, b = outer.place, inner.place
    if a is None or b is None or a.id == b.id or outer == inner:
        return False
    code = a.feature.partition(".")[2]
    if code.startswith("PCL"):
        return b.country == a.country and not b.feature.partition(".")[2].startswith("PCL")
    if not a.feature.startswith(("A", "L")) or a.radius_km <= b.radius_km:
        return False
    names = {normalize(a.name), *(normalize(n) for n in (outer.text,))}
    if {normalize(b.admin1), normalize(b.admin2)} & names:
        return True
    return _km(a, b) <= a.radius_km * 1.3 and abs(outer.start - inner.end) < 60


def _km(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres (haversine, mean radius 6371 km)."""
    la, lb = np.radians(a.lat), np.radians(b.lat)
    h = np.sin((lb - la) / 2) ** 2 + np.cos(la) * np.cos(lb) * np.sin(np.radians(b.lon - a.lon) / 2) ** 2
    return float(12742 * np.arcsin(np.sqrt(h)))


def km_between(a: Place, b: Place) -> float:
    """Return the great-circle distance of two places in kilometres."""
    return _km(a, b)


def _qualifies(later: Spot, earlier: Spot, doc: Doc) -> bool:
    """Whether a mention only says where the one before it lies: "Bahri, north of the Blue Nile"."""
    between = [t.lower_ for t in doc[earlier.last + 1 : later.first]]
    if not between or len(between) > 7 or between[0] not in {",", "("} or {"and", "or", ";"} & set(between):
        return False
    words_ = between[1:]
    return bool(words_) and "," not in words_ and bool(set(words_) & _RELATIONS)


_RELATIONS = frozenset(
    "in on of near north south east west from off capital border outside close northeast northwest southeast southwest".split()
)


def _is_origin(spot: Spot, event: Event, doc: Doc) -> bool:
    lead = set(spot.lead)
    if "from" in lead:
        return not (event.type in {"protest", "visit"} and "to" in lead)
    stationed = bool(lead & (words("places", "origin") - {"from"}))
    if stationed and spot.last < event.head and event.type in FIRED:
        return not ({"against", "at", "on"} & lead)
    return False


def _score(spot: Spot, event: Event, doc: Doc) -> float:
    """How plainly a mention is the place of the event: clause, subtree, preposition, distance."""
    score = 0.0
    token = doc[spot.last]
    head = doc[event.head]
    if spot.first in event.clause or token.i in event.clause:
        score += 2
    if _below(token, head):
        inner = [a for a in _path(token, head) if a.dep_ in {"relcl", "acl"}]
        placed = all(a.lemma_ in words("places", "placed") for a in inner)
        score += 2 if placed else 0.5 if event.type in FIRED else 1
    elif head.dep_ == "conj" and clause_head(token) == clause_head(head.head):
        score += 1
    if any(a.tag_ == "VB" and any(c.tag_ == "TO" for c in a.children) for a in _path(token, head)):
        score -= 3  # what it is for is elsewhere
    if mention_unknown(spot):
        score -= 2.5
    lead = [w for w in spot.lead if w not in {"the", "a", "an"}]
    if head.dep_ == "relcl" and spot.first <= head.i and _below_antecedent(token, head):
        score += 3  # "Engels, where a drone crashed"
    if lead and lead[-1] in words("places", "locative"):
        score += 1.5
    elif set(lead) & {
        "in",
        "at",
        "near",
        "on",
        "outside",
        "through",
        "across",
        "around",
        "toward",
        "towards",
        "of",
        "between",
        "inside",
    }:
        score += 1
    elif (
        not (token.dep_ in {"dobj", "nsubjpass"} or token.head.dep_ in {"dobj", "nsubjpass", "pobj"})
        or doc[spot.last].head.pos_ == "PROPN"
    ):
        score -= 2  # nothing leads to it
    if token.dep_ in {"dobj", "nsubjpass"} and token.head == head:
        score += 1.5
    if event.headline:
        score += 1
    if set(lead[-2:]) & (words("places", "not_sites") - {"over", "from"}):
        score -= 3
    if set(lead[-3:]) & {
        "ambassador",
        "minister",
        "president",
        "mayor",
        "governor",
        "citizen",
        "citizens",
        "native",
        "resident",
        "relations",
        "cooperation",
        "ties",
        "border",
        "war",
        "consul",
        "envoy",
    }:
        score -= 2.5
    if token.dep_ in {"nsubj"} and token.head.pos_ == "VERB":
        score -= 2
    if token.ent_type_ == "ORG" and spot.mention.use != "literal":
        score -= 1
    distance = abs(spot.first - event.head)
    return score + (0.8 if distance <= 12 else 0.3 if distance <= 25 else 0)


def _below_antecedent(token: Token, head: Token) -> bool:
    """Whether a mention stands in what a relative clause with "where" speaks of, or right before it."""
    where = next((t for t in head.subtree if t.lower_ == "where" and t.i < head.i), None)
    return where is not None and 0 < where.i - token.i <= 6


def mention_unknown(spot: Spot) -> bool:
    """Whether a mention has no place in the gazetteer."""
    return spot.mention.place is None


def _path(token: Token, head: Token) -> list[Token]:
    """The tokens from a token up to, and without, a head above it."""
    path = []
    while token != head and token.head != token:
        path.append(token)
        token = token.head
    return path


def _below(token: Token, head: Token) -> bool:
    return head == token or head.is_ancestor(token)


def _joined(chosen: Spot, others: list[Spot], doc: Doc) -> list[Spot]:
    """The mentions listed with the chosen one: "through A and B", "in A, B and C", "between A and B"."""
    group, ordered = [chosen], sorted(others, key=lambda s: s.first)
    at = ordered.index(chosen)
    for step in (1, -1):
        here, n = chosen, at + step
        while 0 <= n < len(ordered):
            a, b = (here, ordered[n]) if step > 0 else (ordered[n], here)
            between = [t.lower_ for t in doc[a.last + 1 : b.first]]
            linked = (
                between
                and len(between) <= 6
                and set(between) <= _LIST_WORDS
                and ({"and", ",", "or"} & set(between))
            )
            if not linked or (
                between == [","] and n + step not in range(len(ordered)) and step > 0 and len(group) == 1
            ):
                break
            group.append(ordered[n])
            here, n = ordered[n], n + step
    return sorted(group, key=lambda s: s.first)


_LIST_WORDS = frozenset(
    {
        "and",
        ",",
        "or",
        "in",
        "near",
        "the",
        "at",
        "as",
        "well",
        "also",
        "village",
        "villages",
        "town",
        "towns",
        "city",
        "cities",
        "of",
        "towards",
        "toward",
        "settlement",
        "settlements",
        "district",
        "districts",
        "region",
        "regions",
        "then",
        "nearby",
        "neighbouring",
        "neighboring",
        "both",
    }
)


@lru_cache(maxsize=512)
def capital_of(country: str, places: Gazetteer) -> Place | None:
    """Return the capital of a country by its ISO 3166-1 alpha-2 code; None where none is marked as such."""
    if "P.PPLC" not in places.feature_codes:
        return None
    rows = np.flatnonzero(
        (places.feature == places.feature_codes.index("P.PPLC")) & (places.country == country)
    )
    return places.place(int(max(rows, key=lambda r: places.prior[r]))) if len(rows) else None


def _capitals(doc: Doc, here: list[Spot], first: int, last: int, places: Gazetteer) -> list[Spot]:
    """ "The Kazakh capital", "Sudan's capital": the city, where it is not named right after."""
    found = []
    for spot in here:
        place = spot.mention.place
        if place is None or not place.feature.startswith("A.PCL"):
            continue
        tail = doc[spot.last + 1 : min(spot.last + 4, last)]
        if not _CAPITAL.match(tail.text):
            continue
        end = next(t.i for t in tail if t.lower_ == "capital")
        if any(end < s.first <= end + 2 for s in here):
            continue
        capital = capital_of(place.country, places)
        if capital is None:
            continue
        begin = spot.mention.start
        stop = doc[end].idx + len(doc[end])
        mention = type(spot.mention)(
            start=begin, end=stop, text=doc.text[begin:stop], use="literal", place=capital,
            confidence=spot.mention.confidence, why=f"capital of {place.name}",
        )  # fmt: skip
        found.append(Spot(mention, spot.first, end, spot.lead))
    return found
