"""A place as a geopy location: named in the reader's language, with the details that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.location import Location
from geopy.point import Point

from gazetteer.gazetteer import Gazetteer
from gazetteer.place import Place


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows beside the place."""

    languages: tuple[str, ...]
    geometry: str
    address: bool
    tags: bool
    names: bool

    @classmethod
    def of(
        cls, language: str | bool | None, geometry: str | None, address: bool, tags: bool, names: bool
    ) -> Shown:
        """Read the options of `LocalGeocoder.geocode`; GeocoderQueryError for a geometry not known."""
        kind = (geometry or "").lower()
        if kind not in ("", "wkt", "geojson"):
            raise GeocoderQueryError(f"{geometry!r} is no geometry given here: ask for wkt or geojson.")
        return cls(_languages(language), kind, address, tags, names)

    def location(self, gazetteer: Gazetteer, place: Place, extra: Mapping[str, Any]) -> Location:
        """Give a place as a location; `extra` joins its ``raw``."""
        raw: dict[str, Any] = asdict(place)
        raw["names"] = {lang: list(names) for lang, names in place.names.items()}
        raw |= extra
        named = (place.names[lang][0] for lang in self.languages if place.names.get(lang))
        name = next(named, place.name) if self.languages else place.name
        country = self._country_name(gazetteer, place.country) if place.country else ""
        around = [p for p in (place.admin2, place.admin1) if p and p != place.name]
        last = country if not place.feature.startswith("A.PCL") else ""
        address = ", ".join(dict.fromkeys(p for p in (name, *around, last) if p))
        if self.address:
            kind = "country" if place.feature.startswith("A.PCL") else _part_of(place)
            parts = {kind: name, "county": place.admin2, "state": place.admin1, "country": country,
                     "country_code": place.country.lower()}  # fmt: skip
            raw["address"] = {part: value for part, value in {**parts, kind: name}.items() if value}
        if self.tags:
            tags = {"population": place.population, "timezone": place.timezone, "note": place.note}
            raw["extratags"] = {tag: str(value) for tag, value in tags.items() if value}
        if self.names:
            raw["namedetails"] = {"name": place.name} | {
                f"name:{lang}" if lang else "alt_name": ";".join(names) for lang, names in place.names.items()
            }
        if self.geometry:
            import shapely

            outline = gazetteer.outline(gazetteer.row(place.id))
            shape = outline if outline is not None else shapely.Point(place.lon, place.lat)
            raw |= {"geotext": shape.wkt} if self.geometry == "wkt" else {
                "geojson": shapely.geometry.mapping(shape)
            }  # fmt: skip
        return Location(address, Point(place.lat, place.lon), raw)

    def _country_name(self, gazetteer: Gazetteer, code: str) -> str:
        row = gazetteer.store.row_of(f"country:{code}")
        if row < 0:
            return code
        names = gazetteer.place(row).names if self.languages else {}
        return next((names[lang][0] for lang in self.languages if names.get(lang)), gazetteer.name(row))


def _languages(accepted: str | bool | None) -> tuple[str, ...]:
    """Languages of an Accept-Language header (RFC 9110, 12.5.4), best first; each before what it narrows."""
    ranked: list[tuple[float, int, str]] = []
    for part in accepted.split(",") if isinstance(accepted, str) else ():
        lang, _, weight = part.partition(";q=")
        try:
            ranked.append((-float(weight or 1), len(ranked), lang.strip()))
        except ValueError:
            continue
    found = [lang for weight, _, lang in sorted(ranked) if lang and lang != "*" and weight < 0]
    return tuple(dict.fromkeys(tag for lang in found for tag in (lang, lang.split("-")[0].lower())))


def _part_of(place: Place) -> str:
    """Part of an address that a place is."""
    divisions = {"A.ADM1": "state", "A.ADM2": "county"}
    return divisions.get(place.feature, "city" if place.feature.startswith("P.") else "place")
