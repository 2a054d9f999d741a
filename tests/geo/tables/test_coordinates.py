"""Cells with coordinates, one to a cell or both in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tables.coordinates import read_angle, read_pair
from geo.tables.points import read_point


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("40.02094", 40.02094), ("40,02094", 40.02094), ("40°01'15.4\"N", 40.0209444),
     ("40 01 15 S", -40.0208333),
     ("W40.5", -40.5), ("40º 01' 15''", 40.0208333), ("40° 1.25' N", 40.0208333),
     ("40°1′15″ с.ш.", 40.0208333),
     ("−40.5", -40.5), ("4e1", 40.0), ("'40.5", 40.5), ("40.5,", 40.5), ("-40.5S", -40.5), ("lat: 40.5",
     40.5),
     ("400115N", 40.0208333), ("0455602E", 45.9338889), ("4001.25N", 40.0208333)],
)  # fmt: skip
def test_angles(cell, degrees):
    assert read_angle(cell).degrees == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize(
    "cell", ["inf", "abc", "1,234.5", "40°61'00\"N", "N40S", "-40.5N", "40.5 45.25", "40.02.09"]
)
def test_angles_that_are_none(cell):
    assert read_angle(cell).error


@pytest.mark.parametrize(
    "cell",
    ["40.5, 45.25", "40,5; 45,25", "40,5 45,25", "40,5, 45,25", "45.25E 40.5N", "POINT (45.25 40.5)",
     "(40.5,45.25)",
     "40°30'N 45°15'E", "40.5/45.25", "40.5 45,25", "lon 45.25 lat 40.5", "Lat: 40.5 Long: 45.25",
     "403000N 0451500E",
     "https://maps.example/@40.5,45.25,15z", "https://maps.example/?q=40.5,45.25", "geo:40.5,45.25",
     "https://maps.example/place/x/data=!3d40.5!4d45.25", '{"type":"Point","coordinates":[45.25,40.5]}'],
)  # fmt: skip
def test_pairs(cell):
    lat, lon = read_pair(cell)
    assert (lat.degrees, lon.degrees) == (40.5, 45.25)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_pair_is_read_back(lat, lon):
    one, two = read_pair(f"{lat!r}, {lon!r}")
    assert (one.degrees, two.degrees) == (lat, lon)


@pytest.mark.parametrize(
    "cell",
    [
        "N 40° 01.256' E 045° 56.047'",
        "https://yandex.com/maps/?ll=45.93412%2C40.02094&z=12",
        "https://2gis.ru/geo/1/45.93412,40.02094",
        "https://www.openstreetmap.org/?mlat=40.02094&mlon=45.93412#map=15/1.0/2.0",
        "{'type': 'Point', 'coordinates': [45.93412, 40.02094]}",
        '{"lat": 40.02094, "lng": 45.93412}',
        "0101000020E61000000F45813E91F74640D1967329AE024440",
    ],
)
def test_pairs_as_devices_maps_and_databases_write_them(cell):
    lat, lon = read_pair(cell)
    assert (lat.degrees, lon.degrees) == pytest.approx((40.02094, 45.9341), abs=2e-3)


def test_both_in_one_of_two_columns_and_codes_for_missing():
    both = read_point(("40.02094, 45.93412", "", ""))
    assert (both.lat, both.lon, both.warning) == (40.02094, 45.93412, "")
    assert read_point(("-999", "-999", "")).useless == "the coordinates -999, -999 stand for a missing value"


def test_digits_and_marks_of_arabic_and_persian():
    assert read_angle("٣٣٫٥١٣٨").degrees == 33.5138
    assert read_angle("\u200f۳۵٫۶۹\u200e").degrees == 35.69
    lat, lon = read_pair("٣٣٫٥١٣٨، ٣٦٫٢٧٦٥")
    assert (lat.degrees, lon.degrees) == (33.5138, 36.2765)


def test_altitude_and_accuracy_behind_a_pair():
    lat, lon = read_pair("-1.28333 36.81667 1650.2 4.5")
    assert (lat.degrees, lon.degrees) == (-1.28333, 36.81667)
    assert read_pair("40 01 45 56") is None
