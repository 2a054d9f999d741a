"""Columns of cells: each different text read once."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.factors import Column, joined

TIDIED = ["", "a", " a", "a\xa0", "N/A", "n/a ", "-", "-1", "НЕТ", "нету", "nə", "Nə"]
CELL = st.sampled_from(["", "a", "b", "c; d"])


@settings(deadline=None)
@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width), min_size=1, max_size=9)))
def test_cells_are_joined_row_by_row_whatever_is_empty(rows):
    columns = [Column.of(cells) for cells in zip(*rows, strict=True)]
    assert list(joined(columns)) == ["; ".join(dict.fromkeys(filter(None, row))) for row in rows]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["", "a", " a", "a\xa0", "N/A", "n/a ", "-", "-1", "НЕТ", "нету", "nə", "Nə"]),
        max_size=12,
    ),
    st.integers(0, 12),
)
def test_cells_are_tidied_alike_one_by_one_and_each_different_one_once(cells, cut):
    words = frozenset({"n/a", "-", "нет", "nə"})
    want = ["" if cell.strip().lower() in words else cell.strip() for cell in cells]
    column = Column(pa.chunked_array([cells[:cut], cells[cut:]], pa.large_string()))
    tidy = column.tidied(words)
    assert [tidy.values[code] for code in tidy.codes.tolist()] == want
    assert len(set(tidy.values)) == len(tidy.values)
    assert list(column.stripped().without(words)) == want
