"""Columns of any frame, and the rows they are put together into again."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.columns import Coded, columns_of, derived

SCALARS = st.none() | st.text(max_size=3) | st.integers(-3, 3)


@given(st.lists(SCALARS, max_size=30))
def test_a_column_gives_back_its_values(values) -> None:
    column = Coded.of(values, np.arange(len(values)))
    assert [column[n] for n in range(len(values))] == values
    assert column.values[0] is None
    assert len(set(map(repr, column.values))) == len(column.values)


@given(st.lists(st.tuples(SCALARS, SCALARS), max_size=30))
def test_a_column_made_of_two_is_made_row_by_row(pairs) -> None:
    a, b = (Coded.of([p[k] for p in pairs], np.arange(len(pairs))) for k in (0, 1))
    made = derived(lambda x, y: (x, y), a, b)
    assert [made[n] for n in range(len(pairs))] == pairs


@pytest.mark.parametrize("long", [False, True])
def test_frames_of_other_makers_are_read(long) -> None:
    frame = geopandas.GeoDataFrame(
        {
            "id": [1, 2, None], "type": ["riot", None, "call"], "lon": [45, 46, 47],
            "title": pd.Series(["a\ud800b", "  ", float("nan")], dtype=object),
            "actors": [["A", "B"], None, ("C",)], "lat": pd.Series(["40.1", "x", None], dtype=object),
            "date": pd.to_datetime(["2024-05-03", None, "2024-01-01"]),
            "killed": pd.array([1, None, 0], dtype="Int64"), "source": pd.Categorical(["x", "y", "x"]),
        }
    )  # fmt: skip
    frame.index = [5, 5, 9]
    rows = [columns_of(frame, long=long).row(n) for n in range(3)]
    assert [row["title"] for row in rows] == ["a\ufffdb", None, None]
    assert [row["actors"] for row in rows] == ["A; B", None, "C"]
    assert [row["lat"] for row in rows] == [40.1, None, None]
    assert [row["killed"] for row in rows] == [1, None, 0]
    assert [row["type"] for row in rows] == ["riot", "other", "call"]
    assert rows[2]["id"] == "row-3"
    assert rows[0]["days"] == (19846, 19846)
