"""When: the day of each event, and the day a text stands at."""

import pytest
from reading import THURSDAY, names, only, shown


def test_the_weekday_of_the_statement_is_not_that_of_the_event(places):
    text = "Shells hit a school in Nikopol on Sunday, the governor said on Tuesday."
    assert only(places, text).date == "2024-05-12"


def test_a_day_after_counts_from_the_rest_of_the_sentence(places):
    text = "Drills began off Karachi on Thursday, a day after a minister wrapped up a visit to Lahore."
    assert {i.type: i.date for i in shown(places, text)} == {"exercise": "2024-05-16", "visit": "2024-05-15"}


def test_what_was_done_before_gives_no_day_to_what_follows(places):
    text = (
        "Farmers marched in Jos on Wednesday. The minister, who had spent Monday in Abuja, could not attend. "
        "Women blocked the road at Maiduguri too."
    )
    assert {i.date for i in shown(places, text) if i.type == "protest"} == {"2024-05-15"}


def test_each_part_of_a_bulletin_begins_on_the_day_of_its_opening(places):
    text = (
        "Situation in the oblast on 15 May\n\nOn 15 May three districts were under fire.\n\n"
        "Nikopol district. At 02:10 on 16 May artillery shelled Marhanets.\n\n"
        "Izium district. In Barvinkove a van drove over a mine."
    )
    assert {i.type: i.date for i in shown(places, text)} == {
        "shelling": "2024-05-16", "explosion": "2024-05-15",
    }  # fmt: skip


def test_a_ticker_is_of_the_day_it_appears(places):
    text = "[09:10] Lviv: students march on the town hall.\n\n[10:40] Lviv: police arrested three marchers."
    assert {i.date for i in shown(places, text)} == {THURSDAY}


def test_the_day_of_what_was_over_by_then_is_not_its_own(places):
    text = "The two ministers signed the accord in Niamey on Wednesday, the guest having flown in on Monday."
    assert {i.date for i in shown(places, text) if i.type == "agreement"} == {"2024-05-15"}


def test_what_they_had_done_the_day_before_is_dated_so(places):
    text = "On Tuesday rebels fired mortars at Sake; the day before they had raided Goma."
    assert ("2024-05-13", "Goma") in {(i.date, names(i)[0]) for i in shown(places, text)}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The armies traded blame on Wednesday for the shelling of a hospital in Nikopol a day earlier.", 14),
        ("Guards said on Tuesday they had recorded shelling near Nikopol the day before.", 13),
        ("Seven drones were launched overnight. In Odesa, falling debris damaged a hotel.", 15),
        ("A drone came down on a depot in Kursk before dawn, the governor wrote.", 16),
        ("The trouble had begun on Sunday in Jos. A policeman was shot dead there.", 12),
        ("An envoy flew on Tuesday to Hargeisa.", 14),
    ],
)
def test_the_day_is_that_of_the_event(places, text, day):
    assert {i.date for i in shown(places, text)} == {f"2024-05-{day}"}


def test_a_month_told_of_on_a_later_day_is_history(places):
    assert (
        shown(places, "The office said on Monday it had documented the killing of 18 people in Jos in March.")
        == []
    )


def test_what_was_long_ago_gives_no_day_to_what_follows(places):
    text = (
        "Drones hit a depot in Odesa on Wednesday. Two weeks ago a drone killed a man in Mykolaiv. "
        "In Berdyansk police arrested a blogger."
    )
    assert {i.date for i in shown(places, text) if i.type == "arrest"} == {"2024-05-15"}


def test_a_day_that_something_is_called_for_gives_no_day_to_what_follows(places):
    text = (
        "Farmers marched in Jos on Wednesday. Organisers have called another march for Friday. "
        "Police arrested a farmer in Kano."
    )
    assert {i.date for i in shown(places, text) if i.type == "arrest"} == {"2024-05-15"}


def test_the_day_of_its_cause_makes_no_event_old(places):
    text = (
        "Shells hit Uri on Tuesday.\n\n"
        "In Srinagar, police arrested four people over an attack on a bus last month."
    )
    assert "arrest" in {i.type for i in shown(places, text)}


def test_what_goes_on_since_a_year_is_background(places):
    assert shown(places, "Fighting has raged in Sagaing since a 2021 coup.") == []


def test_capitals_that_exchange_prisoners_stand_for_their_governments(places):
    assert shown(places, "Kyiv and Moscow exchanged 95 prisoners each on Wednesday.") == []


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("Kharkiv region, summary for May 14, as given by officials on Thursday:", "2024-05-14"),
        ("Kharkiv region, the past day, from the head of the administration:", "2024-05-15"),
    ],
)
def test_a_heading_gives_the_day_of_all_below_it(places, heading, day):
    text = f"{heading}\n\nKupiansk: artillery hit a row of houses.\n\nChuhuiv: three drones struck a farm."
    assert {i.date for i in shown(places, text)} == {day}
