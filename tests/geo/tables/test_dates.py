"""Cells with dates, each on its own."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tables.dates import read_day
from geo.tables.days import read_days


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
        ("unknown", None), ("20230823T0210Z", "2023-08-23"), ("2023/08", "2023-08"), ("mid-August 2023",
        "2023-08"),
        ("early 2023", "2023"), ("2023-08-23 (approx)", "2023-08-23"), ("23 August 2023, morning",
        "2023-08-23"),
        ("2023-08-23 24:10", "2023-08-23"), ("23.08.2023г.", "2023-08-23"), ("23 VIII 2023", "2023-08-23"),
        ("Wed Aug 23 02:10:00 +0000 2023", "2023-08-23"),
        ("Q3 2023", "2023-07-01"), ("2023-Q4", "2023-10-01"),
    ],
)  # fmt: skip
def test_dates(cell, iso):
    (day,) = read_days([cell])
    assert (day.date, day.error) == (iso, "")


@pytest.mark.parametrize(
    "cell",
    ["2023-02-30", "29/02/2023", "2023-13-45", "31/04/2023", "31 Feb 2023", "yesterday", "вчера",
     "2 days ago",
     "Tuesday", "1402/06/01", "soon", "08/25/2023 - 08/21/2023", "20231345",
     "2023-W60", "Q5 2024", "24 Aug - 22 Aug 2023"],
)  # fmt: skip
def test_dates_that_are_none(cell):
    (day,) = read_days([cell])
    assert day.error
    assert day.date is None


def test_a_local_time_stays_local():
    day = read_day("2023-08-23T02:10+04:00")
    assert (day.date, day.time) == ("2023-08-23", "02:10+04:00")


@pytest.mark.parametrize(
    "cell",
    [
        "22-23 August 2023",
        "2023-08-22/2023-08-23",
        "22.08 - 23.08.2023",
        "August 22-23, 2023",
        "2023-08-22 to 2023-08-23",
        "2023-08-22/23",
        "22-23.08.2023",
        "22.08.2023-23.08.2023",
        "22/23 August 2023",
        "night of 22-23 August 2023",
        "08/22/2023 - 08/23/2023",
        "8/22-8/23/2023",
        "22/08/2023 al 23/08/2023",
        "с 22 по 23 августа 2023 г.",
        "du 22 au 23 août 2023",
        "22 and 23 August 2023",
        "2023-08-22..2023-08-23",
        "20230822-20230823",
        "2023/08/22-2023/08/23",
        "22.08.–23.08.2023",
        "من 22 إلى 23 أغسطس 2023",
        "22-dən 23 avqust 2023",
    ],
)
def test_spans_of_days(cell):
    (day,) = read_days([cell])
    assert (day.date, day.date_end) == ("2023-08-22", "2023-08-23")


def test_spans_of_months_and_years():
    spans = {"August-September 2023": ("2023-08", "2023-09"), "2022/2023": ("2022", "2023")}
    assert {cell: ((day := read_day(cell)).date, day.date_end) for cell in spans} == spans


def test_the_column_decides_the_order_of_both_ends_of_a_span():
    cells = ["03/04/2023 - 05/04/2023", "08/23/2023"]
    day, _ = read_days(cells)
    assert (day.date, day.date_end) == ("2023-03-04", "2023-05-04")
    (day,) = read_days(cells[:1])
    assert (day.date, day.date_end) == ("2023", None)
    assert "2023-04-03 or 2023-03-04" in day.warning
    (day,) = read_days(["05/05/2023 - 06/07/2023"])
    assert (day.date, day.date_end) == ("2023", None)


def test_days_that_are_named_apart_are_no_span():
    assert read_day("21 and 25 August 2023").error


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1800, 1, 1), date(2150, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d"]),
)
def test_every_day_is_read_in_every_certain_form(day, form):
    text = day.strftime(form).replace(f"{day:%Y}", f"{day.year:04}")
    assert read_days([text], today=date.max)[0].date == day.isoformat()


def test_a_week_of_iso_8601_is_seven_days():
    day = read_day("2024-W03")
    assert (day.date, day.date_end) == ("2024-01-15", "2024-01-21")
