"""Cells with times of day."""

import pytest

from geo.tables.clocks import read_time


@pytest.mark.parametrize(
    ("cell", "time"),
    [("02:10", "02:10"), ("7:50", "07:50"), ("0210", "02:10"), ("14h30", "14:30"), ("2:10 PM", "14:10"),
     ("18 часов", "18:00"), ("02:10:33", "02:10:33"), ("~02:10", "02:10"), ("в 02:10", "02:10"),
     ("14 h 30", "14:30"), ("0730Z", "07:30Z"),
     ("noon", "12:00"), ("02:10 UTC+4", "02:10+04:00"), ("1899-12-30 07:50:00", "07:50"), ("after 18:00",
     "18:00"), ("25:61", None),
     ("morning", None)],
)  # fmt: skip
def test_times(cell, time):
    assert read_time(cell)[0] == time
    assert bool(read_time(cell)[2]) == (time is None)


def test_spans_of_time():
    assert read_time("23:00-01:30")[:2] == read_time("between 23:00 and 01:30")[:2] == ("23:00", "01:30")


def test_halves_of_the_day_and_colons_of_other_tongues():
    assert read_time("4:30 a. m.")[0] == "04:30"
    assert read_time("18։30")[0] == "18:30"
