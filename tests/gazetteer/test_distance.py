"""Great-circle distances: known ones, and one formula for a point and for many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.distance import EARTH_KM, distance_km, distances_km

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("ends", "km"),
    [
        ((0, 0, 90, 0), EARTH_KM * 3.141592653589793 / 2),
        ((0, 0, 0, 180), EARTH_KM * 3.141592653589793),
        ((0, 179.5, 0, -179.5), EARTH_KM * 3.141592653589793 / 180),
        ((40.1, 45.8, 40.1, 45.8), 0),
    ],
)
def test_known_distances(ends, km):
    assert distance_km(*ends) == pytest.approx(km, abs=1e-6)


@given(LAT, LON, LAT, LON)
def test_one_and_many_agree_in_both_directions(lat, lon, lat2, lon2):
    one = distance_km(lat, lon, lat2, lon2)
    assert distances_km(lat, lon, lat2, lon2) == pytest.approx(one, abs=1e-3)
    assert distance_km(lat2, lon2, lat, lon) == pytest.approx(one, abs=1e-3)
    assert 0 <= one <= EARTH_KM * 3.1416
