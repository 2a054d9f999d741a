"""From frames, mentions and articles to plain records."""

from __future__ import annotations

import json

import geopandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_samples import EASTHAM, HOSTILE, MILFORD, TEXT, frame_of, located
from shapely.geometry import Point

from geo.articles import Article
from geo.frame import TYPES
from geo.mentions import Mention
from maps import assets, surroundings
from maps.columns import columns_of
from maps.errors import MapError
from maps.records import article_records, days, families, place_records


def rows_of(frame):
    columns = columns_of(frame)
    return [columns.row(n) for n in range(len(columns))]


def one(**values):
    return rows_of(frame_of([{"id": "x", "type": "firing", **values}]))[0]


def test_every_type_has_a_family_and_no_two_families_look_alike() -> None:
    types = [t for f in families() for t in f["types"]]
    assert sorted(types) == sorted(TYPES)
    assert len({f["colour"] for f in families()}) == len({f["shape"] for f in families()}) == len(families())


@pytest.mark.parametrize(
    ("date", "end", "expected"),
    [
        ("1970-01-02", None, (1, 1)),
        ("1970-01", None, (0, 30)),
        ("1972-02", None, (761, 789)),
        ("1970", None, (0, 364)),
        ("1970-01-02", "1970-01-05", (1, 4)),
        ("1970-01-05", "1970-01-02", (4, 4)),
        ("XXXX-08-23", None, None),
        ("2023-02-30", None, None),
        ("soon", None, None),
        (None, None, None),
        ("9999-12", None, (2932866, 2932896)),
    ],
)
def test_dates_become_days(date, end, expected) -> None:
    assert days(date, end) == expected


@given(st.dates())
def test_a_whole_date_is_one_day(date) -> None:
    first, last = days(date.isoformat())
    assert first == last == date.toordinal() - 719163


def test_a_firing_with_both_ends_has_a_line() -> None:
    assert one(**located(MILFORD), **located(EASTHAM, "origin"))["line"] == "fire"
    assert one(**located(MILFORD))["line"] is None


def test_a_call_is_drawn_as_a_link_or_not_at_all() -> None:
    whole = one(type="call", **located(MILFORD), **located(EASTHAM, "origin"), located_by="inferred")
    half = one(type="call", **located(MILFORD), located_by="inferred")
    assert (whole["layer"], whole["line"], whole["drawn"]) == ("links", "arc", True)
    assert not half["drawn"]


@pytest.mark.parametrize(
    ("status", "layer"),
    [("reported", "incidents"), ("claimed", "incidents"), ("contested", "incidents"),
     ("denied", "denied"), ("planned", "planned")],
)  # fmt: skip
def test_status_decides_the_layer(status, layer) -> None:
    assert one(status=status, **located(MILFORD))["layer"] == layer


@pytest.mark.parametrize(
    "values", [{"lat": 40.0}, {"lat": 91.0, "lon": 0.0}, {"lat": 40.0, "lon": 181.0}, {}]
)
def test_what_has_no_whole_place_is_not_drawn_anywhere(values) -> None:
    row = one(**values)
    assert not row["drawn"]
    assert row["lat"] is row["lon"] is None


def test_null_is_not_zero() -> None:
    assert one()["killed"] is None
    assert one(killed=0)["killed"] == 0


def test_points_of_a_frame_without_coordinates_are_used_in_any_crs() -> None:
    frame = geopandas.GeoDataFrame({"type": ["clash"]}, geometry=[Point(45, 40)], crs=4326).to_crs(3857)
    (row,) = rows_of(frame)
    assert (row["lat"], row["lon"], row["drawn"]) == (40, 45, True)


def test_a_frame_of_something_else_is_refused() -> None:
    with pytest.raises(MapError, match="none of the columns"):
        rows_of(geopandas.GeoDataFrame({"colour": ["red"]}))


def test_text_is_cut_by_code_points_and_nothing_is_lost() -> None:
    text = "👩‍🚒 fire in Milford\n\nNext \U0001d11e day in Milford."
    start = text.index("Milford")
    mention = Mention(start, start + 7, "Milford", place=MILFORD)
    rows = rows_of(frame_of([{"id": "x", "type": "attack", "start": 0, "end": start, "quote": text[:start]}]))
    (article,) = article_records([Article(text)], [[mention]], rows)
    assert "\n\n".join("".join(r[0] for b in p for r in b["runs"]) for p in article["paragraphs"]) == text
    assert [r for b in article["paragraphs"][0] for r in b["runs"] if r[1] is not None] == [["Milford", 0]]
    assert rows[0]["article"] == 0


@given(st.text(max_size=80), st.integers(-5, 90), st.integers(-5, 90))
def test_any_span_leaves_the_text_whole(text, start, end) -> None:
    rows = rows_of(frame_of([{"id": "x", "type": "other"}]))
    rows[0] |= {"start": start, "end": end, "document": "d"}
    (article,) = article_records([Article(text, path="d")], [[Mention(start, end, "x")]], rows)
    shown = ["".join(r[0] for b in p for r in b["runs"]) for p in article["paragraphs"]]
    assert shown == [line for line in text.split("\n") if line.strip()]


def test_an_incident_goes_to_the_article_that_holds_its_words() -> None:
    quote = "Envoys met"
    start = TEXT.index(quote)
    row = {"id": "x", "type": "meeting", "start": start, "end": start + len(quote), "quote": quote}
    rows = rows_of(frame_of([row]))
    article_records(
        [Article("Something else entirely, and long enough to hold the span. " * 4), Article(TEXT)],
        [[], []],
        rows,
    )
    assert rows[0]["article"] == 1


def test_names_of_places_from_tables_are_looked_up() -> None:
    class Known:
        def get(self, place_id):
            return {"local:milford": MILFORD}[place_id]

    columns = columns_of(
        frame_of([{"id": "x", **located(MILFORD)}, {"id": "y", "place_id": "somebody:else"}])
    )
    assert list(place_records(columns.place_ids(), [], Known())) == ["local:milford"]


@given(
    st.recursive(
        st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.none(), lambda x: st.lists(x)
    )
)
def test_json_for_a_script_comes_back_the_same_and_cannot_leave_it(value) -> None:
    text = assets.safe_json(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")
    text.encode()


def test_hostile_text_cannot_leave_its_script() -> None:
    assert "</script" not in assets.safe_json(HOSTILE)


def test_bounds_hold_every_point_across_the_antimeridian_too() -> None:
    west, south, east, north = surroundings.bounds_of([(10.0, 179.0), (12.0, -178.0)])
    assert west > east
    assert west < 179
    assert east > -178
    assert south < 10 < 12 < north
    west, _, east, _ = surroundings.bounds_of([(0.0, 10.0), (0.0, 20.0)])
    assert west < 10 < 20 < east
    assert surroundings.bounds_of([]) is None


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1))
def test_bounds_hold_their_points(points) -> None:
    west, south, east, north = surroundings.bounds_of(points)
    for lat, lon in points:
        assert south - 5 <= lat <= north + 5
        inside = west <= lon <= east if west <= east else lon >= west or lon <= east
        assert inside or abs(abs(lon) - 180) < 1e-9


def test_online_basemaps_are_named_as_people_name_them() -> None:
    (osm,) = surroundings.online("OpenStreetMap")
    assert osm["url"] == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert surroundings.online(False) == surroundings.online("none") == []
    assert len(surroundings.online(None)) == 3
    with pytest.raises(MapError, match="not known"):
        surroundings.online("Nowhere at all")
    with pytest.raises(MapError, match="needs a key"):
        surroundings.online("Thunderforest.Landscape")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "https://tile.openstreetmap.org"),
        ("https://{s}.tile.example.org/{z}", "https://*.tile.example.org"),
        ("https://a{s}-maps.example.org/{z}", "https://*.example.org"),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,xx", ""),
    ],
)
def test_hosts_of_tiles(url, host) -> None:
    assert surroundings.hosts(url) == host
