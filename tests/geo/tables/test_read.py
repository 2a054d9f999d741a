"""Tables: whatever the file, every row is imported, merged, or left out with a reason."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.errors import TableError
from geo.frame import TYPES, validate
from geo.tables.cells import decode, read_sheet
from geo.tables.columns import count_known, country_codes, meaning, schemas
from geo.tables.coordinates import read_angle, read_pair
from geo.tables.days import read_day, read_days, read_time
from geo.tables.quick import Records
from geo.tables.read import check, read_incidents, write_rejects
from geo.tables.values import read_count, read_status, read_type

GOLDEN = Path(__file__).parents[2] / "golden" / "tables"
TABLES = sorted(path for path in GOLDEN.iterdir() if path.suffix in {".csv", ".tsv"})


@pytest.fixture(scope="module")
def places():
    return Gazetteer.load()


def table(tmp_path, text, name="t.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# -- whole tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_golden(path, places):
    report = check(path, places, today=date(2025, 1, 1)).as_json()
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


def test_rejected_rows_are_kept_verbatim_and_can_be_mended(tmp_path, places):
    path = table(
        tmp_path,
        'date,place,title\n2024-02-30,Baku,"one, ""two"""\n2024-02-28,Baku,fine\n,Qwxyzabad,"a\nb"\n',
    )
    report = check(path, places)
    assert write_rejects(tmp_path / "rejects.csv", [report]) == 2
    back = check(tmp_path / "rejects.csv", places)
    assert back.mapping == {"date": "date", "place": "place", "title": "title"}
    first, second = back.sheet.raw
    assert first[:3] == ["2024-02-30", "Baku", 'one, "two"']
    assert second[:3] == ["", "Qwxyzabad", "a\nb"]
    assert (first[4], second[4]) == ("1", "3")
    assert "no day of the calendar" in first[5]
    assert write_rejects(tmp_path / "none.csv", []) == 0
    assert not (tmp_path / "none.csv").exists()


def test_several_tables_are_combined_and_tell_which_row_is_whose(tmp_path, places):
    one = table(tmp_path, "date,type,place,title\n2024-01-05,shelling,Kyiv,Shelling of Kyiv\n", "one.csv")
    two = table(tmp_path, "date,type,place,title\n2024-01-05,shelling,Kyiv,Shelling of Kyiv\n", "two.csv")
    both = read_incidents([one, two], places)
    assert both["document"].tolist() == ["one.csv; two.csv"]
    assert [row["file"] for row in both.attrs["report"]] == ["one.csv", "two.csv"]


def test_a_mapping_can_be_given(tmp_path, places):
    path = table(tmp_path, "aa,bb\n2024-01-05,Kyiv\n")
    with pytest.raises(TableError, match=r"t\.csv: no column says where"):
        check(path, places)
    assert read_incidents(path, places, map={"bb": "place"})["place"].tolist() == ["Kyiv"]
    with pytest.raises(TableError, match="no column 'cc'"):
        check(path, places, map={"cc": "place"})
    with pytest.raises(TableError, match="'nowhere' is no field"):
        check(path, places, map={"bb": "nowhere"})


def test_the_same_row_again_is_merged_and_its_source_kept(tmp_path, places):
    path = table(
        tmp_path,
        "date,type,place,title,source\n"
        "2024-01-05,shelling,Kyiv,Two hit,Wire\n"
        "2024-01-05,shelling,Kyiv,two  hit,Daily\n",
    )
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["accepted", "duplicate"]
    assert report.frame()["source"].tolist() == ["Wire; Daily"]


def test_rows_with_ids_of_their_own_are_never_merged(tmp_path, places):
    path = table(tmp_path, "id,date,type,place\na,2024-01-05,shelling,Kyiv\nb,2024-01-05,shelling,Kyiv\n")
    assert len(read_incidents(path, places)) == 2


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


def test_plain_geojson_of_others(tmp_path, places):
    area = {"type": "Polygon", "coordinates": [[[46, 39], [46.2, 39], [46.2, 39.2], [46, 39]]]}
    told = {"date": "2024-01-05", "Event type": "Protest", "deaths": 0}
    feature = {"type": "Feature", "properties": told, "geometry": area}
    point = {**feature, "geometry": {"type": "Point", "coordinates": [46.34, 39.51]}}
    nothing = {**feature, "geometry": None}
    path = table(
        tmp_path,
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
        assert sum(report.counts().values()) == len(report.rows) == len(report.sheet.rows)
        json.dumps(report.as_json(), allow_nan=False)
    assert told.startswith("any.csv: ")
    assert "\n" not in told


# -- cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "дата;место\n"), ("utf-16", "дата;место\n"), ("utf-16-le", "date;place\n"),
        ("cp1251", "дата;место\nКельбаджар\n"), ("cp1251", "x;Київ\n"), ("cp1251", "x;Баку\n"),
        ("cp1254", "yer\nIğdır\nŞırnak\n"),
        ("cp1252", "lieu\nBesançon\n"), ("cp1252", "lugar\nCórdoba\nMálaga\n"),
        ("cp1250", "miejsce\nŁódź\nKraków\n"),
        ("cp1256", "مكان\nبغداد\n"), ("koi8_r", "Огонь в направлении села\n"), ("utf-8", "Zəylik\n"),
    ],
)  # fmt: skip
def test_encodings(encoding, text):
    assert decode(text.encode(encoding), "x")[0] == text


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2023-08-23", "2023-08-23"), ("23/08/2023", "2023-08-23"), ("08/23/2023", "2023-08-23"),
        ("23.08.2023", "2023-08-23"), ("1.9.2023", "2023-09-01"), ("20230823", "2023-08-23"),
        ("23 Aug 2023", "2023-08-23"), ("Aug. 23rd, 2023", "2023-08-23"), ("23-Aug-23", "2023-08-23"),
        ("23 августа 2023 г.", "2023-08-23"), ("23 avqust 2023", "2023-08-23"), ("3 mai 2023", "2023-05-03"),
        ("3 de mayo de 2024", "2024-05-03"), ("٢٣ أغسطس ٢٠٢٣", "2023-08-23"),
        ("2023年8月23日", "2023-08-23"),
        ("Wed, 23 Aug 2023 02:10:00 +0400", "2023-08-23"), ("Aug 2023", "2023-08"), ("2023", "2023"),
        ("XXXX-08-23", "XXXX-08-23"), ("45161", "2023-08-23"), ("1692742200", "2023-08-22"),
        ("unknown", None),
    ],
)  # fmt: skip
def test_dates(cell, iso):
    (day,) = read_days([cell])
    assert (day.date, day.error) == (iso, "")


@pytest.mark.parametrize(
    "cell",
    ["2023-02-30", "29/02/2023", "2023-13-45", "31/04/2023", "31 Feb 2023", "yesterday", "вчера",
     "2 days ago",
     "Tuesday", "1402/06/01", "soon", "20231345", "24 Aug - 22 Aug 2023"],
)  # fmt: skip
def test_dates_that_are_none(cell):
    (day,) = read_days([cell])
    assert day.error
    assert day.date is None


def test_the_column_decides_the_order():
    def dates(*cells):
        return [day.date for day in read_days(cells)]

    assert dates("03/04/2023", "23/08/2023") == ["2023-04-03", "2023-08-23"]
    assert dates("03/04/2023", "08/23/2023") == ["2023-03-04", "2023-08-23"]
    assert dates("03/04/2023", "23/08/2023", "08/23/2023")[0] == "2023"
    assert dates("03/04/2023")[0] == "2023"
    assert dates("03.04.2023", "08/23/2023")[0] == "2023-04-03"
    assert dates("04/04/2023") == ["2023-04-04"]
    assert [d.date for d in read_days(["03/04/2023"], order="mdy")] == ["2023-03-04"]


def test_a_local_time_stays_local():
    day = read_day("2023-08-23T02:10+04:00")
    assert (day.date, day.time) == ("2023-08-23", "02:10+04:00")


def test_midnight_everywhere_is_no_time():
    assert [d.time for d in read_days(["2023-08-23 00:00:00", "2023-08-24 00:00"])] == [None, None]
    assert [d.time for d in read_days(["2023-08-23 00:00:00", "2023-08-24 02:10"])] == ["00:00", "02:10"]


@pytest.mark.parametrize(
    "cell", ["22-23 August 2023", "2023-08-22/2023-08-23", "22.08 - 23.08.2023", "August 22-23, 2023"]
)
def test_spans_of_days(cell):
    day = read_day(cell)
    assert (day.date, day.date_end) == ("2023-08-22", "2023-08-23")


def test_what_is_to_come_is_warned_about():
    assert read_days(["2024-01-03"], today=date(2024, 1, 1))[0].warning
    assert not read_days(["2024-01-02"], today=date(2024, 1, 1))[0].warning


@pytest.mark.parametrize(
    ("cell", "time"),
    [("02:10", "02:10"), ("7:50", "07:50"), ("0210", "02:10"), ("14h30", "14:30"), ("2:10 PM", "14:10"),
     ("18 часов", "18:00"), ("02:10:33", "02:10:33"), ("~02:10", "02:10"), ("25:61", None),
     ("morning", None)],
)  # fmt: skip
def test_times(cell, time):
    assert read_time(cell)[0] == time
    assert bool(read_time(cell)[2]) == (time is None)


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1800, 1, 1), date(2150, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d"]),
)
def test_every_day_is_read_in_every_certain_form(day, form):
    text = day.strftime(form).replace(f"{day:%Y}", f"{day.year:04}")
    assert read_days([text], today=date.max)[0].date == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("40.02094", 40.02094), ("40,02094", 40.02094), ("40°01'15.4\"N", 40.0209444),
     ("40 01 15 S", -40.0208333),
     ("W40.5", -40.5), ("40º 01' 15''", 40.0208333), ("40° 1.25' N", 40.0208333),
     ("40°1′15″ с.ш.", 40.0208333),
     ("−40.5", -40.5), ("4e1", 40.0)],
)  # fmt: skip
def test_angles(cell, degrees):
    assert read_angle(cell).degrees == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize("cell", ["inf", "abc", "1,234.5", "40°61'00\"N", "N40S"])
def test_angles_that_are_none(cell):
    assert read_angle(cell).error


@pytest.mark.parametrize(
    "cell",
    ["40.5, 45.25", "40,5; 45,25", "40,5 45,25", "40,5, 45,25", "45.25E 40.5N", "POINT (45.25 40.5)",
     "(40.5,45.25)",
     "40°30'N 45°15'E", "40.5/45.25"],
)  # fmt: skip
def test_pairs(cell):
    lat, lon = read_pair(cell)
    assert (lat.degrees, lon.degrees) == (40.5, 45.25)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_pair_is_read_back(lat, lon):
    one, two = read_pair(f"{lat!r}, {lon!r}")
    assert (one.degrees, two.degrees) == (lat, lon)


def test_no_count_is_not_zero():
    assert read_count("") == read_count("n/a") == (None, "")
    assert read_count("0") == (0, "")
    assert read_count("1,200")[0] == 1200
    assert read_count("3-5")[0] == 3
    assert read_count("-2")[0] is None


def test_words_for_types_in_many_languages():
    words = {"обстрел": "shelling", "partlayış": "explosion", "çatışma": "clash", "Armed clash": "clash",
             "drone attack": "drone_strike", "IED": "explosion", "manifestation": "protest",
             "Shelling": "shelling",
             "artillery shelling of a village": "shelling", "مظاهرة": "protest",
             "air_strike": "air_strike"}  # fmt: skip
    assert {word: read_type(word, {}) for word in words} == words
    assert read_type("landslide", {}) is None
    assert read_status("Confirmed") == "reported"


def test_headings_in_many_languages():
    want = {"Latitude (deg)": "lat", "Longtitude": "lon", "Количество погибших": "killed",
            "Дата события": "date",
            "Yaşayış məntəqəsi": "place", "Nombre de morts": "killed", "DATE (dd/mm/yyyy)": "date",
            "Ülke": "country",
            "տեսակ": "type", "المكان": "place", "Fatalities (total)": "killed"}  # fmt: skip
    assert {heading: meaning(heading)[0] for heading in want} == want
    assert meaning("xyz") is None
    assert meaning("tags") is None


def test_schemas_speak_of_known_types_only():
    assert len(schemas()) >= 3
    for schema in schemas():
        assert set(schema.types.values()) <= set(TYPES)


# -- grids, workbooks, KML ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "lat", "lon"),
    [
        # Zero points of the grids: the meridian of zone 31 is 3 degrees east, UTM counts from 500 km there.
        ("31N 500000 0", 0, 3), ("31 north 500000 000000", 0, 3), ("31 south 500000 10000000", 0, 3),
        ("UTM 31N E500000 N442300", 4.0016, 3), ("31NEA0000000000", 0, 3), ("31N EA 00000 00000", 0, 3),
        ("6FG22222+", 0.00125, 0.00125), ("6FG22222+22", 0.00006, 0.00006),
    ],
)  # fmt: skip
def test_grids(cell, lat, lon):
    one, two = read_pair(cell)
    assert (one.degrees, two.degrees) == pytest.approx((lat, lon), abs=2e-4)


@pytest.mark.parametrize(
    "cell", ["38TZZ12", "99TNL1234", "38TNL123", "31 500000 0", "8HF5CWC9", "T-34 1234", "CWC9+22"]
)
def test_grids_that_are_none(cell):
    assert read_pair(cell) is None


def test_a_grid_square_is_as_exact_as_it_is_wide():
    assert [read_pair(cell)[0].places for cell in ("38TNL1267", "38TNL123678", "38TNL1234567890")] == [
        2,
        3,
        5,
    ]
    assert read_pair("38TNL1267")[0].degrees == pytest.approx(read_pair("38TNL125675")[0].degrees, abs=0.001)


def test_tables_with_grids_are_recognised(tmp_path, places):
    named = table(tmp_path, "date,what,MGRS\n2024-01-05,shelling,38TNL1234567890\n", "a.csv")
    content = table(tmp_path, "date,what,hm\n2024-01-05,shelling,38TNL1234567890\n", "b.csv")
    parts = table(
        tmp_path, "date,UTM zone,Easting,Northing\n2024-01-05,38T,512348,4567890\n2024-01-05,,1,\n", "c.csv"
    )
    for path in (named, content):
        row = read_incidents(path, places).iloc[0]
        assert (row["lat"], row["lon"]) == pytest.approx((41.26234, 45.14738), abs=1e-4)
    report = check(parts, places)
    assert [row.outcome for row in report.rows] == ["accepted", "rejected"]
    assert report.frame()["lat"].tolist() == pytest.approx([41.26234], abs=1e-4)


def test_a_workbook_is_read_from_the_sheet_that_looks_like_incidents(tmp_path, places):
    path = tmp_path / "x.xlsx"
    cells = {"Date": [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-02-06 14:30")],
             "Place": ["Kyiv", "Lviv"],
             "Killed": [0, None], "lat": [50.45, None], "lon": [30.52, None]}  # fmt: skip
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"Read me": ["made up"]}).to_excel(book, sheet_name="About", index=False)
        pd.DataFrame(cells).to_excel(book, sheet_name="Data", index=False)
    report = check(path, places)
    frame = report.frame()
    assert report.file == "x.xlsx (Data)"
    assert frame["date"].tolist() == ["2024-01-05", "2024-02-06"]
    assert frame["killed"].tolist() == [0, pd.NA]
    assert frame["located_by"].tolist() == ["coordinates", "gazetteer"]
    (tmp_path / "y.xlsx").write_bytes(b"PK\x03\x04none")
    with pytest.raises(TableError, match=r"y\.xlsx: it cannot be read as a workbook"):
        check(tmp_path / "y.xlsx", places)


def test_kml_of_others(tmp_path, places):
    mark = (
        "<Placemark><name>Shelling &amp; fire</name><description><![CDATA[<b>Two</b> hit]]></description>"
        "<TimeStamp><when>2024-01-05</when></TimeStamp><ExtendedData><SchemaData>"
        '<SimpleData name="killed">2</SimpleData></SchemaData></ExtendedData>{}</Placemark>'
    )
    point = mark.format("<Point><coordinates>30.52,50.45,0</coordinates></Point>")
    line = mark.format("<LineString><coordinates> 30,50 31,51 </coordinates></LineString>")
    head = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
    path = table(tmp_path, f"{head}{point}{line}{mark.format('')}</Folder></Document></kml>", "x.kml")
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["accepted", "warned", "rejected"]
    told = report.frame()[["title", "description", "date", "killed", "lat", "lon", "type"]].values.tolist()
    assert told[0] == ["Shelling & fire", "Two hit", "2024-01-05", 2, 50.45, 30.52, "shelling"]
    assert told[1][4:6] == [50.5, 30.5]


@pytest.mark.parametrize("text", ["", "<kml>", "<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "no"])
def test_what_is_no_kml_is_one_sentence(tmp_path, places, text):
    with pytest.raises(TableError, match=r"^x\.kml: "):
        check(table(tmp_path, text, "x.kml"), places)


# -- schemas --------------------------------------------------------------------------------------------


SHAPES = {
    "TimeMap": (
        "id,description,date,time,location,latitude,longitude,association1,source1,killed\n"
        "1,Shells fell,2024-01-05,02:10,Kyiv,50.45,30.52,Shelling,Wire,2\n"
    ),
    "Bellingcat": (
        "id,date,latitude,longitude,location,description,sources,associations\n"
        'C1,1/5/2024,50.45,30.52,Kyiv,Shells fell,https://example.org/a,"Type of incident=Shelling"\n'
    ),
    "Liveuamap": (
        "id,name,time,lat,lng,source,category\n7,Shells fell,1704448800,50.45,30.52,Wire,Shelling\n"
    ),
    "HXL": (
        "When,Where it was,Sort,a,b,Dead\n"
        "#date+occurred,#loc+name,#event+type,#geo+lat,#geo+lon,#affected+killed+f\n"
        "2024-01-05,Kyiv,Shelling,50.45,30.52,2\n"
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_known_shapes(tmp_path, places, name):
    report = check(table(tmp_path, SHAPES[name]), places)
    (row,) = report.frame().to_dict("records")
    assert report.schema == name
    assert report.rows[0].outcome in {"accepted", "warned"}
    assert (row["date"], row["type"], row["lat"], row["lon"]) == ("2024-01-05", "shelling", 50.45, 30.52)


def test_a_table_of_hxl_tags_alone(tmp_path, places):
    path = table(tmp_path, "#date,#adm2+name,#country,#affected+killed\n2024-01-05,Kalbajar District,AZ,2\n")
    report = check(path, places)
    assert report.mapping == {"#date": "date", "#adm2+name": "admin2", "#country": "country",
                              "#affected+killed": "killed"}  # fmt: skip
    assert report.frame()["killed"].tolist() == [2]


def test_country_codes_of_gdelt_are_fips():
    codes = country_codes("fips")
    assert (codes["AJ"], codes["AM"], codes["RS"], codes["GZ"], codes["SU"]) == ("AZ", "AM", "RU", "PS", "SD")


def test_days_of_a_span_given_are_kept_and_others_widened(tmp_path, places):
    head = "id,type_of_violence,where_prec,date_prec,date_start,date_end,latitude,longitude\n"
    spans = "1,1,1,4,2021-03-01,2021-03-31,14.5,2.1\n2,1,1,4,2021-03-05,2021-03-05,14.5,2.1\n"
    found = read_incidents(table(tmp_path, head + spans), places)
    assert found["date"].tolist() == ["2021-03-01", "2021-03"]
    assert found["date_end"].tolist() == ["2021-03-31", pd.NA]


# -- mess -----------------------------------------------------------------------------------------------


def test_comments_repeated_headers_thousands_and_long_cells(tmp_path, places):
    long = "x" * 10_000 + ', and "more"'
    quoted = '"' + long.replace('"', '""') + '"'
    path = table(
        tmp_path,
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


# -- large tables ---------------------------------------------------------------------------------------


CELL = st.text(st.sampled_from('ab ,"\n#\tж1.;'), max_size=6)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=25, max_size=30), ragged=st.booleans())
def test_the_quick_way_gives_the_same_rows_as_the_careful_one(tmp_path_factory, rows, ragged):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["date", "place", "title"], *[["2024", "b", "c"]] * 25, *rows])
    path = tmp_path_factory.mktemp("quick") / "x.csv"
    path.write_bytes(out.getvalue().encode() + (b"a,b\n" if ragged else b""))
    careful = read_sheet(path, known=count_known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.tables.cells.LARGE", 0)
        quick = read_sheet(path, known=count_known)
    for name in ("header", "encoding", "delimiter", "headed", "notes"):
        assert getattr(quick, name) == getattr(careful, name)
    assert [list(row) for row in quick.rows] == careful.rows
    assert list(quick.lines) == careful.lines
    assert [quick.rows[at] for at in range(len(quick.rows))] == careful.rows


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_golden_the_quick_way(path, places, monkeypatch):
    want = check(path, places, today=date(2025, 1, 1)).as_json()
    monkeypatch.setattr("geo.tables.cells.LARGE", 0)
    assert check(path, places, today=date(2025, 1, 1)).as_json() == want


def test_a_plain_large_table_is_read_the_quick_way(tmp_path, places):
    rows = "".join(f"{n},2024-01-05,Kyiv,{50 + n / 1e5:.5f},30.5\n" for n in range(40_000))
    path = table(tmp_path, "id,date,place,lat,lon\n" + rows + "x,,,,\n,,,,\n")
    report = check(path, places)
    assert isinstance(report.sheet.rows, Records)
    assert report.counts() == {"accepted": 40_000, "warned": 0, "rejected": 1, "duplicate": 0, "empty": 1}
    assert (report.rows[39_999].line, report.rows[-1].line) == (40_001, 40_003)
    assert report.write_rejects(tmp_path / "rejects.csv") == 1
