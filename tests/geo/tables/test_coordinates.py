"""Cells with coordinates, one to a cell or both in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tables.coordinates import read_angle, read_pair


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
