"""What lies near a point: the grid finds what looking at every place finds."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer, user
from gazetteer.distance import distances_km
from gazetteer.near import Grid

LAT = st.floats(-90, 90, allow_nan=False)
LON = st.floats(-180, 180, allow_nan=False)
rng = np.random.default_rng(5)
LATS = np.concatenate([rng.uniform(-90, 90, 3000), [90, -90, 89.9, 0, 0, 45]])
LONS = np.concatenate([rng.uniform(-180, 180, 3000), [0, 180, -180, 180, -180, 179.99]])
GRID = Grid.of(LATS, LONS)


@settings(max_examples=300, deadline=None)
@given(LAT, LON, st.floats(0, 21000))
def test_the_grid_loses_no_place(lat, lon, km):
    near = set(np.flatnonzero(distances_km(lat, lon, LATS, LONS) <= km).tolist())
    found = GRID.around(lat, lon, km).tolist()
    assert len(found) == len(set(found))
    assert near <= set(found)


@pytest.mark.parametrize(("lat", "lon", "km"), [(40.1, 46.0, 30), (-16.8, 179.9, 200), (89.0, 0.0, 900)])
def test_rows_near_are_all_rows_within_the_distance(places, lat, lon, km):
    rows, away = places.rows_near(lat, lon, km)
    every = distances_km(lat, lon, places.lat, places.lon)
    assert set(rows.tolist()) == set(np.flatnonzero(every <= km).tolist())
    assert (np.diff(away) >= 0).all()


def test_a_place_lies_in_an_outline_and_not_in_its_box(tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    # An L around a corner that holds the second camp.
    corners = [[44, 33], [46, 33], [46, 33.4], [44.4, 33.4], [44.4, 35], [44, 35], [44, 33]]
    shape = {"type": "Polygon", "coordinates": [corners]}
    feature = {"type": "Feature", "properties": {"name": "Sector Ell"}, "geometry": shape}
    (tmp_path / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8"
    )
    (tmp_path / "camps.csv").write_text("name,lat,lon\nCamp Inn,34.5,44.2\nCamp Outt,34.5,45.5\n", "utf-8")
    user.add([tmp_path / "areas.geojson", tmp_path / "camps.csv"])
    g = Gazetteer.load()
    assert [c.place.name for c in g.find("Camp Inn", within="Sector Ell")] == ["Camp Inn"]
    assert g.find("Camp Outt", within="Sector Ell") == []
    assert g.find("Camp Outt")
    row = g.row(g.find("Sector Ell")[0].place.id)
    assert g.outline(row).area == pytest.approx(1.44)
    assert g.outline(g.row("geonames:587084")) is None
