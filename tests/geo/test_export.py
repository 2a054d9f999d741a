"""Incidents written and read back: the same frame, whatever the format; no half-written file."""

import csv
import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.errors import ExportError
from geo.export import check_destination, write_incidents, write_parts
from geo.frame import COLUMNS, STATUSES, TYPES, build_frame, validate
from geo.merging import combine
from geo.tables.read import read_incidents

SUFFIXES = [".csv", ".geojson", ".gpkg", ".kml", ".parquet"]
HOSTILE = [
    "=1+1",
    'a, "b"; c\nd\r\ne',
    "<script>alert(1)</script>",
    "ж, Ə, 地",
    "  two  blanks",
    "NaN",
    "0x1",
    "#",
]


@pytest.fixture(scope="module")
def places():
    return Gazetteer.load()


def frame(rows):
    return build_frame({name: [row.get(name) for row in rows] for name in COLUMNS})


def rows_of(texts):
    return [
        {
            "id": f"i{n}", "type": TYPES[n % len(TYPES)], "status": STATUSES[n % 5],
            "title": text, "description": text * 2, "quote": f" {text} ", "date": "2023-08-23",
            "time": "02:10", "place": f"P {n}", "place_id": "geonames:587084", "radius_km": 12.5,
            "lat": 40.37767 + n / 7, "lon": 49.89201 - n / 3,
            "precision": "settlement", "located_by": "gazetteer", "confidence": 0.91, "actors": "A; B",
            "weapon": "small arms", "killed": None if n % 2 else n, "wounded": 3, "source": "Wire; Daily",
            "url": "https://example.org/?a=1&b=2", "document": "a.txt", "start": n, "end": n + 5,
        }
        for n, text in enumerate(texts)
    ]  # fmt: skip


def bare(whole):
    whole = whole.copy()
    whole.attrs = {}
    return whole


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_format_read_back_gives_the_same_frame(tmp_path, places, suffix):
    rows = rows_of(HOSTILE)
    rows += [
        {"id": "call", "type": "call", "status": "planned", "located_by": "inferred", "origin": "Tehran",
         "origin_lat": 35.69439, "origin_lon": 51.42151, "place": "Baku", "lat": 40.37767, "lon": 49.89201,
         "date": "XXXX-08-23", "precision": "settlement", "document": "a.txt"},
        {"id": "lost", "type": "other", "status": "denied", "located_by": "none", "place": "Tripoli",
         "origin": "Springfield", "date": "2023-08", "document": "a.txt"},
        {"id": "bare", "type": "other", "status": "reported", "located_by": "none", "document": "a.txt"},
    ]  # fmt: skip
    whole = frame(rows)
    validate(whole)
    path = tmp_path / f"incidents{suffix}"
    write_incidents(whole, path)
    back = read_incidents(path, places)
    pd.testing.assert_frame_equal(pd.DataFrame(bare(back)), pd.DataFrame(whole))
    assert back.geometry.geom_equals(whole.geometry).where(whole.geometry.notna(), other=True).all()
    write_incidents(combine(back), path)  # with attrs of all kinds, over the old file
    assert len(read_incidents(path, places)) == len(whole)


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
ROW = st.fixed_dictionaries(
    {
        "type": st.sampled_from(TYPES),
        "status": st.sampled_from(STATUSES),
        "title": TEXT,
        "quote": TEXT,
        "actors": st.lists(st.sampled_from(["A", "Ş", "b c"]), unique=True).map("; ".join),
        "date": st.dates(date(1801, 1, 1), date(2020, 1, 1)).map(str)
        | st.sampled_from([None, "2023", "2023-08", "XXXX-02-29"]),
        "time": st.times().map(lambda t: t.strftime("%H:%M")) | st.none(),
        "lat": st.floats(-90, 90) | st.none(),
        "lon": st.floats(-180, 180),
        "killed": st.integers(0, 10**6) | st.none(),
        "start": st.integers(0, 10**5) | st.none(),
        "confidence": st.floats(0, 1) | st.none(),
        "radius_km": st.floats(0, 1000) | st.none(),
    }
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=4))
def test_any_frame_survives(tmp_path_factory, suffix, rows):
    located = [row["lat"] is not None and (abs(row["lat"]) > 1e-3 or abs(row["lon"]) > 1e-3) for row in rows]
    rows = [
        {**row, "id": f"i{n}", "document": "a", "located_by": "coordinates" if at else "none",
         "lat": row["lat"] if at else None, "lon": row["lon"] if at else None}
        for n, (row, at) in enumerate(zip(rows, located, strict=True))
    ]  # fmt: skip
    whole = frame(rows)
    path = tmp_path_factory.mktemp("any") / f"x{suffix}"
    write_incidents(whole, path)
    back = read_incidents(path, Gazetteer.load())
    pd.testing.assert_frame_equal(pd.DataFrame(bare(back)), pd.DataFrame(whole))


def test_geojson_is_as_the_rfc_wants(tmp_path):
    ends = {"lat": 10.0, "lon": -170.0, "origin_lat": 10.0, "origin_lon": 170.0}
    call = {"id": "c", "type": "call", "status": "reported", "located_by": "inferred", **ends}
    whole = frame([*rows_of(["x"]), call])
    write_incidents(whole, tmp_path / "x.geojson")
    found = json.loads((tmp_path / "x.geojson").read_text("utf-8"), parse_constant=pytest.fail)
    assert "crs" not in found
    point, link = found["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [49.89201, 40.37767]}
    assert point["properties"]["killed"] == 0
    assert link["properties"]["killed"] is None
    assert link["geometry"]["type"] == "MultiLineString"
    assert all(abs(x) <= 180 for line in link["geometry"]["coordinates"] for x, _ in line)


def test_columns_of_the_csv_are_the_contract(tmp_path):
    write_incidents(frame(rows_of(["x"])), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text("utf-8").splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize("name", ["x.docx", "missing/x.csv", "folder.csv"])
def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportError, match=name.split("/")[-1].split(".")[0]):
        write_incidents(frame(rows_of(["x"])), tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text("old", "utf-8")

    def full(*_):
        raise OSError(28, "No space left")

    monkeypatch.setattr("geo.files.os.replace", full)
    with pytest.raises(ExportError, match="No space left"):
        write_incidents(frame(rows_of(["x"])), path)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_input_is_never_written_over(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("a", "utf-8")
    with pytest.raises(ExportError, match="one of the files read"):
        check_destination(path, overwrites=[path])


def test_a_folder_of_parts_reads_back_as_one_frame(tmp_path):
    import geopandas
    from pandas.testing import assert_frame_equal

    whole = frame([{"id": "nowhere", "type": "other", "status": "reported"}, *rows_of(HOSTILE * 2)])
    for rows in (1, 5, 100):  # parts are numbered so that their order is that of their names
        write_parts(whole, tmp_path / "parts", rows=rows)
        names = sorted(path.name for path in (tmp_path / "parts").iterdir())
        assert len(names) == -(-len(whole) // rows)
        assert_frame_equal(geopandas.read_parquet(tmp_path / "parts"), bare(whole), check_dtype=False)
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]
    write_parts(whole.iloc[:0], tmp_path / "parts")
    assert len(geopandas.read_parquet(tmp_path / "parts")) == 0


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept", "utf-8")
    (tmp_path / "file.parquet").write_text("kept", "utf-8")
    for name, told in (("mine", "something else"), ("file.parquet", "something else"), ("no/x", "make it")):
        with pytest.raises(ExportError, match=told):
            write_parts(frame(rows_of(["x"])), tmp_path / name)
    assert (tmp_path / "mine" / "notes.txt").read_text("utf-8") == "kept"


def test_a_failure_leaves_the_old_parts_whole(tmp_path, monkeypatch):
    write_parts(frame(rows_of(["x", "y"])), tmp_path / "parts", rows=1)
    before = {path.name: path.read_bytes() for path in (tmp_path / "parts").iterdir()}

    def full(*_, **__):
        raise OSError(28, "No space left")

    monkeypatch.setattr("geopandas.GeoDataFrame.to_parquet", full)
    with pytest.raises(ExportError, match="No space left"):
        write_parts(frame(rows_of(["z"])), tmp_path / "parts")
    assert {path.name: path.read_bytes() for path in (tmp_path / "parts").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_the_geopackage_brings_its_style_for_qgis(tmp_path):
    import sqlite3
    from xml.etree import ElementTree

    write_incidents(frame(rows_of(["x"])), tmp_path / "x.gpkg")
    with sqlite3.connect(tmp_path / "x.gpkg") as base:
        told = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        )
        ((table, column, default, style),) = told.fetchall()
        columns = [
            row[:2] for row in base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        ]
    assert (table, column) in columns
    assert default == 1
    told = " ".join(rule.get("filter") for rule in ElementTree.fromstring(style).iter("rule"))  # noqa: S314
    assert all(f"'{name}'" in told for name in TYPES)


def test_an_acled_shaped_csv_carries_what_it_has_room_for(tmp_path, places):
    rows = rows_of(["x", "y"])
    rows[1] |= {"precision": "region", "date": "2023-08", "type": "protest", "actors": "A; B; C"}
    whole = frame(rows)
    write_incidents(whole, tmp_path / "x.acled.csv")
    text = (tmp_path / "x.acled.csv").read_text("utf-8").splitlines()
    assert len(text[0].split(",")) == 31
    back = read_incidents(tmp_path / "x.acled.csv", places)
    for name in ("id", "date", "lat", "lon", "killed", "source", "place", "description"):
        assert back[name].tolist() == whole[name].tolist(), name
    assert back["actors"].tolist() == ["A; B", "A; B; C"]
    assert back["type"].tolist() == ["clash", "protest"]  # ACLED has no word for firing
    assert back["precision"].tolist() == ["settlement", "region"]


def test_what_acled_cannot_say_stays_empty(tmp_path):
    write_incidents(frame([{"id": "a", "type": "meeting", "status": "planned"}]), tmp_path / "x.acled.csv")
    with (tmp_path / "x.acled.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {row[name] for name in ("fatalities", "event_date", "latitude", "time_precision")} == {""}
    assert row["tags"] == "planned"
