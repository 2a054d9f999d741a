"""The gazetteer as a geopy geocoder: same calls, same errors, no server and no rate limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer.gazetteer import Gazetteer
from gazetteer.place import Candidate, Place
from gazetteer.ranking import is_ambiguous

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
        self._answers: dict[tuple[str, str, bool], Location | list[Location] | None] = {}

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
        timeout: object = DEFAULT_SENTINEL,  # noqa: ARG002 - nothing to wait for
        limit: int | None = None,
        language: str | None = None,
        country_codes: str | Sequence[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
        fuzzy: bool = False,
    ) -> Location | list[Location] | None:
        """Find a place by name.

        Parameters
        ----------
        query : str or mapping
            A name, with what it lies in after commas; or parts: ``{"city": "Paris", "state": "Texas"}``.
        exactly_one : bool, default True
            One `geopy.location.Location`, or None where the name is unknown or ambiguous; else a list.
        limit : int, optional
            Most locations to list, 10 by default.
        language : str, optional
            ISO 639-1 code of the language to name the place in, where its name is known.
        country_codes : str or sequence of str, optional
            ISO codes or names of countries to look in.
        viewbox : two points, optional
            Corners as geopy reads points (latitude first), degrees; places near its middle are preferred.
        bounded : bool, default False
            Only places inside the viewbox.
        fuzzy : bool, default False
            Also look for misspelt names.

        Returns
        -------
        geopy.location.Location, list of them, or None
            ``raw`` holds the place with ``score``, ``match``, ``why`` and ``ambiguous``.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is empty, or a country or the viewbox makes no sense.
        """
        name, country = self._parts(query)
        codes = self._countries(country_codes, country)
        box = self._viewbox(viewbox)
        near = None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        found: list[Candidate] = []
        for code in codes or (None,):
            found += self.gazetteer.find(
                name, country=code, near=near, fuzzy=fuzzy, limit=max(limit or 10, 10)
            )
        if len(codes) > 1:  # scores of several countries are shares of several wholes
            found = sorted(found, key=lambda c: (-c.score, -(c.place.population or 0), c.place.id))
            found = [Candidate(c.place, c.score / len(codes), c.match, c.why) for c in found]
        if box is not None and bounded:
            found = [c for c in found if box[0] <= c.place.lat <= box[2] and box[1] <= c.place.lon <= box[3]]
        if not found:
            return self._elsewhere("geocode", query, exactly_one)
        ambiguous = is_ambiguous(found)
        locations = [self._location(c.place, language, ambiguous, c) for c in found[: limit or 10]]
        if not exactly_one:
            return locations
        return locations[0] if self.guess or not ambiguous else None

    def reverse(
        self,
        query: Point | Sequence[float] | str,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,  # noqa: ARG002 - nothing to wait for
        limit: int | None = None,
        language: str | None = None,
        within_km: float = 100.0,
    ) -> Location | list[Location] | None:
        """Find the settlements nearest to a point, with the distance and the divisions around them.

        Parameters
        ----------
        query : geopy.point.Point, (lat, lon) or str
            Degrees, latitude first.
        within_km : float, default 100
            Farther settlements are no answer: None is.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is not a point.
        """
        try:
            point = Point(query)
        except (ValueError, TypeError) as error:
            raise GeocoderQueryError(
                f"{query!r} is not a point: give latitude and longitude in degrees."
            ) from error
        count = 1 if exactly_one else (limit or 10)
        found = self.gazetteer.reverse(point.latitude, point.longitude, limit=count)
        near = [(place, km) for place, km in found if km <= within_km]
        if not near:
            return self._elsewhere("reverse", (point.latitude, point.longitude), exactly_one)
        locations = [self._location(place, language, False, distance_km=km) for place, km in near]
        return locations[0] if exactly_one else locations

    def _elsewhere(self, method: str, query: object, exactly_one: bool) -> Location | list[Location] | None:
        """Ask the fallback, if there is one and it was not asked before, and mark its answers."""
        if self.fallback is None:
            return None
        question = (method, repr(query), exactly_one)
        if question not in self._answers:
            answer = getattr(self.fallback, method)(query, exactly_one=exactly_one)
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

    def _location(
        self,
        place: Place,
        language: str | None,
        ambiguous: bool,
        candidate: Candidate | None = None,
        *,
        distance_km: float | None = None,
    ) -> Location:
        raw: dict[str, Any] = asdict(place)
        raw["names"] = {lang: list(names) for lang, names in place.names.items()}
        if candidate is not None:
            raw |= {"score": candidate.score, "match": candidate.match, "why": list(candidate.why)}
            raw["ambiguous"] = ambiguous
        if distance_km is not None:
            raw["distance_km"] = distance_km
        name = next(iter(place.names.get(language, ())), place.name) if language else place.name
        around = [p for p in (place.admin2, place.admin1) if p and p != place.name]
        country = self._country_name(place.country) if not place.feature.startswith("A.PCL") else ""
        address = ", ".join(dict.fromkeys(p for p in (name, *around, country) if p))
        return Location(address, Point(place.lat, place.lon), raw)

    def _country_name(self, code: str) -> str:
        row = self.gazetteer.store.row_of(f"country:{code}")
        return self.gazetteer.name(row) if row >= 0 else code
