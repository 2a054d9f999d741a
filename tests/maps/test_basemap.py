"""The bundled basemap: what a map with given bounds gets to draw."""

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import basemap

KALBAJAR = (45.7, 39.9, 46.1, 40.2)
GAZA = (34.2, 31.2, 34.6, 31.6)
DATA = Path(basemap.__file__).parent / "data"


def features(drawn, part, **wanted):
    return [
        shapely.geometry.shape(f["geometry"])
        for f in drawn[part]["features"]
        if all(f["properties"].get(k) == v for k, v in wanted.items())
    ]


def size(drawn):
    return len(json.dumps(drawn, separators=(",", ":"), ensure_ascii=False))


def labels(drawn, kind):
    return {label["name"] for label in drawn["labels"] if label["kind"] == kind}


def test_the_file_is_small_enough_to_ship():
    assert (DATA / "basemap.npz").stat().st_size < 3_000_000


@pytest.mark.parametrize("bounds", [KALBAJAR, GAZA, (2.2, 48.8, 2.4, 48.9), (44, 38, 52, 42)])
def test_a_district_costs_little(bounds):
    assert size(basemap.clip(bounds)) < 250_000


def test_same_bounds_same_bytes():
    assert json.dumps(basemap.clip(KALBAJAR)) == json.dumps(basemap.clip(KALBAJAR))


def test_the_window_is_wider_than_the_bounds():
    west, south, east, north = basemap.clip(KALBAJAR)["bounds"]
    assert west <= 45.7 - 1.5
    assert south <= 39.9 - 1.5
    assert east >= 46.1 + 1.5
    assert north >= 40.2 + 1.5


def test_kalbajar_is_named_with_what_lies_around_it():
    drawn = basemap.clip(KALBAJAR)
    assert {"Armenia", "Azerbaijan", "Iran"} <= labels(drawn, "country")
    assert {"Kalbajar", "Gegharkunik", "Lachin", "Nakhchivan"} <= labels(drawn, "admin1")
    assert "Lake Sevan" in labels(drawn, "water")


def test_a_name_stands_in_what_it_names():
    drawn = basemap.clip(KALBAJAR)
    for label in drawn["labels"]:
        if label["name"] in ("Gegharkunik", "Armenia"):
            assert 43.4 < label["lon"] < 46.7
            assert 38.8 < label["lat"] < 41.4


def test_labels_come_biggest_first():
    sizes = [label["size"] for label in basemap.clip(KALBAJAR)["labels"]]
    assert sizes == sorted(sizes, reverse=True)


def test_lake_sevan_is_water_and_yerevan_is_land():
    drawn = basemap.clip(KALBAJAR)
    land, water = features(drawn, "land", detail="fine"), features(drawn, "water", detail="fine")
    sevan, yerevan = shapely.Point(45.3, 40.35), shapely.Point(44.51, 40.18)
    assert any(lake.contains(sevan) for lake in water)
    assert any(shape.contains(yerevan) for shape in land)
    assert not any(lake.contains(yerevan) for lake in water)


def test_the_line_between_armenia_and_azerbaijan_is_disputed_and_says_why():
    drawn = basemap.clip(KALBAJAR)
    near = shapely.Point(45.9, 40.05).buffer(0.1)
    (name,) = {
        f["properties"]["name"]
        for f in drawn["lines"]["features"]
        if f["properties"]["kind"] == "disputed"
        and f["properties"]["detail"] == "fine"
        and shapely.geometry.shape(f["geometry"]).intersects(near)
    }
    assert name.startswith("Armenia-Azerbaijan line. ")
    assert not any(line.intersects(near) for line in features(drawn, "lines", kind="country", detail="fine"))


@pytest.mark.parametrize(
    ("bounds", "point", "name"),
    [
        ((74, 33.5, 75, 34.5), (74.0, 34.5), "Line of Control"),
        ((33, 45, 35, 46.5), (33.7, 46.18), "Crimea"),
        ((35, 32.7, 36.3, 33.4), (35.87, 33.0), "Golan Heights"),
        (GAZA, (34.5, 31.5), "West Bank and Gaza Strip"),
        ((28.5, 46.5, 30, 48), (29.6, 47.1), "Transnistria"),
        ((20, 42, 21.8, 43.3), (20.9, 43.1), "Kosovo"),
        ((126, 37, 128, 39), (127.0, 38.3), "Korean Military Demarcation Line"),
        ((40, 42.5, 42, 43.5), (41.55, 42.5), "Abkhazia"),
        ((-14, 26, -8, 29), (-8.7, 27.5), "Western Sahara"),
        ((33, 35, 34, 35.5), (33.4, 35.15), "Northern Cyprus"),
    ],
)
def test_disputed_lines_are_told_from_the_rest(bounds, point, name):
    drawn = basemap.clip(bounds)
    near = shapely.Point(point).buffer(0.25)
    found = {
        f["properties"]["name"]
        for f in drawn["lines"]["features"]
        if f["properties"]["kind"] == "disputed" and shapely.geometry.shape(f["geometry"]).intersects(near)
    }
    assert any(n.startswith(name) for n in found), found


def test_an_agreed_border_is_not_disputed():
    drawn = basemap.clip((5, 47, 8, 50))
    near = shapely.Point(7.8, 48.6).buffer(0.3)  # France and Germany, the Rhine
    assert any(line.intersects(near) for line in features(drawn, "lines", kind="country"))
    assert not any(line.intersects(near) for line in features(drawn, "lines", kind="disputed"))


def test_every_row_of_the_table_is_a_line_in_the_file():
    rows = basemap.load().disputed
    tags = set(basemap.load().layer("border").tags) | set(basemap.load().layer("admin1").tags)
    assert [row for number, row in enumerate(rows, start=1) if number not in tags] == []


def test_the_table_is_neutral_about_its_sources():
    with (DATA / "disputed.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["source"].startswith("Natural Earth")
            assert row["note"]


def test_parts_do_not_overlap():
    drawn = basemap.clip(KALBAJAR)
    tiers = {
        detail: shapely.union_all(shapely.make_valid(features(drawn, "land", detail=detail)))
        for detail in ("fine", "middle", "coarse")
    }
    assert tiers["fine"].intersection(tiers["middle"]).area < 0.05
    assert tiers["middle"].intersection(tiers["coarse"]).area < 0.5


def test_no_bounds_is_the_whole_world():
    drawn = basemap.clip(None)
    assert drawn["bounds"] == [-180, -90, 180, 90]
    assert {f["properties"]["detail"] for f in drawn["land"]["features"]} == {"coarse"}
    assert {"Brazil", "Armenia", "China"} <= labels(drawn, "country")


def test_bounds_may_cross_the_antimeridian():
    drawn = basemap.clip((176, -20, -178, -12))  # Fiji
    west, _, east, _ = drawn["bounds"]
    assert west > east
    land = features(drawn, "land", detail="fine")
    assert any(shape.contains(shapely.Point(178.0, -17.8)) for shape in land)
    assert "Fiji" in labels(drawn, "country")


def test_nothing_spans_the_map_at_the_antimeridian():
    for drawn in (basemap.clip(None), basemap.clip((170, 60, -170, 70))):
        for shape in features(drawn, "lines"):
            for line in shape.geoms:
                xs = [x for x, _ in line.coords]
                assert max(abs(a - b) for a, b in pairwise(xs)) < 90


def test_a_zoom_hint_widens_a_small_view():
    wide = basemap.clip(KALBAJAR, zoom_hint=5)["bounds"]
    near = basemap.clip(KALBAJAR)["bounds"]
    assert wide[0] < near[0] - 10
    assert basemap.clip(KALBAJAR, zoom_hint=18)["bounds"] == near


@pytest.mark.parametrize(
    "bounds",
    [
        (0, 10, 1, 5),
        (0, -91, 1, 5),
        (math.nan, 0, 1, 1),
        (0, 0, math.inf, 1),
        (-190, 0, 1, 1),
        (0, 0, 200, 1),
    ],
)
def test_bounds_off_the_earth_are_refused(bounds):
    with pytest.raises(ValueError, match="Bounds"):
        basemap.clip(bounds)


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), width=st.floats(0, 40), height=st.floats(0, 20))
@settings(max_examples=15, deadline=None)
def test_any_window_on_earth_can_be_drawn(lon, lat, width, height):
    east = lon + width if lon + width <= 180 else lon + width - 360
    drawn = basemap.clip((lon, lat, east, min(90.0, lat + height)))
    json.dumps(drawn, allow_nan=False)
    for part in ("land", "water", "lines"):
        for shape in features(drawn, part):
            west, south, east, north = shape.bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90
    for label in drawn["labels"]:
        assert -90 <= label["lat"] <= 90
        assert -180 <= label["lon"] <= 180
        assert label["size"] > 0


def test_countries_and_divisions_are_named_again_around_a_village():
    zaylik = (40.02, 45.93)
    drawn = basemap.clip((44, 36, 52, 42), near=[zaylik])
    near = {
        label["name"]
        for label in drawn["labels"]
        if abs(label["lat"] - zaylik[0]) < 0.25 and abs(label["lon"] - zaylik[1]) < 0.35
    }
    assert {"Armenia", "Azerbaijan", "Gegharkunik", "Kalbajar"} <= near
    sevan = shapely.union_all(features(drawn, "water", detail="fine"))
    assert not any(
        sevan.contains(shapely.Point(label["lon"], label["lat"]))
        for label in drawn["labels"]
        if label["kind"] == "country" and abs(label["lon"] - 45.4) < 0.4
    )


def test_a_map_of_the_world_has_the_true_border_at_a_village():
    drawn = basemap.clip(None, near=[(40.02, 45.93)])
    exact = basemap.clip(KALBAJAR)
    box = shapely.box(45.7, 39.9, 46.1, 40.2)
    wanted = shapely.union_all(features(exact, "lines", kind="disputed")).intersection(box)
    found = shapely.union_all(features(drawn, "lines", kind="disputed")).intersection(box)
    assert found.hausdorff_distance(wanted) < 0.01
    tiers = {f["properties"]["detail"] for f in drawn["land"]["features"]}
    assert tiers == {"close", "coarse"}


def test_a_sea_is_named_where_it_is_seen():
    drawn = basemap.clip((44, 35, 52, 41))
    near = [label for label in drawn["labels"] if label["name"] == "Caspian Sea" and label["lat"] < 41]
    (seen,) = near
    assert 49 < seen["lon"] < 53
    land = shapely.union_all(shapely.make_valid(features(drawn, "land")))
    assert not land.contains(shapely.Point(seen["lon"], seen["lat"]))
