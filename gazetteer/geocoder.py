"""The gazetteer as a geopy geocoder: same calls, same errors, no server and no rate limit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer.gazetteer import Gazetteer
from gazetteer.locations import Shown
from gazetteer.place import Candidate, Place
from gazetteer.ranking import is_ambiguous

#: Parts of Nominatim's structured queries that are not known here: named in the answer, not looked up.
UNKNOWN_PARTS = ("street", "postalcode")
#: Options that narrow an answer: a fallback that does not take one that was given is not asked.
NARROWING = ("country_codes", "viewbox", "bounded", "featuretype")
#: What each value of ``featuretype`` lets through; after Nominatim, "settlement" is what people live in.
FEATURE_TYPES: dict[str, Callable[[str], bool]] = {
    "country": lambda feature: feature.startswith("A.PCL"),
    "state": lambda feature: feature == "A.ADM1",
    "city": lambda feature: feature.startswith("P."),
    "settlement": lambda feature: feature.startswith("P."),
}
#: Up to which zoom of Nominatim's `reverse` a country, a state and a county are the answer.
ZOOM_COUNTRY, ZOOM_STATE, ZOOM_COUNTY = 4, 7, 9
#: Parts of a structured query, from the finest to the coarsest; the first one given is looked up in the rest.
PARTS = (
    "name",
    "amenity",
    "village",
    "town",
    "city",
    "municipality",
    "county",
    "district",
    "state",
    "region",
)


class NotAPointError(GeocoderQueryError, ValueError):  # type: ignore[misc]
    """What was given as a point is none; geopy's own geocoders raise a ValueError."""


class LocalGeocoder(Geocoder):  # type: ignore[misc]
    """Geocode from the local gazetteer, with the calls of geopy.

    Works wherever geopy's geocoders do: ``geopandas.tools.geocode(names, provider=LocalGeocoder)``,
    ``geopy.extra.rate_limiter.RateLimiter(LocalGeocoder().geocode, min_delay_seconds=0)``.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        By default the bundled world with what the user added, opened at the first question.
    guess : bool, default False
        Whether to answer an ambiguous name ("Tripoli") with its best reading. By default it has no single
        answer; ``exactly_one=False`` lists all readings.
    fallback : geopy.geocoders.base.Geocoder, optional
        Asked, once for each question, for names and points that the gazetteer does not know. By default
        there is none and nothing is ever sent anywhere. Its answers say so: ``raw["fallback"]`` holds the
        geocoder's name. What it raises is passed on.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        guess: bool = False,
        fallback: Geocoder | None = None,
        scheme: str | None = None,
        timeout: object = DEFAULT_SENTINEL,
        proxies: object = DEFAULT_SENTINEL,
        user_agent: str | None = None,
        ssl_context: object = DEFAULT_SENTINEL,
        adapter_factory: object = None,
    ) -> None:
        super().__init__(
            scheme=scheme,
            timeout=timeout,
            proxies=proxies,
            user_agent=user_agent or "dateline",
            ssl_context=ssl_context,
            adapter_factory=adapter_factory,
        )
        self._gazetteer = gazetteer
        self.guess = guess
        self.fallback = fallback
        self._answers: dict[str, Location | list[Location] | None] = {}

    @property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer that answers."""
        if self._gazetteer is None:
            self._gazetteer = Gazetteer.load()
        return self._gazetteer

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        limit: int | None = None,
        addressdetails: bool = False,
        language: str | bool | None = None,
        geometry: str | None = None,
        extratags: bool = False,
        country_codes: str | Sequence[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
        featuretype: str | None = None,
        namedetails: bool = False,
        fuzzy: bool = False,
    ) -> Location | list[Location] | None:
        """Find a place by name; the signature is that of `geopy.geocoders.Nominatim.geocode`.

        Parameters
        ----------
        query : str or mapping
            A name, with what it lies in after commas; or parts: ``{"city": "Paris", "state": "Texas"}``.
            Streets and postal codes are not known: ``raw["ignored"]`` names those that were given.
        exactly_one : bool, default True
            One `geopy.location.Location`, or None where the name is unknown or ambiguous; else a list.
        timeout : float, optional
            Seconds, for the fallback; the gazetteer waits for nothing.
        limit : int, optional
            Most locations to list, 10 by default.
        addressdetails : bool, default False
            Put ``raw["address"]``: the place, ``county``, ``state``, ``country`` and ``country_code``.
        language : str, optional
            Languages to name the place in, best first, as in the header Accept-Language ("hy, ru;q=0.8").
        geometry : {"wkt", "geojson"}, optional
            Put the outline, or the point where none is known, as ``raw["geotext"]`` or ``raw["geojson"]``
            (longitude, latitude; degrees, EPSG:4326).
        extratags : bool, default False
            Put ``raw["extratags"]``: population, time zone, note and source.
        country_codes : str or sequence of str, optional
            ISO codes or names of countries to look in.
        viewbox : two points, optional
            Corners as geopy reads points (latitude first), degrees; places near its middle are preferred.
        bounded : bool, default False
            Only places inside the viewbox.
        featuretype : {"country", "state", "city", "settlement"}, optional
            Only places of that kind.
        namedetails : bool, default False
            Put ``raw["namedetails"]``: ``name``, and ``name:de`` and the like.
        fuzzy : bool, default False
            Also look for misspelt names.

        Returns
        -------
        geopy.location.Location, list of them, or None
            ``raw`` holds the place with ``score``, ``match``, ``why`` and ``ambiguous``.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is empty, or a country, the viewbox, the geometry or the kind of feature makes no
            sense.
        ValueError
            If the limit is below 1.
        """
        count = _limit(limit)
        shown = Shown.of(language, geometry, addressdetails, extratags, namedetails)
        if featuretype is not None and featuretype not in FEATURE_TYPES:
            raise GeocoderQueryError(
                f"{featuretype!r} is no kind of feature: give one of {', '.join(FEATURE_TYPES)}."
            )
        name, country = self._parts(query)
        codes = self._countries(country_codes, country)
        box = self._viewbox(viewbox)
        near = None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        narrowed = bool(featuretype) or (box is not None and bounded)
        found: list[Candidate] = []
        for code in codes or (None,):
            found += self.gazetteer.find(
                name, country=code, near=near, fuzzy=fuzzy, limit=1000 if narrowed else max(count, 10)
            )
        if len(codes) > 1:  # scores of several countries are shares of several wholes
            found = sorted(found, key=lambda c: (-c.score, -(c.place.population or 0), c.place.id))
            found = [Candidate(c.place, c.score / len(codes), c.match, c.why) for c in found]
        if box is not None and bounded:
            found = [c for c in found if box[0] <= c.place.lat <= box[2] and box[1] <= c.place.lon <= box[3]]
        if featuretype:
            found = [c for c in found if FEATURE_TYPES[featuretype](c.place.feature)]
        if narrowed and (whole := sum(c.score for c in found)):  # shares of what is left
            found = [Candidate(c.place, int(c.score / whole * 1e4) / 1e4, c.match, c.why) for c in found]
        if not found:
            options = {
                "timeout": timeout, "limit": limit, "language": language, "country_codes": codes or None,
                "viewbox": viewbox, "bounded": bounded, "featuretype": featuretype, "geometry": geometry,
                "addressdetails": addressdetails, "extratags": extratags, "namedetails": namedetails,
            }  # fmt: skip
            return self._elsewhere("geocode", query, exactly_one, options)
        ambiguous = is_ambiguous(found)
        extra: dict[str, Any] = {"ambiguous": ambiguous}
        if isinstance(query, Mapping) and (ignored := [p for p in UNKNOWN_PARTS if query.get(p)]):
            extra["ignored"] = ignored
        locations = [
            shown.location(
                self.gazetteer,
                c.place,
                {"score": c.score, "match": c.match, "why": list(c.why), **extra},
            )
            for c in found[:count]
        ]
        if not exactly_one:
            return locations
        return locations[0] if self.guess or not ambiguous else None

    def reverse(
        self,
        query: Point | Sequence[float] | str,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        language: str | bool | None = None,
        addressdetails: bool = True,
        zoom: int | None = None,
        namedetails: bool = False,
        limit: int | None = None,
        within_km: float = 100.0,
    ) -> Location | list[Location] | None:
        """Find the settlements nearest to a point, with the distance and the divisions around them.

        The signature is that of `geopy.geocoders.Nominatim.reverse`, with `limit` and `within_km` besides.

        Parameters
        ----------
        query : geopy.point.Point, (lat, lon) or str
            Degrees, latitude first.
        exactly_one : bool, default True
            One location; else a list of the nearest ones, nearest first.
        language, namedetails, timeout
            As for `geocode`.
        addressdetails : bool, default True
            Put ``raw["address"]``, the chain of divisions.
        zoom : int, optional
            0 to 18: up to 4 the country of the nearest settlement is the answer, up to 7 its first-level, up
            to 9 its second-level division, where known; else the settlement itself.
        limit : int, optional
            Most locations to list, 10 by default.
        within_km : float, default 100
            Farther settlements are no answer: None is.

        Returns
        -------
        geopy.location.Location, list of them, or None
            ``raw["distance_km"]`` is the distance from the point to the settlement.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is not a point; it is a ValueError too, as geopy's own is.
        """
        try:
            point = Point(query)
        except (ValueError, TypeError) as error:
            raise NotAPointError(
                f"{query!r} is not a point: give latitude and longitude in degrees."
            ) from error
        shown = Shown.of(language, None, addressdetails, False, namedetails)
        found = self.gazetteer.reverse(
            point.latitude, point.longitude, limit=1 if exactly_one else _limit(limit)
        )
        near = [(place, km) for place, km in found if km <= within_km]
        if not near:
            options = {
                "timeout": timeout, "language": language, "zoom": zoom, "namedetails": namedetails,
            }  # fmt: skip
            return self._elsewhere("reverse", (point.latitude, point.longitude), exactly_one, options)
        locations = [
            shown.location(self.gazetteer, self._around(place, zoom), {"distance_km": km})
            for place, km in near
        ]
        unique = list({location.raw["id"]: location for location in reversed(locations)}.values())[::-1]
        return unique[0] if exactly_one else unique

    def _around(self, place: Place, zoom: int | None) -> Place:
        """Give the division or country around a place that a zoom asks for, the place where none is known."""
        if zoom is None or zoom > ZOOM_COUNTY:
            return place
        g = self.gazetteer
        row = g.row(place.id)
        country = g.store.row_of(f"country:{place.country}")
        chain = (country, int(g.admin1_row[row]), int(g.admin2_row[row]))
        finest = 0 if zoom <= ZOOM_COUNTRY else 1 if zoom <= ZOOM_STATE else 2
        return next((g.place(r) for r in reversed(chain[: finest + 1]) if r >= 0), place)

    def _elsewhere(
        self, method: str, query: object, exactly_one: bool, options: Mapping[str, Any]
    ) -> Location | list[Location] | None:
        """Ask the fallback, if there is one and it was not asked before, and mark its answers."""
        if self.fallback is None:
            return None
        ask = getattr(self.fallback, method)
        taken = inspect.signature(ask).parameters
        given = {name: value for name, value in options.items() if value and value is not DEFAULT_SENTINEL}
        if any(name in given and name not in taken for name in NARROWING):
            return None  # its answer would not be to the question
        given = {name: value for name, value in given.items() if name in taken}
        question = repr((method, query, exactly_one, sorted(given.items(), key=lambda item: item[0])))
        if question not in self._answers:
            answer = ask(query, exactly_one=exactly_one, **given)
            name = type(self.fallback).__name__
            listed = [answer] if isinstance(answer, Location) else answer or []
            marked = [
                Location(one.address, one.point, {**one.raw, "fallback": name} if isinstance(one.raw, dict)
                         else {"raw": one.raw, "fallback": name})
                for one in listed
            ]  # fmt: skip
            self._answers[question] = (marked[0] if exactly_one else marked) if marked else None
        return self._answers[question]

    def _parts(self, query: str | Mapping[str, str]) -> tuple[str, str]:
        """Name with what it lies in, and the country of a structured query."""
        if isinstance(query, Mapping):
            parts = [str(query[key]).strip() for key in PARTS if str(query.get(key) or "").strip()]
            country = str(query.get("country") or query.get("countrycode") or "").strip()
            name = ", ".join(parts) or country
        else:
            name, country = str(query).strip() if query is not None else "", ""
        if not name:
            raise GeocoderQueryError("The query is empty: give the name of a place.")
        return name, country

    def _countries(self, country_codes: str | Sequence[str] | None, country: str) -> list[str]:
        asked = country_codes.split(",") if isinstance(country_codes, str) else list(country_codes or [])
        codes = []
        for name in [*asked, *([country] if country else [])]:
            code = self.gazetteer.country_code(name)
            if not code:
                raise GeocoderQueryError(
                    f"{name.strip()!r} is no country known here: give its ISO 3166-1 code."
                )
            codes.append(code)
        return list(dict.fromkeys(codes))

    @staticmethod
    def _viewbox(viewbox: Sequence[Any] | None) -> tuple[float, float, float, float] | None:
        """South, west, north, east in degrees."""
        if viewbox is None:
            return None
        try:
            one, two = (Point(corner) for corner in viewbox)
        except (ValueError, TypeError) as error:
            raise GeocoderQueryError("The viewbox must be two points, latitude before longitude.") from error
        lats, lons = sorted((one.latitude, two.latitude)), sorted((one.longitude, two.longitude))
        return lats[0], lons[0], lats[1], lons[1]


def _limit(limit: int | None) -> int:
    count = 10 if limit is None else int(limit)
    if count < 1:
        raise ValueError("The limit is below 1: ask for one location or more.")
    return count
