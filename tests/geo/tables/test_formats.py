"""Tables in other formats than CSV: Parquet, GeoPackage, GeoJSON, KMZ, plain JSON."""

import json
import zipfile

import geopandas
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geo.errors import TableError
from geo.tables.read import check, stream_incidents

RECORDS = [
    {"id": "A1", "date": "2024-01-05", "place": {"name": "Kyiv"}, "latitude": 50.45, "longitude": 30.52,
     "sources": [{"id": 1, "path": "https://a.example/1"}, {"path": "https://a.example/2"}],
     "filters": [{"key": "Weapon", "value": "Drone"}]},
    {"id": "A2", "date": "2024-01-06", "latitude": "50.5", "longitude": "30.6",
     "sources": [], "filters": None},
]  # fmt: skip


def test_parquet_without_shapes(tmp_path, places):
    when = pd.to_datetime(["2024-01-05", "2024-01-06"])
    frame = pd.DataFrame({"date": when, "lat": [50.45, None], "lon": [30.52, None], "killed": [1, None],
                          "place": pd.Categorical(["Kyiv", "Lviv"]), "tags": [["a"], []]})  # fmt: skip
    frame.to_parquet(tmp_path / "t.parquet")
    report = check(tmp_path / "t.parquet", places)
    assert [row.outcome for row in report.rows] == ["accepted", "accepted"]
    assert report.frame()["date"].tolist() == ["2024-01-05", "2024-01-06"]
    assert report.frame()["killed"].tolist() == [1, pd.NA]
    assert report.frame()["located_by"].tolist() == ["coordinates", "gazetteer"]


@pytest.mark.parametrize("name", ["t.gpkg", "t.parquet", "t.geojson"])
def test_areas_and_lines_reach_as_far_as_they_are_wide(tmp_path, places, name):
    shapes = [Point(30.5, 50.4), box(30, 50, 31, 51), LineString([(30.5, 50.4), (30.5, 50.41)]), None]
    frame = geopandas.GeoDataFrame({"date": ["2024-01-05"] * 4, "place": ["", "", "", "Lviv"]},
                                   geometry=shapes, crs="EPSG:4326")  # fmt: skip
    frame = frame.to_crs(3857) if name != "t.geojson" else frame
    getattr(frame, "to_parquet" if name == "t.parquet" else "to_file")(tmp_path / name)
    report = check(tmp_path / name, places)
    area = report.frame().loc[report.frame()["precision"] == "region"].iloc[0]
    assert 60 < area["radius_km"] < 80
    assert sum("taken at a point on it" in text for row in report.rows for text in row.messages) == 2


def test_batches_of_a_file_are_one_table(tmp_path, places, monkeypatch):
    monkeypatch.setattr("geo.tables.geographic.ROWS", 7)
    frame = geopandas.GeoDataFrame(
        {"id": range(30), "date": ["2024-01-05"] * 30}, geometry=[Point(30, 50)] * 30, crs=4326
    )
    for name in ("t.gpkg", "t.parquet"):
        getattr(frame, "to_parquet" if name == "t.parquet" else "to_file")(tmp_path / name)
        report = stream_incidents(tmp_path / name, places, tmp_path / "out.parquet")
        assert [row.row for row in report.rows] == [row.line for row in report.rows] == list(range(1, 31))
        assert pd.read_parquet(tmp_path / "out.parquet")["id"].tolist() == [str(n) for n in range(30)]


def test_records_of_plain_json(tmp_path, places):
    for name, value in (("a.json", RECORDS), ("b.json", {"status": 200, "data": RECORDS})):
        (tmp_path / name).write_text(json.dumps(value), "utf-8")
        report = check(tmp_path / name, places)
        frame = report.frame()
        assert frame["lat"].tolist() == [50.45, 50.5]
        assert "place.name" in report.header
    (tmp_path / "c.json").write_text('{"a": 1}', "utf-8")
    with pytest.raises(TableError, match=r"c\.json: there is no list of records"):
        check(tmp_path / "c.json", places)
    (tmp_path / "d.json").write_text('[{"a": 1', "utf-8")
    with pytest.raises(TableError, match=r"d\.json: it cannot be read as JSON"):
        check(tmp_path / "d.json", places)


def test_links_of_a_download_are_taken_out_of_their_objects(tmp_path, places):
    rows = [{**RECORDS[0], "location": "Kyiv", "description": "a shelling"}]
    (tmp_path / "a.json").write_text(json.dumps(rows), "utf-8")
    report = check(tmp_path / "a.json", places)
    assert report.schema == "Bellingcat"
    assert report.frame()["url"].tolist() == ["https://a.example/1; https://a.example/2"]


def test_kmz_and_an_archive_that_is_none(tmp_path, places):
    mark = "<Placemark><name>x</name><Point><coordinates>30.5,50.4</coordinates></Point></Placemark>"
    with zipfile.ZipFile(tmp_path / "t.kmz", "w") as packed:
        packed.writestr(
            "doc.kml", f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{mark}</Document></kml>'
        )
    assert check(tmp_path / "t.kmz", places).frame()["lat"].tolist() == [50.4]
    with zipfile.ZipFile(tmp_path / "u.kmz", "w") as packed:
        packed.writestr("readme.txt", "x")
    with pytest.raises(TableError, match=r"u\.kmz: it cannot be read as KML \(there is no \.kml file"):
        check(tmp_path / "u.kmz", places)
