"""Columns of cells: each different text read once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.factors import Column, joined

CELL = st.sampled_from(["", "a", "b", "c; d"])


@settings(deadline=None)
@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width), min_size=1, max_size=9)))
def test_cells_are_joined_row_by_row_whatever_is_empty(rows):
    columns = [Column.of(cells) for cells in zip(*rows, strict=True)]
    assert list(joined(columns)) == ["; ".join(dict.fromkeys(filter(None, row))) for row in rows]
