"""Tables: whatever the file, every row is imported, merged, or left out with a reason."""

import json
import pickle
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.errors import TableError
from geo.frame import validate
from geo.tables.read import check, read_incidents, stream_incidents, write_rejects

GOLDEN = Path(__file__).parents[2] / "golden" / "tables"
TABLES = sorted(path for path in GOLDEN.iterdir() if path.suffix in {".csv", ".tsv"})
TODAY = date(2025, 1, 1)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_golden(path, places):
    report = check(path, places, today=TODAY).as_json()
    want = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    assert {name: report[name] for name in ("encoding", "delimiter", "schema")} == {
        name: want[name] for name in ("encoding", "delimiter", "schema")
    }
    assert len(report["rows"]) == len(want["rows"])
    for row, expected in zip(report["rows"], want["rows"], strict=True):
        got = {name: row[name] for name in ("row", "line", "outcome")}
        assert got == {name: expected[name] for name in ("row", "line", "outcome")}, row["messages"]
        if "incident" in expected:
            shown = {name: row["incident"][name] for name in expected["incident"]}
            assert shown == expected["incident"], row["messages"]
        assert len(row["candidates"]) == expected.get("candidates", 0)
        assert (
            bool(row["messages"]) == (row["outcome"] not in {"accepted", "empty"})
            or row["outcome"] == "empty"
        )


def test_the_report_is_plain_json_and_adds_up(places):
    report = check(GOLDEN / "mixed_up.csv", places)
    text = json.dumps(report.as_json(), allow_nan=False)
    rows = json.loads(text)["rows"]
    assert sum(report.counts().values()) == len(rows)
    kept = [row for row in rows if row["outcome"] in {"accepted", "warned"}]
    assert len(kept) == len(report.frame())
    assert all((row["incident"] is not None) == (row in kept) for row in rows)
    validate(report.frame())


def test_rejected_rows_are_kept_verbatim_and_can_be_mended(table, tmp_path, places):
    path = table(
        'date,place,title\n2024-02-30,Baku,"one, ""two"""\n2024-02-28,Baku,fine\n,Qwxyzabad,"a\nb"\n',
    )
    report = check(path, places)
    assert write_rejects(tmp_path / "rejects.csv", [report]) == {tmp_path / "rejects.csv": 2}
    back = check(tmp_path / "rejects.csv", places)
    assert back.mapping == {"date": "date", "place": "place", "title": "title"}
    (_, first), (_, second) = back.rows.ledger.rejects
    assert first[:3] == ["2024-02-30", "Baku", 'one, "two"']
    assert second[:3] == ["", "Qwxyzabad", "a\nb"]
    assert (first[4], second[4]) == ("1", "3")
    assert "no day of the calendar" in first[5]
    assert write_rejects(tmp_path / "none.csv", []) == {}
    assert not (tmp_path / "none.csv").exists()


def test_a_report_goes_from_one_process_to_another(places):
    report = check(GOLDEN / "mixed_up.csv", places, today=TODAY)
    again = pickle.loads(pickle.dumps(report))  # noqa: S301 - our own
    assert again.as_json() == report.as_json()
    assert list(again.rows.ledger.rejects) == list(report.rows.ledger.rejects)


def test_several_tables_are_combined_and_tell_which_row_is_whose(table, places):
    one = table("date,type,place,title\n2024-01-05,shelling,Kyiv,Shelling of Kyiv\n", "one.csv")
    two = table("date,type,place,title\n2024-01-05,shelling,Kyiv,Shelling of Kyiv\n", "two.csv")
    both = read_incidents([one, two], places)
    assert both["document"].tolist() == ["one.csv; two.csv"]
    assert [row["file"] for row in both.attrs["report"]] == ["one.csv", "two.csv"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b"name,score\nAnn,3\n", "no column says where"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path, places, data, said):
    path = tmp_path / "odd.csv"
    path.write_bytes(data)
    with pytest.raises(TableError, match=rf"^odd\.csv: .*{said}"):
        check(path, places)


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path, places):
    with pytest.raises(TableError, match="no such file"):
        check(tmp_path / "none.csv", places)
    with pytest.raises(TableError, match="no such file"):
        check(tmp_path / "none.gpkg", places)
    with pytest.raises(TableError, match="folder"):
        check(tmp_path, places)
    (tmp_path / "odd.geojson").write_text("{", "utf-8")
    with pytest.raises(TableError, match=r"odd\.geojson: it cannot be read"):
        check(tmp_path / "odd.geojson", places)


def test_plain_geojson_of_others(table, places):
    area = {"type": "Polygon", "coordinates": [[[46, 39], [46.2, 39], [46.2, 39.2], [46, 39]]]}
    told = {"date": "2024-01-05", "Event type": "Protest", "deaths": 0}
    feature = {"type": "Feature", "properties": told, "geometry": area}
    point = {**feature, "geometry": {"type": "Point", "coordinates": [46.34, 39.51]}}
    nothing = {**feature, "geometry": None}
    path = table(
        json.dumps({"type": "FeatureCollection", "features": [feature, point, nothing]}),
        "x.geojson",
    )
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["warned", "accepted", "rejected"]
    assert report.frame()[["type", "lat", "lon", "killed"]].values.tolist()[1] == ["protest", 39.51, 46.34, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda t: ("place,date,lat\n" + t).encode("utf-8", "replace"))
)
def test_any_bytes_give_a_report_or_one_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(data)
    try:
        report = check(path, Gazetteer.load())
    except TableError as error:
        told = str(error)
    else:
        told = "any.csv: "
        validate(report.frame())
        assert sum(report.counts().values()) == len(report.rows)
        json.dumps(report.as_json(), allow_nan=False)
    assert told.startswith("any.csv: ")
    assert "\n" not in told


def test_comments_repeated_headers_thousands_and_long_cells(table, places):
    long = "x" * 10_000 + ', and "more"'
    quoted = '"' + long.replace('"', '""') + '"'
    path = table(
        "# exported by hand\n#\ndate,place,killed,description\n# first part\n"
        f'2024-01-05,Kyiv,"1,200",{quoted}\ndate,place,killed,description\n2024-01-06,Lviv,1 200,b\n'
        "2024-01-07,Odesa,1.200,c\n",
    )
    report = check(path, places)
    assert [(row.line, row.outcome) for row in report.rows] == [
        (5, "accepted"), (6, "empty"), (7, "accepted"), (8, "accepted"),
    ]  # fmt: skip
    assert report.frame()["killed"].tolist() == [1200, 1200, 1200]
    assert report.frame()["description"].tolist()[0] == long


@pytest.mark.parametrize("size", [40, 300, 5000])
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_golden_in_parts_of_any_size(path, places, monkeypatch, size):
    want = check(path, places, today=TODAY).as_json()
    monkeypatch.setattr("geo.tables.encodings.PIECE", size)
    monkeypatch.setattr("geo.tables.cells.BYTES", size)
    monkeypatch.setattr("geo.tables.quick.SHORT", 0)
    assert check(path, places, today=TODAY).as_json() == want


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_golden_streamed_to_a_file(tmp_path, path, places, monkeypatch):
    monkeypatch.setattr("geo.tables.encodings.PIECE", 300)
    monkeypatch.setattr("geo.tables.cells.BYTES", 0)
    monkeypatch.setattr("geo.tables.spool.IN_MEMORY", 1000)
    want = check(path, places, today=TODAY)
    report = stream_incidents(path, places, tmp_path / "x.parquet", today=TODAY)
    assert report.counts() == want.counts()
    back = read_incidents(tmp_path / "x.parquet", places)
    whole = want.frame()
    back.attrs = whole.attrs = {}
    pd.testing.assert_frame_equal(pd.DataFrame(back), pd.DataFrame(whole))


def test_days_that_a_later_part_explains_are_read_again(table, places, monkeypatch):
    monkeypatch.setattr("geo.tables.encodings.PIECE", 60)
    monkeypatch.setattr("geo.tables.cells.BYTES", 0)
    rows = "".join(f"{n},03/04/2023,Kyiv\n" for n in range(30))
    frame = read_incidents(table("id,date,place\n" + rows + "x,08/23/2023,Kyiv\n"), places)
    assert set(frame["date"]) == {"2023-03-04", "2023-08-23"}
    assert len(frame) == 31


def test_a_table_that_is_utf8_only_at_its_beginning_is_read_again(tmp_path, table, places, monkeypatch):
    monkeypatch.setattr("geo.tables.encodings.CHECKED", 60)
    monkeypatch.setattr("geo.tables.encodings.PIECE", 60)
    monkeypatch.setattr("geo.tables.cells.HEAD", 10)
    monkeypatch.setattr("geo.tables.cells.BYTES", 0)
    rows = "".join(f"{n},2023-04-03,Kyiv\n" for n in range(30)) + "x,2023-08-23,Кельбаджар\n" * 2
    path = table("id,date,place\n" + rows, encoding="cp1251")
    for report in (check(path, places), stream_incidents(path, places, tmp_path / "x.parquet")):
        assert report.encoding == "cp1251"
        assert report.counts()["accepted"] == 31
        assert report.counts()["duplicate"] == 1
    assert read_incidents(tmp_path / "x.parquet", places)["place"].tolist()[-1] == "Кельбаджар"


def test_a_table_marked_as_utf8_that_is_none_is_refused(tmp_path, table, places, monkeypatch):
    monkeypatch.setattr("geo.tables.encodings.CHECKED", 60)
    rows = "".join(f"{n},2023-04-03,Kyiv\n" for n in range(30)) + "x,2023-08-23,Баку\n"
    path = table(b"\xef\xbb\xbf" + ("id,date,place\n" + rows).encode("cp1251"))
    with pytest.raises(TableError, match="says it is UTF-8 but byte 590 is not"):
        stream_incidents(path, places, tmp_path / "x.parquet")
    assert not (tmp_path / "x.parquet").exists()


def test_a_plain_large_table_gives_what_it_holds(tmp_path, table, places, monkeypatch):
    monkeypatch.setattr("geo.tables.encodings.PIECE", 300_000)
    rows = "".join(f"{n},2024-01-05,Kyiv,{50 + n / 1e5:.5f},30.5\n" for n in range(40_000))
    path = table("id,date,place,lat,lon\n" + rows + "x,,,,\n,,,,\n")
    report = check(path, places)
    assert report.counts() == {"accepted": 40_000, "warned": 0, "rejected": 1, "duplicate": 0, "empty": 1}
    assert (report.rows[39_999].line, report.rows[-1].line) == (40_001, 40_003)
    assert report.write_rejects(tmp_path / "rejects.csv") == 1


def test_rows_that_add_up_others_and_nul_characters(table, places):
    path = table("date,place,killed,title\n2024-01-05,Ky\0iv,2,a\n2024-01-06,Total,1,b\nTotal,,3,\n")
    report = check(path, places)
    assert [row.outcome for row in report.rows][::2] == ["warned", "rejected"]
    assert report.rows[0].messages == ["a NUL character is left out"]
    assert report.frame()["place"].tolist()[0] == "Kyiv"
    assert "adds other rows up" in report.rows[2].messages[0]
