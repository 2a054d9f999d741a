"""Where rows are: by coordinates, else by name, never by a guess."""

import pytest

from geo.tables.read import check

HEAD = "date,place,country,lat,lon\n"
UCDP = (
    "id,type_of_violence,where_prec,date_prec,date_start,country,latitude,longitude\n1,1,{},1,2021-03-01,{}\n"
)


@pytest.mark.parametrize("point", ["40.5,47.5", "40.1431,47.5769", "40.143105,47.576927"])
def test_the_middle_of_a_country_is_no_place(table, places, point):
    (row,) = check(table(f"{HEAD}2024-01-05,,Azerbaijan,{point}\n"), places).rows
    assert row.outcome == "warned"
    assert "the middle of Azerbaijan" in row.messages[-1]
    assert row.incident["precision"] == "country"


def test_whole_degrees_are_said_to_be_vague_unless_the_table_says_how_exact_it_is(table, places):
    assert "whole degrees" in check(table(f"{HEAD}2024-01-05,,Algeria,36,3\n"), places).rows[0].messages[0]
    assert not check(table(UCDP.format(4, "Algeria,36,3")), places).rows[0].messages


def test_what_the_schema_puts_outside_the_country_is_not_doubted(table, places):
    assert not check(table(UCDP.format(7, "Somalia,10.5,55.5")), places).rows[0].messages
    assert (
        "km from the nearest" in check(table(UCDP.format(1, "Somalia,10.5,55.5")), places).rows[0].messages[0]
    )


def test_a_code_for_exact_coordinates_makes_no_country_exact(table, places):
    head = (
        "event_id_cnty,event_date,event_type,sub_event_type,actor1,country,location,"
        "latitude,longitude,geo_precision\n"
    )
    path = table(f"{head}A1,5 January 2024,Battles,Armed clash,A,Azerbaijan,,,,1\n")
    (row,) = check(path, places).rows
    assert (row.outcome, row.incident["precision"]) == ("warned", "country")


def test_coordinates_far_off_the_globe_are_one_rejected_row(table, places):
    report = check(table(f"{HEAD}2024-01-05,Kabul,Afghanistan,1e10,69\n"), places)
    assert [row.outcome for row in report.rows] == ["rejected"]


def test_a_cell_with_both_names_of_a_place_is_that_place(table, places):
    head = "date,place,country\n"
    rows = "2024-01-05,Khankendi / Stepanakert,Azerbaijan\n2024-01-05,Qwxyzabad / Goris,Armenia\n"
    one, other = check(table(f"{head}{rows}2024-01-05,Baku / Tbilisi,\n"), places).rows[:2]
    assert (one.outcome, one.incident["place_id"]) == ("accepted", "geonames:146970")
    assert (other.outcome, other.incident["lat"]) == ("warned", pytest.approx(39.51, abs=0.01))


def test_a_division_alone_is_no_town(table, places):
    (row,) = (
        check(table("date,admin1,country\n2024-01-05,Kalbajar,Azerbaijan\n"), places).frame().itertuples()
    )
    assert (row.precision, row.place) == ("district", "Kalbajar")
    assert row.radius_km > 20


def test_a_gulf_is_not_the_town_it_is_named_after(table, places):
    text = f"{HEAD}2024-01-05,Gulf of Aden,Yemen,12.5,47.5\n2024-01-06,Gulf of Aden,Yemen,,\n"
    report = check(table(text), places)
    assert report.rows[0].outcome == "accepted"
    assert report.rows[1].incident["place_id"] == report.rows[0].incident["place_id"]


def test_a_row_left_out_says_why_and_no_more(table, places):
    text = (
        "date,place,country,lat,lon\n2024-01-05,Zaylik,Azerbaijan,400.2094,45.93412\n2024-01-05,,,abc,45.9\n"
    )
    first, second = (row.messages for row in check(table(text), places).rows)
    assert len(first) == len(second) == 1
    assert first[0].endswith("write 40.02094, 45.93412")
    assert second[0].endswith('"abc" is not a coordinate, and no place is named')


def test_long_cells_are_cut_in_messages(table, places):
    long = "x" * 10_000
    report = check(
        table(f"date,type,place\n2024-01-05,{long},Kyiv\n2024-01-06,clash,{long}\n{long},clash,Kyiv\n"),
        places,
    )
    assert max(len(text) for row in report.rows for text in row.messages) < 400


def test_a_town_of_another_country_is_doubted_though_the_border_is_near(table, places):
    rows = "2024-01-05,,Armenia,39.2089,45.4122\n2024-01-05,,Georgia,41.6423,41.6339\n"
    report = check(table(HEAD + "2024-01-05,,Azerbaijan,41.5486,45.0088\n" + rows), places)
    assert [row.outcome for row in report.rows][1:] == ["warned", "accepted"]


def test_a_name_is_its_bearers_before_those_who_have_it_beside_their_own(table, places):
    text = "date,place,country,lat,lon\n2024-01-05,Gəncə,Azerbaijan,,\n2024-01-05,Zəylik,Azerbaijan,,\n"
    one, two = check(table(text), places).rows
    assert (one.outcome, one.incident["place_id"]) == ("accepted", "geonames:586523")
    assert (two.outcome, two.incident["lat"]) == ("warned", None)
    assert len(two.candidates) > 1


def test_a_district_alone_is_no_village_of_its_name_elsewhere(table, places):
    text = "date,country,province,district,place\n2024-01-05,Turkey,İstanbul,Kadıköy,\n"
    (row,) = check(table(text), places).rows
    assert row.outcome == "warned"
    assert (row.incident["precision"], round(row.incident["lat"])) == ("district", 41)
    assert row.incident["lon"] > 28.9


def test_a_village_nobody_knows_is_shown_at_the_division_its_row_gives(table, places):
    head = "date,village,district,region,country\n2024-01-05,"
    (row,) = check(table(f"{head}Qzxhqwpkj,Tibú,Norte de Santander,Colombia\n"), places).rows
    assert (row.outcome, row.incident["precision"]) == ("warned", "district")
    assert row.incident["place"] == "Qzxhqwpkj"
    assert row.incident["radius_km"] >= 25
    assert row.incident["confidence"] < 0.9
    assert row.messages == [
        'village: "Qzxhqwpkj" is not known: shown at Tibú, Norte de Santander, CO, the district of its row'
    ]
    (row,) = check(table(f"{head}Qzxhqwpkj,,Norte de Santander,Colombia\n"), places).rows
    assert (row.outcome, row.incident["precision"]) == ("warned", "region")
    (row,) = check(table(f"{head}Qzxhqwpkj,Vbnqxz,,Colombia\n"), places).rows
    assert row.outcome == "rejected"


def test_coordinates_are_not_held_against_the_division_of_an_unknown_village(table, places):
    text = "date,village,district,country,lat,lon\n2024-01-05,Qzxhqwpkj,Tibú,Colombia,4.60971,-74.08175\n"
    (row,) = check(table(text), places).rows
    assert (row.outcome, row.incident["confidence"]) == ("accepted", 1.0)


def test_a_vereda_is_known_by_its_name(table, places):
    text = "date,place,country\n2024-01-05,vereda Tibú,Colombia\n"
    (row,) = check(table(text), places).rows
    assert row.incident["lat"] == pytest.approx(8.64, abs=0.5)
