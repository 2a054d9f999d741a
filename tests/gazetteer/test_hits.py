"""What the index holds for many names at once is what it holds for each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.hits import hits_all, numbered

NAMES = ["Tripoli", "Baku", "Кельбаджар", "طرابلس", "US", "us", "Xqzzy", "", "Kalbajar region", "Jakutsk"]


def test_rows_of_many_names_are_those_of_each(places):
    found = hits_all(places, NAMES)
    for i, name in enumerate(NAMES):
        one, mine = places.hits(name), found.owner == i
        assert np.array_equal(found.rows[mine], one.rows), name
        assert np.array_equal(found.folded[mine], one.folded), name
        assert np.array_equal(found.kinds[mine], one.kinds), name


@given(st.lists(st.none() | st.text(st.characters(), max_size=3)))
def test_long_lists_are_numbered_as_short_ones(names):
    (one, short), (other, long) = numbered(names), _through_arrow(names)
    assert [one[i] if i >= 0 else None for i in short.tolist()] == names
    assert (one, short.tolist()) == (other, long.tolist())


def _through_arrow(names):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gazetteer.hits.LONG", 0)
        return numbered(names)
