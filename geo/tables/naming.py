"""What the place names of a table mean: one place, or several to choose from; never a guess."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distances_km
from geo.factors import Array
from geo.frame import precision_of
from geo.tables.lands import Lands
from geo.tables.sure import WIDE_KM, Asked, settle
from geo.tables.words import is_missing, words

if TYPE_CHECKING:
    from gazetteer import Candidate, Gazetteer, Place

#: How far around a place "near" reaches, in km.
VICINITY_KM = 10.0
#: Candidates looked at for one name, and shown for it.
LOOKED_AT, SHOWN = 40, 10

#: Points other than the gazetteer's by which geocoders give a whole country.
MIDDLES = Path(__file__).parents[1] / "data" / "middles.csv"

#: "5 km north of ...", "ca. 12,5 km from ...".
DISTANCE = re.compile(
    r"(?:(?:about|some|approx\.?|ca?\.|~)\s*)?(?P<km>\d+(?:[.,]\d+)?)\s*(?:km|kilomet(?:er|re)s?|км)\b"
    r"[\w\s-]*?\b(?:of|from|от|de)\s+(?P<name>\S.*)",
    re.IGNORECASE,
)

#: Classes of places that people live in or made: divisions, settlements, spots.
LIVED_IN = frozenset("APS")
#: So many times a rival is outweighed that bears a name only beside its own.
OUTWEIGHED = 2
#: Confidence in a name with nothing against it.
SURE = 0.95


#: What is asked for a row, how far around it words such as "near" reach in km, whether it is a division.
Read = tuple[Asked, float | None, bool]


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: one place, or candidates, with what must be said of it.

    Attributes
    ----------
    row : int
        Row of the one place in the gazetteer; -1 for none.
    """

    row: int = -1
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    warning: str = ""
    error: str = ""


class Directory:
    """A gazetteer as a table asks it: each question is answered once, however many parts of a table ask it.

    Parameters
    ----------
    places : Gazetteer
    """

    #: Coordinates within this many km of a point that stands for a whole country are that point.
    MIDDLE_KM = 2.0
    #: So many answers are remembered.
    MOST = 200_000

    def __init__(self, places: Gazetteer) -> None:
        self.places, self.lands = places, Lands(places)
        #: What is asked for cells of place, districts and country, as `geo.tables.placing` reads them.
        self.read: dict[tuple[str, str, str, str], Read] = {}
        self._countries: dict[str, str] = {}
        self._named: dict[Asked, Named] = {}
        self._settled: dict[Asked, Named] = {}
        self._spans: dict[Asked, tuple[int, int]] = {}
        self._rows = np.zeros(0, np.int64)
        self._texts: dict[int, tuple[str, str, float]] = {}

    def country(self, name: str) -> str:
        """Code of a country; of "Myanmar (Burma)" and "Bahamas, The" by the parts, the first one first."""
        if name not in self._countries:
            parts = [part.strip() for part in re.split(r"[(),]", name) if part.strip()]
            codes = (self.places.country_code(part) for part in (name, *parts))
            self._countries[name] = "" if is_missing(name) else next(filter(None, codes), "")
        return self._countries[name]

    def look_up(self, wanted: set[Asked]) -> Mapping[Asked, Named]:
        """Give what each name means, with all that it may mean."""
        if len(self._named) > self.MOST:
            self._named.clear()
        if fresh := wanted - self._named.keys():
            self._named |= look_up(fresh, self.places)
        return self._named

    def settle(self, wanted: set[Asked]) -> Mapping[Asked, Named]:
        """Give what each name means; what it may mean besides only where nothing is settled."""
        if len(self._settled) > self.MOST:
            self._settled.clear()
        if fresh := sorted(wanted - self._settled.keys()):
            rows = settle(fresh, self.places).tolist()
            sure = {
                one: Named(row, confidence=SURE) for one, row in zip(fresh, rows, strict=True) if row >= 0
            }
            self._settled |= sure
            self._settled |= look_up(set(fresh) - sure.keys(), self.places)
        return self._settled

    def namesakes(self, asked: Sequence[Asked]) -> tuple[Array, Array, Array]:
        """Give all places that bear the names, in the countries stated, whatever division is said.

        Returns
        -------
        starts, counts : ndarray of int64
            Where the places of each name are in `rows`.
        rows : ndarray of int64
            Rows of the gazetteer.
        """
        if len(self._spans) > self.MOST:
            self._spans.clear()
            self._rows = self._rows[:0]
        if fresh := [one for one in dict.fromkeys(asked) if one not in self._spans]:
            starts, rows = namesakes(fresh, self.places)
            begin = (starts + len(self._rows)).tolist()
            self._spans |= zip(fresh, pairwise(begin), strict=True)
            self._rows = np.concatenate([self._rows, rows])
        spans = np.array([self._spans[one] for one in asked], np.int64).reshape(-1, 2)
        return spans[:, 0], spans[:, 1] - spans[:, 0], self._rows

    def texts(self, rows: Array) -> tuple[list[str], list[str], Array]:
        """Ids, precisions and radii in km of rows of the gazetteer."""
        places, known = self.places, self._texts
        for row in rows.tolist():
            if row not in known:
                radius = round(float(places.radius_km[row]), 3)
                kind = precision_of(places.feature_codes[places.feature[row]], radius)
                known[row] = places.store.ident(row), kind, radius
        told = [known[row] for row in rows.tolist()]
        return (
            [one[0] for one in told],
            [one[1] for one in told],
            np.array([one[2] for one in told], "float64"),
        )

    @cached_property
    def is_division(self) -> Array:
        """Mask of the gazetteer's divisions and countries."""
        return np.asarray(self.places.feature_class == "A")

    @cached_property
    def _middles(self) -> tuple[Array, Array, Array]:
        """Points that stand for whole countries: those of the gazetteer, and others that are in use."""
        whole = np.array([code.startswith("A.PCL") for code in self.places.feature_codes])
        at = np.flatnonzero(whole[np.asarray(self.places.feature)])
        with MIDDLES.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(line for line in file if line[0] != "#"))
        lat = np.concatenate([self.places.lat[at], [float(row["lat"]) for row in rows]])
        lon = np.concatenate([self.places.lon[at], [float(row["lon"]) for row in rows]])
        return lat, lon, np.concatenate([self.places.country[at], [row["country"] for row in rows]])

    def middle_of(self, lat: Array, lon: Array) -> Array:
        """Codes of the countries for which points stand as a whole, ``""`` for most points."""
        found = np.full(len(lat), "", dtype="<U2")
        if not len(lat):
            return found
        middle_lat, middle_lon, country = self._middles
        order = np.argsort(middle_lat)
        # In a band as high as the circle there are few middles: most points are done with here.
        reach = self.MIDDLE_KM / 111.0
        first = np.searchsorted(middle_lat[order], lat - reach)
        last = np.searchsorted(middle_lat[order], lat + reach)
        for step in range(int((last - first).max())):
            some = np.flatnonzero(first + step < last)
            at = order[first[some] + step]
            some, at = some[close := np.abs(lon[some] - middle_lon[at]) < 1], at[close]
            close = distances_km(lat[some], lon[some], middle_lat[at], middle_lon[at]) <= self.MIDDLE_KM
            found[some[close]] = country[at[close]]
        return found

    def name_of(self, country: str) -> str:
        """Give a country's name by its code."""
        found = self.places.find(country, country=country, limit=1)
        return found[0].place.name if found else country


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


def namesakes(asked: Sequence[Asked], places: Gazetteer) -> tuple[Array, Array]:
    """All places that bear the names, in the countries stated, whatever division they are said to lie in.

    Returns
    -------
    starts : ndarray of int64
        Where the places of each name begin in `rows`; one more than there are names.
    rows : ndarray of int64
        Rows of the gazetteer.
    """
    from gazetteer.hits import hits_all
    from gazetteer.names import may_strip, normalize_all, strip_generic

    whole = [one[0].partition(",")[0].strip() or one[0] for one in asked]
    bare = [
        (at, found)
        for at, (name, fold) in enumerate(zip(whole, normalize_all(whole), strict=True))
        if may_strip(fold) and (found := strip_generic(name, fold))
    ]
    natural = np.array([not LIVED_IN.intersection(found.classes) for _, found in bare], bool)
    owners = np.concatenate([np.arange(len(whole)), np.array([at for at, _ in bare], np.int64)])
    hits = hits_all(places, [*whole, *(found.name for _, found in bare)])
    found_rows, numbers = hits.rows.astype(np.int64), owners[hits.owner]
    country = np.array([one[3] for one in asked], dtype="<U2")[numbers]
    # Seas lie in no country; without its generic word the name of one is that of some other place.
    fits = (country == "") | (places.country[found_rows] == country) | (places.country[found_rows] == "")
    bare_hit = hits.owner >= len(whole)
    fits[bare_hit] &= ~natural[hits.owner[bare_hit] - len(whole)] if len(bare) else True
    pairs = np.unique(np.stack([numbers[fits], found_rows[fits]], axis=1), axis=0).reshape(-1, 2)
    return np.searchsorted(pairs[:, 0], np.arange(len(asked) + 1)), pairs[:, 1]


def _lies_in(place: Place, divisions: tuple[str, str]) -> bool:
    from gazetteer import normalize

    own = {normalize(name) for name in (place.name, place.admin1, place.admin2)}
    return any(normalize(name) in own for name in divisions if name)


@lru_cache(maxsize=100_000)
def vague(text: str) -> tuple[str, float | None]:
    """Take apart a name and words such as "near" or "5 km north of" before it.

    Returns
    -------
    name, radius_km : str, float or None
        How far around the place the words reach; None where there are none.
    """
    if found := DISTANCE.match(text):
        return found["name"], max(VICINITY_KM, float(found["km"].replace(",", ".")) + 2)
    if found := words()["near"].match(text):
        return text[found.end() :].strip(), VICINITY_KM
    return text, None


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
    where = f" in {country}" if country else ""
    return Named(error=f'"{name}" is not a place known{where}, and there are no coordinates')
