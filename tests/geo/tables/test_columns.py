"""What columns mean: by schema, by heading, by content."""

import pandas as pd
import pytest

from geo.errors import TableError
from geo.frame import TYPES
from geo.tables.columns import meaning
from geo.tables.read import check, read_incidents
from geo.tables.schemas import country_codes, schemas


def test_headings_in_many_languages():
    want = {"Latitude (deg)": "lat", "Longtitude": "lon", "Количество погибших": "killed",
            "Дата события": "date",
            "Yaşayış məntəqəsi": "place", "Nombre de morts": "killed", "DATE (dd/mm/yyyy)": "date",
            "Ülke": "country",
            "Hadisə növü": "type", "HADİSƏNİN NÖVÜ": "type", "نوع الحدث": "type", "Тип происшествия": "type",
            "Hurt": "wounded", "عدد المصابين": "wounded", "Yaralıların sayı": "wounded", "Muertos": "killed",
            "DESCRIPCION DEL HECHO": "description", "Զոհերի թիվը": "killed", "Постраждалі": "wounded",
            "Vorfallsdatum": "date", "عرض جغرافیایی": "lat", "ԲՆԱԿԱՎԱՅՐ": "place", "Olay yeri": "place",
            "տեսակ": "type", "المكان": "place", "Fatalities (total)": "killed"}  # fmt: skip
    assert {heading: meaning(heading)[0] for heading in want} == want
    assert meaning("xyz") is None
    assert meaning("tags") is None


def test_schemas_speak_of_known_types_only():
    assert len(schemas()) >= 3
    for schema in schemas():
        assert set(schema.types.values()) <= set(TYPES)


SHAPES = {
    "TimeMap": (
        "id,description,date,time,location,latitude,longitude,association1,source1,killed\n"
        "1,Shells fell,2024-01-05,02:10,Kyiv,50.45,30.52,Shelling,Wire,2\n"
    ),
    "TimeMap ": (
        "id,description,date,time,time_precision,location,latitude,longitude,category,associations,sources\n"
        "1,Shells fell,1/5/2024,02:10,,Kyiv,50.45,30.52,Shelling,a,s\n"
    ),
    "Bellingcat": (
        "id,date,latitude,longitude,location,description,sources,associations\n"
        'C1,1/5/2024,50.45,30.52,Kyiv,Shells fell,https://example.org/a,"Type of incident=Shelling"\n'
    ),
    "Liveuamap": (
        "id,name,time,lat,lng,source,category\n7,Shells fell,1704448800,50.45,30.52,Wire,Shelling\n"
    ),
    "Liveuamap ": (
        "description,source_link,source_name,date,timestamp_utc,location,coordinates\n"
        'Shelling of Kyiv,https://example.org,Wire,2 hours ago,2024-01-05T19:31:00Z,Kyiv,"50.45, 30.52"\n'
    ),
    "ACLED": (
        "GWNO,EVENT_ID_CNTY,EVENT_DATE,TIME_PRECISION,EVENT_TYPE,ACTOR1,INTER1,ACTOR2,COUNTRY,LOCATION,LATITUDE,"
        "LONGITUDE,GEO_PRECISION,NOTES,FATALITIES\n"
        "369,UKR1,05-January-2024,1,Shelling,A,1,B,Ukraine,Kyiv,50.45,30.52,1,NA,NA\n"
    ),
    "HXL": (
        "When,Where it was,Sort,a,b,Dead\n"
        "#date+occurred,#loc+name,#event+type,#geo+lat,#geo+lon,#affected+killed+f\n"
        "2024-01-05,Kyiv,Shelling,50.45,30.52,2\n"
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_known_shapes(table, places, name):
    report = check(table(SHAPES[name]), places)
    (row,) = report.frame().to_dict("records")
    assert report.schema == name.strip()
    assert report.rows[0].outcome in {"accepted", "warned"}
    assert (row["date"], row["type"], row["lat"], row["lon"]) == ("2024-01-05", "shelling", 50.45, 30.52)


def test_a_table_of_hxl_tags_alone(table, places):
    path = table("#date,#adm2+name,#country,#affected+killed\n2024-01-05,Kalbajar District,AZ,2\n")
    report = check(path, places)
    assert report.mapping == {"#date": "date", "#adm2+name": "admin2", "#country": "country",
                              "#affected+killed": "killed"}  # fmt: skip
    assert report.frame()["killed"].tolist() == [2]


def test_country_codes_of_gdelt_are_fips():
    codes = country_codes("fips")
    assert codes["OS"] == ""
    assert (codes["AJ"], codes["AM"], codes["RS"], codes["GZ"], codes["SU"]) == ("AZ", "AM", "RU", "PS", "SD")


def test_days_of_a_span_given_are_kept_and_others_widened(table, places):
    head = "id,type_of_violence,where_prec,date_prec,date_start,date_end,latitude,longitude\n"
    spans = "1,1,1,4,2021-03-01,2021-03-31,14.5,2.1\n2,1,1,4,2021-03-05,2021-03-05,14.5,2.1\n"
    found = read_incidents(table(head + spans), places)
    assert found["date"].tolist() == ["2021-03-01", "2021-03"]
    assert found["date_end"].tolist() == ["2021-03-31", pd.NA]


def test_a_mapping_can_be_given(table, places):
    path = table("aa,bb\n2024-01-05,Kyiv\n")
    with pytest.raises(TableError, match=r"t\.csv: no column says where"):
        check(path, places)
    assert read_incidents(path, places, map={"bb": "place"})["place"].tolist() == ["Kyiv"]
    with pytest.raises(TableError, match="no column 'cc'"):
        check(path, places, map={"cc": "place"})
    with pytest.raises(TableError, match="'nowhere' is no field"):
        check(path, places, map={"bb": "nowhere"})


def test_longitude_first_by_the_heading(table, places):
    text = 'date,place,"Longitude, Latitude"\n2024-01-05,,"30.52, 50.45"\n2024-01-05,,"50.45 N, 30.52 E"\n'
    assert read_incidents(table(text), places)[["lat", "lon"]].drop_duplicates().values.tolist() == [
        [50.45, 30.52]
    ]


def test_headings_that_name_alternatives():
    assert meaning("Town/Village")[0] == "place"
    assert meaning("Killed/Injured")[0] == "killed wounded"
    assert meaning("Injured/Country") is None
    assert meaning("Lat/Lon")[0] == "coordinates"


def test_two_columns_of_coordinates_without_headings(table, places):
    text = "kdy,a,b\n2024-01-05,{0},40.02094\n2024-01-06,{0},40.12094\n"
    assert check(table(text.format("145.93412")), places).mapping == {"kdy": "date", "a": "lon", "b": "lat"}
    with pytest.raises(TableError, match="a and b look like coordinates, but nothing tells which"):
        check(table(text.format("45.93412")), places)


def test_who_did_it_to_whom_where_the_order_tells(table, places):
    head = "GLOBALEVENTID,SQLDATE,Actor1Name,Actor2Name,EventRootCode,ActionGeo_Type,ActionGeo_Lat,"
    rows = ("1,20240105,ARMENIA,POLICE", "2,20240105,,POLICE", "3,20240106,,")
    text = f"{head}ActionGeo_Long\n" + "".join(f"{row},14,4,40.18,44.51\n" for row in rows)
    frame = check(table(text), places).frame()
    assert frame["title"].fillna("").tolist() == ["ARMENIA → POLICE", "", ""]
    assert frame["actors"].fillna("").tolist() == ["ARMENIA; POLICE", "POLICE", ""]


def gdelt(version=2, n=6, **cells):
    """Make rows of a table of GDELT's; with `version` 1 without the fields that came later."""
    names = next(schema for schema in schemas() if schema.name == "GDELT").headless[2 - version]
    fixed = {"MonthYear": "202401", "Year": "2024", "FractionDate": "2024.0137", "Actor1Code": "GEO",
             "Actor1Name": "GEORGIA", "IsRootEvent": "1", "EventCode": "141", "EventBaseCode": "141",
             "EventRootCode": "14", "QuadClass": "3", "GoldsteinScale": "-6.5", "NumMentions": "4",
             "AvgTone": "-2.1", "Actor1Geo_Type": "1", "Actor1Geo_Lat": "42", "Actor1Geo_Long": "43.5",
             "ActionGeo_Type": "4", "ActionGeo_FullName": "Batumi, Ajaria, Georgia",
             "ActionGeo_CountryCode": "GG", "ActionGeo_Lat": "41.6423", "ActionGeo_Long": "41.6339",
             "DATEADDED": "20240105" + "121500" * (version - 1), "SOURCEURL": "https://b.test"}  # fmt: skip
    rows = [fixed | {"GLOBALEVENTID": str(900 + n), "SQLDATE": f"2024010{n + 1}"} | cells for n in range(n)]
    return [[row.get(name, "") for name in names] for row in rows]


def tabbed(rows):
    return "".join("\t".join(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows,
        lambda rows: [*rows, rows[0][:40]],
        lambda rows: [[*rows[0], "odd"], *rows[1:]],
        lambda rows: [["# exported"], [""], *rows],
        lambda rows: [["12", "garbage"], *rows],
        lambda rows: [[str(n), *row] for n, row in enumerate(rows)],
        lambda rows: [[*row, "", ""] for row in rows],
        lambda rows: [row[:-1] for row in rows],
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_gdelt_without_headings_is_told_by_its_cells(table, places, spoil, version):
    report = check(table(tabbed(spoil(gdelt(version)))), places)
    assert report.schema == "GDELT"
    found = report.frame()
    assert len(found) >= 5
    assert set(found["type"]) == {"protest"}
    assert set(found["lat"]) == {41.6423}
    assert found["date"].str.startswith("2024-01-0").all()


def test_another_table_as_wide_is_not_gdelt(table, places):
    rows = [["2024-01-05", "Kyiv", *(["x"] * 59)]] * 5
    with pytest.raises(TableError, match="no column says where"):
        check(table(tabbed([["what", "ever", *(f"c{n}" for n in range(59))], *rows])), places)


ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,inter1,country,"
    "location,latitude,longitude,geo_precision,notes,fatalities"
)
ACLED_ROW = (
    "UKR1,05 January 2024,2024,1,Political violence,Explosions/Remote violence,"
    "Shelling/artillery/missile attack,A,1,Ukraine,Kyiv,50.45,30.52,1,Shells fell,2"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells,
        lambda cells: [cell.upper() for cell in cells],
        lambda cells: [cell.replace("_", " ").title() for cell in cells],
        lambda cells: [cell.replace("_", "") for cell in cells],
        lambda cells: [cell.replace("event_date", "Date") for cell in cells],
        lambda cells: [cell.replace("actor1", "who") for cell in cells],
    ],
)
def test_acled_is_told_with_other_case_and_other_columns(table, places, change):
    head = ",".join(change(ACLED.split(",")))
    for text in (f"{head}\n{ACLED_ROW}\n", f"index,{head},mine\n7,{ACLED_ROW},x\n"):
        report = check(table(text), places)
        (row,) = report.rows
        assert report.schema == "ACLED"
        assert (row.outcome, row.incident["type"], row.incident["date"]) == (
            "accepted",
            "shelling",
            "2024-01-05",
        )


def test_ucdp_is_told_without_a_column_or_two(table, places):
    head = "id,relid,type_of_violence,side_a,where_prec,date_start,date_end,latitude,longitude,best,low,high"
    row = "1,x,1,A,1,2021-03-01,2021-03-02,14.5,2.1,3,3,4"
    report = check(table(f"{head},deaths_a,event_clarity\n{row},1,1\n"), places)
    assert report.schema == "UCDP GED"
    assert report.frame()["killed"].tolist() == [3]


def test_a_row_of_values_is_no_header(table, places):
    text = "1,2024-01-05,GEO,shelling,50.45,30.52\n2,2024-01-06,GEO,shelling,50.45,30.52\n"
    with pytest.raises(TableError, match="no row names the columns"):
        check(table(text), places)


def test_labels_that_tell_no_type_are_no_unknown_types(table, places):
    head = "id,date,latitude,longitude,location,description,sources,associations\n"
    rows = (
        'a,2024-01-05,50.45,30.52,Kyiv,Roof burnt,https://example.org/a,"Type of area affected=Kiosk"\n'
        'b,2024-01-05,50.45,30.52,Kyiv,Roof hit,https://example.org/b,"Area=Kiosk,Weapon System=Mortar"\n'
    )
    report = check(table(head + rows), places)
    assert [(row.outcome, row.incident["type"]) for row in report.rows] == [
        ("accepted", "other"),
        ("accepted", "shelling"),
    ]


def test_a_survey_of_kobo(table, places):
    text = (
        "start,end,today,Date_of_incident,Kind/Type_of_incident,_where,__where_latitude,__where_longitude,"
        "__where_precision,harm-killed,_submission_time,_id\n"
        "2024-03-09T10:11:12.000+03:00,2024-03-09T10:20:00.000+03:00,2024-03-09,2024-03-01,Shelling,"
        "50.45 30.52 120.5 4.9,50.45,30.52,4.9,2,2024-03-09T07:30:01,5501\n"
    )
    report = check(table(text), places)
    row = report.rows[0]
    assert (row.outcome, row.messages) == ("accepted", [])
    told = [row.incident[name] for name in ("date", "time", "type", "lat", "lon", "killed", "id")]
    assert told == ["2024-03-01", None, "shelling", 50.45, 30.52, 2, "5501"]


def test_a_location_of_pairs_is_a_point_and_a_village_beside_it_the_place(table, places):
    text = "date,location,village\n2024-03-01,50.45 30.52 120 5,Kyiv\n2024-03-02,50.45 30.53 0 0,Kyiv\n"
    report = check(table(text), places)
    assert report.mapping == {"date": "date", "location": "coordinates", "village": "place"}
    assert report.frame()["lon"].tolist() == [30.52, 30.53]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("GPS Latitude", "lat"), ("grp/point-Longitude", "lon"), ("Location (point).0.lat", "lat"),
        ("Широта места", "lat"), ("grp-geopoint", "coordinates"), ("a/b/Date_of_attack", "date"),
        ("launch latitude", None), ("latitude accuracy", None), ("Type format", None),
    ],
)  # fmt: skip
def test_a_word_that_tells_within_a_longer_heading(heading, field):
    found = meaning(heading)
    assert (found and found[0]) == field


def test_when_it_was_told_is_its_date_only_for_want_of_another(table, places):
    text = "published,place,{}\n2024-02-09,Kyiv,2024-02-01\n"
    assert check(table(text.format("fecha del hecho")), places).frame()["date"].tolist() == ["2024-02-01"]
    assert check(table(text.format("else")), places).frame()["date"].tolist() == ["2024-02-09"]


def test_start_and_end_of_events_are_days(table, places):
    report = check(table("start,end,place\n2024-02-01,2024-02-03,Kyiv\n"), places)
    assert report.mapping == {"start": "date", "end": "date_end", "place": "place"}


def test_titles_above_the_header(table, places):
    text = (
        "Incident log,,,,\nPrinted 12/03/2024,,,by the desk,\n,,,,\n,When,Where,,\n"
        "No.,Date,Village / Town,Lat.,Long.\n1,14/03/2024,Izium,49.20697,37.27679\n"
    )
    report = check(table(text), places)
    assert [row.outcome for row in report.rows] == ["accepted"]
    assert report.frame()["date"].tolist() == ["2024-03-14"]


def test_two_counts_in_one_column(table, places):
    report = check(table("date,place,Ранено/убито\n2024-02-01,Kyiv,5/2\n2024-02-02,Lviv,3\n"), places)
    counts = report.frame()[["killed", "wounded"]].astype("Int64").to_numpy().tolist()
    assert counts == [[2, 5], [pd.NA, pd.NA]]
    assert [row.outcome for row in report.rows] == ["accepted", "warned"]
    assert '"3" does not say how many were wounded or killed' in report.rows[1].messages[0]


def test_one_number_for_two_is_no_matter_where_both_have_columns(table, places):
    text = "date,place,killed,wounded,Killed/Injured\n2024-02-01,Kyiv,2,5,7\n"
    assert [row.outcome for row in check(table(text), places).rows] == ["accepted"]


def test_a_municipality_beside_a_smaller_place_is_its_division(table, places):
    alone = check(table("fecha,municipio,país\n2023-02-01,Tibú,Colombia\n"), places)
    assert alone.mapping["municipio"] == "place"
    beside = check(table("fecha,municipio,vereda,país\n2023-02-01,Tibú,Caño Indio,Colombia\n"), places)
    assert (beside.mapping["municipio"], beside.mapping["vereda"]) == ("admin2", "place")
    taken = check(table("fecha,municipio,vereda,distrito\n2023-02-01,Tibú,Caño Indio,Norte\n"), places)
    assert "municipio" not in taken.mapping
