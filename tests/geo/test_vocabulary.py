"""Cells that keep their numbers from part to part."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.factors import Column
from geo.vocabulary import Vocabulary

CELLS = st.lists(st.sampled_from(["", "a", " a", "b", "n/a", "N/A ", "ü", "\u00a0c", "d e"]), max_size=12)


@settings(deadline=None)  # the first example loads Arrow
@given(st.lists(CELLS, max_size=5), st.integers(0, 9))
def test_parts_are_tidied_as_each_would_be_alone(parts, most):
    kept = Vocabulary(frozenset({"n/a"}))
    kept.MOST = most
    for part in parts:
        array = pa.array(part, pa.large_string())
        cut = pa.chunked_array([array[:3], array[3:]], pa.large_string())
        told = kept.tidied(cut)
        assert [*told] == [*Column(array).tidied(frozenset({"n/a"}))]
        assert [told.values[code] for code in told.codes] == [*told]


def test_numbers_stay():
    kept = Vocabulary(frozenset())
    first = kept.tidied(pa.array(["a", "b"], pa.large_string()))
    later = kept.tidied(pa.array([" b", "c"], pa.large_string()))
    assert (first.values, first.codes.tolist()) == (["a", "b"], [0, 1])
    assert (later.values, later.codes.tolist()) == (["a", "b", "c"], [1, 2])
