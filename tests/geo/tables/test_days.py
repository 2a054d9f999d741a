"""A column of dates decides how its cells are read."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tables.dates import read_day
from geo.tables.days import Calendar, habit_of, read_days


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


def test_midnight_everywhere_is_no_time():
    assert [d.time for d in read_days(["2023-08-23 00:00:00", "2023-08-24 00:00"])] == [None, None]
    assert [d.time for d in read_days(["2023-08-23 00:00:00", "2023-08-24 02:10"])] == ["00:00", "02:10"]


def test_what_is_to_come_is_warned_about():
    assert read_days(["2024-01-03"], today=date(2024, 1, 1))[0].warning
    assert not read_days(["2024-01-02"], today=date(2024, 1, 1))[0].warning


def test_what_the_cells_prove_goes_before_what_the_schema_says():
    assert [d.date for d in read_days(["03/04/2023", "08/23/2023"], order="dmy")] == [
        "2023-03-04",
        "2023-08-23",
    ]


@pytest.mark.parametrize("cell", ["1970-01-01", "1900-01-01"])
def test_days_that_programs_write_for_none_are_warned_about(cell):
    assert "empty date" in read_days([cell])[0].warning


CELLS = st.sampled_from(
    ["03/04/2023", "23/08/2023", "08/23/2023", "3.4.2023", "2023-04-03 00:00", "2023-04-03 02:10"]
)


@settings(deadline=None)
@given(st.lists(CELLS), st.integers(0, 5))
def test_parts_of_a_column_read_apart_are_read_as_the_whole(cells, cut):
    parts = cells[:cut], cells[cut:]
    habit = habit_of({c: read_day(c) for c in parts[0]}) | habit_of({c: read_day(c) for c in parts[1]})
    calendar = Calendar(habit=habit)
    assert [*calendar.read(parts[0]), *calendar.read(parts[1])] == read_days(cells)
