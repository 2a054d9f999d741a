"""The geopy geocoder over the gazetteer."""

import inspect

import pytest
from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer import LocalGeocoder


@pytest.fixture
def geocoder(places):
    return LocalGeocoder(places)


def test_geocode(geocoder):
    baku = geocoder.geocode("Baku")
    assert (round(baku.latitude, 2), round(baku.longitude, 2)) == (40.38, 49.89)
    assert baku.address == "Baku, Azerbaijan"
    assert baku.raw["id"] == "geonames:587084"
    assert baku.raw["why"]


def test_an_ambiguous_name_has_no_single_answer(geocoder, places):
    assert geocoder.geocode("Tripoli") is None
    listed = geocoder.geocode("Tripoli", exactly_one=False, limit=3)
    assert len(listed) == 3
    assert listed[0].raw["ambiguous"]
    assert LocalGeocoder(places, guess=True).geocode("Tripoli").raw["country"] == "LY"


def test_countries_parts_and_boxes(geocoder):
    assert geocoder.geocode("Tripoli", country_codes="ly").raw["id"] == "geonames:2210247"
    assert geocoder.geocode("Tripoli", country_codes=["LB"]).raw["id"] == "geonames:266826"
    assert geocoder.geocode({"city": "Paris", "state": "Texas"}).raw["id"] == "geonames:4717560"
    assert geocoder.geocode({"country": "Armenia"}).raw["id"] == "geonames:174982"
    assert geocoder.geocode({"city": "Tripoli", "country": "Greece"}).raw["id"] == "geonames:252601"
    box = [(38, -91), (41, -88)]
    inside = geocoder.geocode("Springfield", viewbox=box, bounded=True, exactly_one=False)
    assert [location.raw["id"] for location in inside] == ["geonames:4250542"]
    assert geocoder.geocode("Springfield", viewbox=[(0, 0), (1, 1)], bounded=True) is None
    assert len(geocoder.geocode("Tripoli", country_codes="ly,lb", exactly_one=False)) > 2


def test_languages(geocoder):
    assert geocoder.geocode("Zaylik, Kalbajar", language="az").address.startswith("Zəylik")


def test_reverse(geocoder):
    found = geocoder.reverse((40.0209, 45.9341))
    assert found.raw["id"] == "geonames:584572"
    assert found.raw["distance_km"] < 0.1
    assert "Kalbajar" in found.address
    assert geocoder.reverse((0.0, -30.0)) is None
    assert len(geocoder.reverse("40.4, 49.8", exactly_one=False, limit=4)) == 4


@pytest.mark.parametrize(
    ("query", "options"),
    [("", {}), ("  ", {}), ({}, {}), ("Baku", {"country_codes": "zz"}), ("Baku", {"viewbox": [1]})],
)
def test_senseless_questions_are_query_errors(geocoder, query, options):
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(query, **options)
    with pytest.raises(GeocoderQueryError):
        geocoder.reverse("not a point")


def test_unknown_names_have_no_answer(geocoder):
    assert geocoder.geocode("Xqzzynowhere") is None


def test_it_works_where_geopy_geocoders_do(geocoder):
    from geopandas import GeoSeries
    from geopandas.tools import geocode, reverse_geocode
    from shapely.geometry import Point

    frame = geocode(["Baku", "Tripoli", "Xqzzynowhere"], provider=LocalGeocoder)
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.is_empty.tolist() == [False, True, True]
    back = reverse_geocode(GeoSeries([Point(45.9341, 40.0209)]), provider=LocalGeocoder)
    assert back.address[0].startswith("Zaylik")
    assert RateLimiter(geocoder.geocode, min_delay_seconds=0)("Yerevan").raw["country"] == "AM"


class Elsewhere(Geocoder):
    """A geocoder that knows one place, and counts what it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def geocode(self, query, *, exactly_one=True):
        self.asked.append(query)
        if query != "Xqzzynowhere":
            return None
        found = Location("Xqzzynowhere, Elsewhere", Point(1, 2), {"osm_id": 7})
        return found if exactly_one else [found]

    def reverse(self, query, *, exactly_one=True):
        self.asked.append(query)
        found = Location("High seas", Point(*query), {})
        return found if exactly_one else [found]


def test_a_fallback_is_asked_once_and_only_for_what_is_not_known(places):
    other = Elsewhere()
    geocoder = LocalGeocoder(places, fallback=other)
    assert "fallback" not in geocoder.geocode("Baku").raw
    assert geocoder.geocode("Tripoli") is None  # known, and ambiguous: nobody else decides that
    assert other.asked == []
    for _ in range(2):
        found = geocoder.geocode("Xqzzynowhere")
        assert (found.raw, found.latitude) == ({"osm_id": 7, "fallback": "Elsewhere"}, 1)
        assert geocoder.geocode("Xqzzynowhere", exactly_one=False)[0].raw["fallback"] == "Elsewhere"
        assert geocoder.geocode("Qqxxqznowhere") is None
        assert geocoder.reverse((0.0, -30.0)).raw == {"fallback": "Elsewhere"}
    assert len(other.asked) == 4
    assert LocalGeocoder().fallback is None


def test_the_signatures_are_those_of_nominatim():
    for method in ("geocode", "reverse"):
        ours = inspect.signature(getattr(LocalGeocoder, method)).parameters
        for name, parameter in inspect.signature(getattr(Nominatim, method)).parameters.items():
            assert ours[name].kind == parameter.kind, (method, name)
            assert bool(ours[name].default) == bool(parameter.default), (method, name)


def test_details_are_given_where_asked_for(geocoder):
    plain = geocoder.geocode("Lachin, Azerbaijan")
    assert not {"address", "namedetails", "extratags", "geotext", "geojson"} & set(plain.raw)
    full = geocoder.geocode(
        "Yerevan",
        addressdetails=True,
        namedetails=True,
        extratags=True,
        geometry="geojson",
        language="hy",
    )
    assert full.raw["address"]["country_code"] == "am"
    assert full.raw["namedetails"]["name"] == "Yerevan"
    assert full.raw["extratags"]["timezone"] == "Asia/Yerevan"
    assert full.raw["geojson"]["coordinates"] == (full.longitude, full.latitude)
    assert geocoder.geocode("Yerevan", geometry="WKT").raw["geotext"].startswith("POINT (44.")
    with pytest.raises(GeocoderQueryError, match="geometry"):
        geocoder.geocode("Yerevan", geometry="dxf")


def test_languages_come_as_in_a_header(geocoder):
    assert geocoder.geocode("Azerbaijan", language="xx, de-AT;q=0.9, ru;q=0.8").address == "Aserbaidschan"
    assert geocoder.geocode("Baku", language=False).address == "Baku, Azerbaijan"


def test_kinds_of_feature_and_limits(geocoder):
    assert geocoder.geocode("Georgia", featuretype="country").raw["country"] == "GE"
    assert geocoder.geocode("Georgia", featuretype="state").raw["country"] == "US"
    assert geocoder.geocode("Donetsk", featuretype="settlement", country_codes="UA").raw["feature"][0] == "P"
    assert len(geocoder.geocode("Paris", exactly_one=False, limit=1)) == 1
    with pytest.raises(ValueError, match="limit"):
        geocoder.geocode("Paris", exactly_one=False, limit=0)
    with pytest.raises(GeocoderQueryError, match="kind of feature"):
        geocoder.geocode("Paris", featuretype="planet")


def test_streets_and_postal_codes_are_said_to_be_ignored(geocoder):
    found = geocoder.geocode({"street": "1 Nizami St", "city": "Baku", "country": "Azerbaijan"})
    assert found.raw["ignored"] == ["street"]
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode({"street": "1 Nizami St"})


def test_reverse_gives_the_chain_and_as_coarse_a_place_as_asked(geocoder):
    near = (40.02, 45.93)  # Zaylik
    found = geocoder.reverse(near)
    assert found.raw["distance_km"] < 2
    assert found.raw["address"] == {
        "city": "Zaylik", "state": "Kalbajar", "country": "Azerbaijan", "country_code": "az"
    }  # fmt: skip
    assert geocoder.reverse(near, zoom=3).address == "Azerbaijan"
    assert geocoder.reverse(near, zoom=5).address == "Kalbajar, Azerbaijan"
    assert "address" not in geocoder.reverse(near, addressdetails=False).raw
    assert geocoder.reverse("40.02, 45.93", zoom=18).raw["id"] == found.raw["id"]
    with pytest.raises(ValueError, match="not a point"):
        geocoder.reverse("north")


class Narrow(Geocoder):
    """A geocoder with some of Nominatim's options, that keeps what it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def geocode(self, query, *, exactly_one=True, timeout=None, language=None, country_codes=None):
        self.asked.append((query, timeout, language, country_codes))
        found = Location("X", Point(1, 2), {})
        return found if exactly_one else [found]


def test_a_fallback_gets_the_question_whole_or_not_at_all(places):
    other = Narrow()
    geocoder = LocalGeocoder(places, fallback=other)
    for _ in range(2):
        geocoder.geocode("Xqzzynowhere", country_codes="az", language="de", timeout=7)
    assert other.asked == [("Xqzzynowhere", 7, "de", ["AZ"])]
    assert geocoder.geocode("Xqzzynowhere", featuretype="city") is None
    assert geocoder.geocode("Xqzzynowhere", viewbox=[(1, 2), (3, 4)], bounded=True) is None
    assert len(other.asked) == 1
    geocoder.geocode("Xqzzynowhere", country_codes="am")
    assert len(other.asked) == 2
