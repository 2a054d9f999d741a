"""The incident frame: its columns, types, geometry, and the contract check."""

import json

import geopandas
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.place import Place
from geo.errors import FrameError
from geo.frame import COLUMNS, Incident, Role, build_frame, precision_of, records, to_frame, validate

HARBOUR = Place("test:1", "Harbour", 10.5, 20.25, feature="P.PPL", radius_km=3)
CAPITAL = Place("test:2", "Capital", -33.0, 151.0, feature="P.PPLC", radius_km=12)


def test_columns_come_in_order_with_their_types():
    frame = to_frame([Incident("a", "firing", killed=0, places=(Role("site", HARBOUR, "the Harbour"),))])
    assert tuple(frame.columns) == (*COLUMNS, "geometry")
    assert frame.crs.to_epsg() == 4326
    assert str(frame["killed"].dtype) == "Int64"
    assert frame["killed"][0] == 0
    assert frame["wounded"].isna().all()
    validate(frame)


def test_a_place_becomes_a_point_lon_lat():
    row = to_frame(
        [Incident("a", "clash", places=(Role("site", HARBOUR, "the Harbour", confidence=0.7),))]
    ).iloc[0]
    assert (row.geometry.x, row.geometry.y) == (20.25, 10.5)
    assert (row.place, row.place_id, row.precision, row.located_by) == (
        "the Harbour",
        "test:1",
        "settlement",
        "gazetteer",
    )
    assert (row.radius_km, row.confidence) == (3, 0.7)


def test_a_call_between_two_parties_is_a_line_and_never_a_point():
    parties = (Role("party", HARBOUR, "the harbour master"), Role("party", CAPITAL, "the minister"))
    frame = to_frame([Incident("a", "call", places=parties), Incident("b", "call", places=parties[:1])])
    assert list(frame.geometry[0].coords) == [(20.25, 10.5), (151.0, -33.0)]
    assert (frame.origin[0], frame.place[0], frame.located_by[0]) == ("Harbour", "Capital", "inferred")
    assert frame.geometry[1] is None


def test_an_unresolved_place_keeps_its_name_and_gets_no_point():
    frame = to_frame(
        [Incident("a", "attack", places=(Role("target", None, "Nowhere"),), located_by="gazetteer")]
    )
    assert frame.place[0] == "Nowhere"
    assert frame.located_by[0] == "none"
    assert frame.geometry[0] is None
    assert frame[["lat", "lon"]].isna().all(axis=None)


def test_a_resolved_target_goes_before_an_unresolved_site():
    roles = (Role("site", None, "Nowhere"), Role("target", HARBOUR), Role("origin", CAPITAL, "hills"))
    row = to_frame([Incident("a", "shelling", places=roles)]).iloc[0]
    assert (row.place, row.origin, row.origin_id) == ("Harbour", "hills", "test:2")


def test_reasons_and_ranges_are_kept_beside_the_frame():
    frame = to_frame([Incident("a", "riot", ranges={"killed": (2, 5)}, why="named twice")], mentions=())
    assert frame.attrs == {"mentions": (), "why": {"a": "named twice"}, "ranges": {"a": {"killed": (2, 5)}}}


def test_no_incidents_still_make_a_frame():
    frame = to_frame([])
    validate(frame)
    assert len(frame) == 0
    assert isinstance(frame, geopandas.GeoDataFrame)


@pytest.mark.parametrize(
    ("feature", "precision"),
    [("P.PPL", "settlement"), ("A.ADM1", "region"), ("A.ADM2", "district"), ("A.PCLI", "country"),
     ("T.MT", "vicinity"), ("S.AIRP", "exact"), ("L.RGN", "region")],
)  # fmt: skip
def test_precision_follows_from_the_kind_of_place(feature, precision):
    assert precision_of(feature) == precision


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), st.none() | st.integers(0, 10**9)), max_size=5))
def test_any_text_is_kept_as_clean_json(rows):
    columns = {
        "id": [str(n) for n in range(len(rows))],
        "type": ["other"] * len(rows),
        "status": ["reported"] * len(rows),
        "located_by": ["none"] * len(rows),
        "title": [t for t, _ in rows],
        "killed": [k for _, k in rows],
    }
    frame = build_frame(columns)
    validate(frame)
    out = json.loads(json.dumps(records(frame), allow_nan=False))
    assert [r["killed"] for r in out] == [k for _, k in rows]
    assert not any(r["title"] == "" for r in out)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("lat", 91.0, "Row 1, column lat"), ("type", "picnic", "column type"), ("killed", -1, "column killed"),
     ("confidence", 1.5, "column confidence"), ("lon", None, "half a coordinate"), ("id", None, "column id")],
)  # fmt: skip
def test_validate_names_row_and_column(column, value, said):
    frame = to_frame([Incident("a", "clash", places=(Role("site", HARBOUR),))])
    frame[column] = pd.Series([value], dtype=frame[column].dtype)
    with pytest.raises(FrameError, match=said):
        validate(frame)


def test_validate_wants_every_column_once_and_degrees():
    frame = to_frame([Incident("a", "clash"), Incident("a", "clash")])
    with pytest.raises(FrameError, match="met twice"):
        validate(frame)
    with pytest.raises(FrameError, match="lacks weapon"):
        validate(frame.drop(columns="weapon"))
    with pytest.raises(FrameError, match="EPSG:4326"):
        validate(frame.set_crs(3857, allow_override=True))
