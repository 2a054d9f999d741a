"""What the place names of a table mean: one place, or several to choose from; never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.frame import precision_of
from geo.tables.sure import WIDE_KM, Asked
from geo.tables.words import is_missing

if TYPE_CHECKING:
    from gazetteer import Candidate, Gazetteer, Place

#: Candidates looked at for one name, and shown for it.
LOOKED_AT, SHOWN = 40, 10

#: Classes of places that people live in or made: divisions, settlements, spots.
LIVED_IN = frozenset("APS")
#: So many times a rival is outweighed that bears a name only beside its own.
OUTWEIGHED = 2
#: Confidence in a name with nothing against it.
SURE = 0.95


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: one place, or candidates, with what must be said of it.

    Attributes
    ----------
    row : int
        Row of the one place in the gazetteer; -1 for none.
    instead : str
        ``"district"`` or ``"region"`` where the place is only what lies around the one that is named.
    """

    row: int = -1
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    warning: str = ""
    error: str = ""
    instead: str = ""


def look_up(wanted: set[Asked], places: Gazetteer) -> dict[Asked, Named]:
    """Look up names with what they are said to lie in; those of one division in one batch."""
    batches: dict[tuple[str, str, str], list[Asked]] = {}
    for asked in sorted(wanted):
        batches.setdefault(asked[1:], []).append(asked)
    found: dict[Asked, Named] = {}
    for (admin2, admin1, country), batch in batches.items():
        open_: list[Asked] = batch
        for within in (w for w in (admin2, admin1) if not is_missing(w)):
            lists = places.find_all(
                [a[0] for a in open_], country=country or None, within=within, limit=LOOKED_AT
            )
            hits = {a: c for a, c in zip(open_, lists, strict=True) if c}
            found |= {a: decide(a[0], c, places) for a, c in hits.items()}
            open_ = [a for a in open_ if a not in hits]
        lists = places.find_all([a[0] for a in open_], country=country or None, limit=LOOKED_AT)
        for asked, candidates in zip(open_, lists, strict=True):
            of_kind = _of_kind(asked[0], candidates, country, places)
            named = decide(asked[0], of_kind, places)
            if not of_kind:
                named = _either(asked, places) or _unknown(asked, places)
            elif (
                named.row >= 0
                and not is_missing(admin2 or admin1)
                and not _lies_in(places.place(named.row), (admin2, admin1))
            ):
                where = admin2 or admin1
                named = Named(
                    named.row,
                    named.candidates,
                    round(named.confidence * 0.7, 2),
                    f'"{asked[0]}" is not known to lie in {where}',
                )
            found[asked] = named
    return found


def _of_kind(
    name: str, candidates: Sequence[Candidate], country: str, places: Gazetteer
) -> Sequence[Candidate]:
    """Leave out the town of Aden for the Gulf of Aden, which lies in no country."""
    kinds = physical(name)
    if not kinds:
        return candidates
    some = [one for one in candidates if one.place.feature[0] in kinds or one.match == "exact"]
    if some or not country:
        return some or candidates
    return [
        one
        for one in places.find(name, limit=LOOKED_AT)
        if one.place.feature[0] in kinds and one.place.country in ("", country)
    ]


def _lies_in(place: Place, divisions: tuple[str, str]) -> bool:
    from gazetteer import normalize

    own = {normalize(name) for name in (place.name, place.admin1, place.admin2)}
    return any(normalize(name) in own for name in divisions if name)


def decide(name: str, candidates: Sequence[Candidate], places: Gazetteer) -> Named:
    """Take the one place a name means, if its readings do not rival each other.

    Of a town and the district around it that bear one name, the town is taken unless the name says
    "district": the difference is within the district's radius.
    """
    if not candidates:
        return Named()
    if places.is_ambiguous(candidates) and places.is_ambiguous(_by_own_name(name, candidates)):
        warning = f'"{name}" may be {_listed(candidates)}: none is chosen, add a district or coordinates'
        return Named(-1, tuple(candidates), 0.0, warning)
    from gazetteer.ranking import nested

    best = candidates[0]
    same = [c for c in candidates if nested(best, c)]
    towns = [c for c in same if c.place.feature.startswith("P") and c.score >= 0.2 * best.score]
    place = (towns or [best])[0].place
    precision = precision_of(place.feature, place.radius_km)
    warning = ""
    if precision in {"district", "region", "country"} and place.radius_km > WIDE_KM:
        warning = f"{place.label} is a {precision}: shown at its middle, {place.radius_km:.0f} km around"
    row = places.store.row_of(place.id)
    return Named(row, tuple(candidates), min(SURE, round(sum(c.score for c in same), 2)), warning)


def _by_own_name(name: str, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Leave out readings that bear a name only beside their own, where it is the likeliest one's own.

    "Gəncə" is how Ganja is spelled where it lies; that it stands among the names of a smaller town elsewhere
    in the country, too, does not make it that town's. Of towns that share a name each keeps its claim.
    """
    from gazetteer.names import sound_key
    from gazetteer.ranking import nested

    best, sound = candidates[0], sound_key(name)
    if sound_key(best.place.name) != sound:
        return candidates
    same = sum(one.score for one in candidates if nested(best, one))
    return [
        one
        for one in candidates
        if nested(best, one)
        or one.place.country != best.place.country
        or sound_key(one.place.name) == sound
        or one.score * OUTWEIGHED > same
    ]


def of_division(named: Named, name: str, places: Gazetteer) -> Named:
    """Take the division of a name rather than its town, where a row tells the division alone."""
    from gazetteer import normalize

    if named.row < 0 or places.feature_class[named.row] != "P":
        return named
    for column in (places.admin2_row, places.admin1_row):
        around = int(column[named.row])
        if around >= 0 and normalize(places.name(around)) == normalize(name):
            place = places.place(around)
            return replace(named, row=around, warning=_middle_of(place))
    bearers = [one.place for one in named.candidates if one.match in ("exact", "folded")]
    if found := next((place for place in bearers if place.feature.startswith("A")), None):
        return replace(named, row=places.store.row_of(found.id), warning=_middle_of(found))
    return named


def _middle_of(place: Place) -> str:
    return f"{place.label} is named, no place in it: shown at its middle, {place.radius_km:.0f} km around"


def physical(name: str) -> tuple[str, ...]:
    """Classes of what a name says it is by nature ("Gulf of Aden" a water); none for other names."""
    from gazetteer.names import strip_generic

    found = strip_generic(name)
    return found.classes if found and not LIVED_IN.intersection(found.classes) else ()


def _listed(candidates: Sequence[Candidate]) -> str:
    """Name the likelier candidates."""
    labels = list(dict.fromkeys(c.place.label for c in candidates if c.score >= 0.01))
    labels = labels or [candidates[0].place.label]
    return "; ".join(labels[:4]) + (f" and {len(labels) - 4} more" if len(labels) > 4 else "")


def _either(asked: Asked, places: Gazetteer) -> Named | None:
    """Read a cell that gives both names of a place, "Khankendi / Stepanakert"; None where it is none."""
    names = [name for name in re.split(r"\s*[/()]\s*|\s+(?:aka|a\.k\.a\.)\s+", asked[0]) if name]
    if len(names) < 2:
        return None
    meant = [
        decide(name, places.find(name, country=asked[3] or None, limit=LOOKED_AT), places) for name in names
    ]
    known = [one for one in meant if one.row >= 0]
    if len({one.row for one in known}) != 1:
        return None
    unknown = [name for name, one in zip(names, meant, strict=True) if one.row < 0]
    warning = (
        f'"{" / ".join(unknown)}" of "{asked[0]}" is not known: placed by the other name' if unknown else ""
    )
    return replace(known[0], warning=warning)


def _around(asked: Asked, places: Gazetteer) -> Named | None:
    """Take the division that a row gives for a name that nobody knows; None where there is none."""
    name, admin2, admin1, country = asked
    for division, within, precision in ((admin2, admin1, "district"), (admin1, "", "region")):
        if is_missing(division) or division == name:
            continue
        key = (division, "", within, country)
        found = of_division(look_up({key}, places)[key], division, places)
        if found.row >= 0 and not found.instead:
            label = places.place(found.row).label
            warning = f'"{name}" is not known: shown at {label}, the {precision} of its row'
            return Named(found.row, (), round(found.confidence * 0.7, 2), warning, instead=precision)
    return None


def _unknown(asked: Asked, places: Gazetteer) -> Named:
    """Say what can be said of a name the gazetteer does not have."""
    name, _, _, country = asked
    elsewhere = places.find(name, limit=SHOWN) if country else []
    if elsewhere and elsewhere[0].match in ("exact", "folded"):
        warning = f'"{name}" is not known in {country}, but as {_listed(elsewhere)}: none is chosen'
        return Named(-1, tuple(elsewhere), warning=warning)
    if close := places.find(name, country=country or None, fuzzy=True, limit=SHOWN):
        warning = f'"{name}" is not known; it may be misspelt for {_listed(close)}: none is chosen'
        return Named(-1, tuple(close), warning=warning)
    if around := _around(asked, places):
        return around
    where = f" in {country}" if country else ""
    return Named(error=f'"{name}" is not a place known{where}, and there are no coordinates')
