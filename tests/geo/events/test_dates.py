"""Dates: what a text says about when, against the day it came out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.events.dates import resolve_time, shift
from geo.events.expressions import find_times, length_in_days

WEDNESDAY = "2024-03-20"
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read(text, **given):
    (found,) = find_times(text)
    return resolve_time(found, **{"published": WEDNESDAY, **given})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Tuesday", "2024-03-19"),
        ("on Wednesday evening", "2024-03-20"),
        ("last Wednesday", "2024-03-13"),
        ("on Thursday", "2024-03-14"),
        ("yesterday", "2024-03-19"),
        ("last night", "2024-03-19"),
        ("this morning", "2024-03-20"),
        ("two days ago", "2024-03-18"),
        ("a week ago", "2024-03-13"),
        ("on March 3", "2024-03-03"),
        ("on 3 March", "2024-03-03"),
        ("on 3rd of March, 2023", "2023-03-03"),
        ("on Dec. 30", "2023-12-30"),
        ("2024-02-29", "2024-02-29"),
        ("29.02.2024", "2024-02-29"),
        ("03/15/2024", "2024-03-15"),
        ("in March 2024", "2024-03"),
        ("overnight", "2024-03-19"),
        ("overnight into Wednesday", "2024-03-20"),
        ("in the night to Tuesday", "2024-03-19"),
    ],
)
def test_day(text, day):
    assert read(text).date == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Monday night into Tuesday", "2024-03-18", "2024-03-19"),
        ("on the night of March 3", "2024-03-03", "2024-03-04"),
        ("from 3 to 5 March", "2024-03-03", "2024-03-05"),
        ("March 3-5", "2024-03-03", "2024-03-05"),
        ("from Saturday to Monday", "2024-03-16", "2024-03-18"),
        ("over the weekend", "2024-03-16", "2024-03-17"),
        ("last week", "2024-03-11", "2024-03-17"),
        ("this week", "2024-03-18", "2024-03-20"),
    ],
)
def test_stretch_of_days(text, first, last):
    when = read(text)
    assert (when.date, when.date_end) == (first, last)


@pytest.mark.parametrize(
    ("text", "start", "end", "approx"),
    [
        ("at about 19:20", "19:20", None, True),
        ("at 7 p.m.", "19:00", None, False),
        ("at 12.30 am", "00:30", None, False),
        ("at 1930 GMT", "19:30", None, False),
        ("shortly after midnight", "00:00", None, True),
        ("at noon", "12:00", None, False),
        ("between 01:05 and 02:00", "01:05", "02:00", False),
        ("from 21:15 to 22:40", "21:15", "22:40", False),
    ],
)
def test_time_of_day(text, start, end, approx):
    when = read(text)
    assert (when.time, when.time_end, when.approx, when.date) == (start, end, approx, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("later that day", "2024-03-12"),
        ("that evening", "2024-03-12"),
        ("hours later", "2024-03-12"),
        ("the next day", "2024-03-13"),
        ("the previous night", "2024-03-11"),
        ("two days later", "2024-03-14"),
        ("three days earlier", "2024-03-09"),
    ],
)
def test_what_was_told_before(text, day):
    assert read(text, previous="2024-03-12").date == day


@pytest.mark.parametrize(
    "text", ["on Tuesday", "yesterday", "last week", "two days ago", "overnight", "this month"]
)
def test_no_day_of_publication_no_guess(text):
    assert read(text, published=None).date is None


def test_a_year_is_not_invented():
    assert read("On August 23", published=None).date == "XXXX-08-23"
    assert read("the night of August 23", published=None).date_end == "XXXX-08-24"


@pytest.mark.parametrize(
    "text",
    [
        "in 2017",
        "since June 1941",
        "ten years ago",
        "in recent months",
        "in the past",
        "last year",
        "every year",
    ],
)
def test_history_is_background(text):
    assert read(text).tense == "background"


@pytest.mark.parametrize("text", ["on March 30", "next month", "in the near future", "in 2 days"])
def test_what_is_to_come_is_future(text):
    assert read(text, future=True).tense == "future"


def test_a_planned_weekday_lies_ahead():
    assert read("on Friday", future=True).date == "2024-03-22"
    assert read("on Friday").date == "2024-03-15"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("a two-day visit", 2),
        ("a ten-day air-defence drill", 10),
        ("for three days", 3),
        ("two-week drills", 14),
    ],
)
def test_length(text, days):
    (found,) = find_times(text)
    assert length_in_days(found) == days


@pytest.mark.parametrize(
    "text", ["You may march with Sun Microsystems.", "2,500 troops", "in 2 of 3 cases", "score 3-1"]
)
def test_no_time_here(text):
    assert find_times(text) == []


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(NAMES))
def test_a_weekday_is_the_latest_one_and_never_ahead(published, name):
    found = date.fromisoformat(read(f"on {name}", published=published.isoformat()).date)
    assert found.weekday() == NAMES.index(name)
    assert timedelta(0) <= published - found < timedelta(7)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-400, 400))
def test_shift_and_back(day, days):
    assert shift(shift(day.isoformat(), days), -days) == day.isoformat()


@given(st.text(max_size=200))
def test_any_text_is_read_without_error(text):
    for found in find_times(text):
        assert text[found.start : found.end] == found.text
        resolve_time(found, published=WEDNESDAY, previous=WEDNESDAY)
        resolve_time(found)
