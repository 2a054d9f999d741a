"""Where an event took place: which of the places named stand for it, in what role, how near.

"In", "at", "through" name a site; what is fired at is a target; "from" and the place units are stationed at
an origin. A place that holds another one named ("Zaylik settlement of the Kalbajar region") is not a second
site. Where the sentence names none, the one told before it, or the dateline, is taken with less confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.events.capitals import capitals_meant
from geo.events.clauses import clause_head
from geo.events.lexicon import family, forms, words
from geo.events.spots import (
    FIRED,
    Spot,
    below_antecedent,
    contains,
    is_origin,
    km_between,
    may_hold,
    qualifies,
    role_in,
    score_of,
)

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.events.attribution import Attribution
    from geo.events.event import Event
    from geo.mentions import Mention
    from geo.parsed import Doc

#: Kilometres that "near" and "in the direction of" may reach beyond the place's own radius.
VICINITY_KM = 7.0

#: A place wider than this gives way to a town named in the same clause (kilometres).
WIDE_KM = 25.0

#: How little may lead from an event to the only place that its sentence names (see `score_of`).
LEAST = -4.0

#: What leads to an event that is told by the way: "took off during the attack".
_BESIDE = frozenset({"during", "after", "before", "following", "since", "amid", "despite"})

_DISTANCE = re.compile(
    r"\b(\d{1,3}(?:\.\d+)?)\s*-?\s*(km|kilomet(?:re|er)s?|miles?|metres|meters|m)\b", re.IGNORECASE
)


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
    inferred : bool
        Whether the sentence itself names no place for it.
    """

    mention: Mention
    role: str
    near: bool = False
    km: float | None = None
    weight: float = 1.0
    why: str = ""
    inferred: bool = False

    @property
    def is_within(self) -> bool:
        """Whether it is only a street or building whose town must be named elsewhere."""
        return self.mention.place is None and is_facility(self.mention.text)


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


def find_sites(
    event: Event,
    doc: Doc,
    spots: list[Spot],
    said: Attribution,
    places: Gazetteer,
    others: frozenset[int] = frozenset(),
) -> tuple[Site, ...]:
    """Find the places of one event within its own sentence.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    spots : list of Spot
    said : Attribution
        Of the event's sentence.
    places : Gazetteer
    others : frozenset of int, optional
        Heads of the other events of the sentence.

    Returns
    -------
    tuple of Site
        Site or target first; empty where the sentence names none for it.
    """
    first, last = event.sentence
    role = role_in(event)
    here = [s for s in spots if first <= s.first < last]
    usable = [
        s
        for s in here
        if may_hold(s, doc, event)
        and not is_unknown_building(s, doc)
        and not (set(range(s.first, s.last + 1)) & said.tokens and event.head not in said.tokens)
    ]
    usable = [
        s
        for s in usable
        if not any(
            o is not s
            and contains(s.mention, o.mention)
            and (
                (s.first in event.clause) <= (o.first in event.clause)
                or doc[event.head].is_ancestor(doc[o.last])
            )
            for o in usable
        )
    ]
    usable = [
        s
        for n, s in enumerate(usable)
        if not (n and usable[n - 1].mention.use == "literal" and qualifies(s, usable[n - 1], doc))
    ]
    usable = [
        s
        for n, s in enumerate(usable)
        if not (n + 1 < len(usable) and _is_part_elsewhere(s, usable[n + 1], doc))
    ]
    elsewhere = [s for s in usable if not _leads_there(s)]
    usable = elsewhere or usable  # "in Chiatura miners blocked the road to Zestaponi"
    if event.definite and event.kind == "noun":
        # "condemned the attack": only its own words say where it was.
        noun = doc[event.head]
        by_the_way = noun.dep_ == "pobj" and noun.head.lower_ in _BESIDE
        own = {t.i for t in noun.subtree} if by_the_way else set(event.clause)
        if noun.dep_ == "nsubj":  # "the blast closed the road to Karachi"
            own -= {t.i for c in noun.head.children if c.dep_ == "dobj" for t in c.subtree}
        usable = [s for s in usable if s.first in own]
    ways = [s for s in here if s not in usable and _ends_way(s, usable, here)]
    usable += ways
    usable += capitals_meant(event, doc, spots, places)
    if not usable:
        spot = _told_by_locals(event, here, said)
        return (_site(spot, role, doc, 0.6),) if spot is not None and not event.definite else ()
    origins: list[Spot] = []
    targets: list[Spot] = []
    for spot in usable:
        way = event.type != "visit" and (_is_way(spot, here) or _is_left(spot, event, doc))
        told_of = below_antecedent(doc[spot.last], doc[event.head])  # "back from Cairo, where he had met ..."
        told_of = told_of or _is_told_from(spot, event, doc)
        (origins if not (way or told_of) and is_origin(spot, event) else targets).append(spot)
    scored = sorted(
        (
            (score_of(s, event, doc, others) + 2 * _is_way(s, here), -abs(s.first - event.head), s)
            for s in targets
        ),
        key=lambda x: x[:2],
        reverse=True,
    )
    if len(scored) > 1 and _is_wide(scored[0][2]) and scored[1][0] > 0 and not _is_wide(scored[1][2]):
        # "Off Palawan, a cutter rammed a boat near Second Thomas Shoal": the nearer of the two.
        scored[:2] = scored[1::-1] if scored[0][2].first < event.head < scored[1][2].first else scored[:2]
    sites: list[Site] = []
    if scored and scored[0][0] > 0:
        best, _, chosen = scored[0]
        group = _joined(chosen, [s for score, _, s in scored if score > 0], doc)
        if _is_way(chosen, here):
            group += [s for s in ways if s not in group]
        sites = [_site(s, role, doc, 1.0 if best >= 4 else 0.8 if best >= 2 else 0.6) for s in group]
    elif origins and event.type not in FIRED and event.kind != "verb":
        return ()
    if not sites and (spot := _told_by_locals(event, here, said)) is not None:
        return (_site(spot, role, doc, 0.6),)
    if event.type in FIRED or event.type in {"attack", "exercise"}:
        near_origins = [s for s in origins if s.last < last]
        if near_origins and all(o.mention.place != s.mention.place for o in near_origins[:1] for s in sites):
            sites += [_site(near_origins[0], "origin", doc, 0.9)]
    return tuple(sites)


def named_alone(event: Event, doc: Doc, spots: list[Spot], said: Attribution) -> Site | None:
    """Return the only place its sentence names, where nothing else says where an event was.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    spots : list of Spot
    said : Attribution
        Of the event's sentence.

    Returns
    -------
    Site or None
    """
    first, last = event.sentence
    here = [
        s
        for s in spots
        if first <= s.first < last
        and s.first not in said.tokens
        and s.mention.place is not None
        and may_hold(s, doc, event)
    ]
    if len(here) != 1 or score_of(here[0], event, doc) < LEAST:
        return None
    why = f"the only place that the sentence names: {here[0].mention.text}"
    return Site(here[0].mention, role_in(event), weight=0.5, why=why, inferred=True)


def _is_part_elsewhere(spot: Spot, later: Spot, doc: Doc) -> bool:
    """Whether "the X district of Y" was read as an X that lies nowhere near Y."""
    a, b = spot.mention.place, later.mention.place
    between = [t.lower_ for t in doc[spot.last + 1 : later.first]]
    part = words("places", "generic") | words("places", "facilities") | {"quarter", "jail"}
    if not set(between) & part:
        return False
    if a is None or b is None or len(between) > 4 or between[-1] not in {"of", "in", "near", ","}:
        return False
    if not set(between) <= part | words("places", "list_words") | {"in", "near"} or "and" in between:
        return False
    return km_between(a, b) > b.radius_km + a.radius_km + 120


def _is_wide(spot: Spot) -> bool:
    """Whether it is an island, a region: wider than a town that may be named for what it holds."""
    return spot.mention.place is not None and spot.mention.place.radius_km > WIDE_KM


def _is_way(spot: Spot, here: list[Spot]) -> bool:
    """Whether it is where a way began that something happened on: "on the road from Tyre to Naqoura"."""
    if not spot.lead or spot.lead[-1] != "from":
        return False
    on_the_way = set(spot.lead) & words("places", "ways")
    goes_on = any(s.lead[:1] == ("to",) and 0 < s.first - spot.last <= 3 for s in here)
    return bool(on_the_way) and goes_on


def _leads_there(spot: Spot) -> bool:
    """Whether a road or way only leads there: "the road to Zestaponi"."""
    return spot.lead[-1:] == ("to",) and bool(set(spot.lead[-2:]) & words("places", "ways"))


def _ends_way(spot: Spot, usable: list[Spot], here: list[Spot]) -> bool:
    """Whether a way leads there: "the road from Tyre to Naqoura"."""
    before = next((s for s in usable if 0 < spot.first - s.last <= 3), None)
    return before is not None and spot.lead == ("to",) and _is_way(before, here)


def _is_told_from(spot: Spot, event: Event, doc: Doc) -> bool:
    """Whether word of the event came from there: "From Zalingei we hear that men looted the hospital"."""
    opens = not doc[event.sentence[0] : spot.first - 1].text.strip()
    if spot.lead != ("from",) or not opens:
        return False
    above = clause_head(doc[spot.last])
    return above != clause_head(doc[event.head]) and above.is_ancestor(doc[event.head])


def _is_left(spot: Spot, event: Event, doc: Doc) -> bool:
    """Whether it is what they withdrew from after the event: there it was."""
    token = doc[spot.last]
    while token.dep_ in {"compound", "pobj", "appos"} and token.head != token:
        token = token.head
    return event.type not in FIRED and bool(words("subjects", "leaving").intersection(forms(token.head)))


def _told_by_locals(event: Event, here: list[Spot], said: Attribution) -> Spot | None:
    """Return the place whose people tell of it, "residents of Izium said", where nothing else is named."""
    for spot in here:
        # "residents of X fled after", "residents of X closed the road"
        hurt = family(event.type) in {"violence", "unrest"} and spot.lead[-1:] == ("of",)
        if spot.mention.place is not None and (spot.first in said.tokens or hurt):
            who = {w.removesuffix("s") for w in spot.lead[-4:]}
            if who & words("places", "locals"):
                return spot
    return None


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


def is_unknown_building(spot: Spot, doc: Doc) -> bool:
    """Whether a name that nothing knows is only that of a bridge or street: its town is named elsewhere."""
    follows = doc[spot.last + 1].lower_ if spot.last + 1 < len(doc) else ""
    return spot.mention.place is None and (
        (spot.first > 0 and doc[spot.first - 1].lower_ == "the" and not spot.mention.text.endswith("s"))
        or follows in words("places", "facilities")
        or is_facility(spot.mention.text)
    )


def is_facility(text: str) -> bool:
    """Whether a name is that of a street, a square, a building: within a place named elsewhere."""
    return bool(set(text.lower().split()) & words("places", "facilities"))


def _goes_on_to(a: Spot, b: Spot, doc: Doc) -> bool:
    """Whether a second thing at a second place is told in one breath: "a school in X and a mill at Y"."""
    between = doc[a.last + 1 : b.first]
    words_ = [t.lower_ for t in between]
    return (
        2 < len(words_) <= 6
        and words_[0] == "and"
        and words_[-1] in words("places", "plain")
        and all(t.pos_ in {"DET", "ADJ", "NOUN", "ADP", "NUM"} for t in list(between)[1:])
    )


def _joined(chosen: Spot, others: list[Spot], doc: Doc) -> list[Spot]:
    """Return the mentions listed with the chosen one: "through A and B", "between A and B"."""
    group, ordered = [chosen], sorted(others, key=lambda s: s.first)
    at = ordered.index(chosen)
    for step in (1, -1):
        here, n = chosen, at + step
        while 0 <= n < len(ordered):
            a, b = (here, ordered[n]) if step > 0 else (ordered[n], here)
            between = [t.lower_ for t in doc[a.last + 1 : b.first] if not t.like_num]
            linked = bool(
                between
                and len(between) <= 6
                and set(between) <= words("places", "list_words")
                and ({"and", ",", "or"} & set(between))
            )
            linked = linked or _goes_on_to(a, b, doc)
            if not linked or (
                between == [","] and n + step not in range(len(ordered)) and step > 0 and len(group) == 1
            ):
                break
            group.append(ordered[n])
            here, n = ordered[n], n + step
    return sorted(group, key=lambda s: s.first)
