"""Many names at once: the same answers as one by one."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small

WORDS = st.sampled_from(
    ["Riverton", "North", "South", "Old Mill", "Flussstadt", "Freedonia", "Sylvania", "FR", "march", "region",
     "Старая Мельница", "Rivertown", "Riverton region", "city of Riverton", "Ryverton", "نورث", "", "\n"]
)  # fmt: skip
NAMES = st.one_of(WORDS, st.text(max_size=12), st.lists(WORDS, min_size=2, max_size=3).map(", ".join))


@settings(deadline=None)
@given(st.lists(NAMES, max_size=12), st.sampled_from([None, "FR", "XX"]), st.sampled_from([None, "North"]))
def test_many_names_have_the_answers_of_each(names, country, within):
    g = small()
    asked = {"country": country, "within": within, "limit": 3}
    assert g.find_all(names, **asked) == [g.find(name, **asked) for name in names]


REAL = [
    "Tripoli", "Baku", "Paris, Texas", "Kelbadjar", "Кельбаджар", "کلبجر", "تهران", "NYC", "Nyc", "US", "us",
    "Xqzzy", "Kalbajar region", "the city of Paris", "March", "Zaylik", "San José", "Mt Ararat", "Bostonas",
    "Novi Sad", "北京", "Xankəndi", "Khankendi", "Idlib Governorate", "Qubadli", "Moscow (Russia)", "Jerevan",
]  # fmt: skip


@pytest.mark.parametrize("asked", [{}, {"country": "US"}, {"within": "Azerbaijan"}, {"limit": 1}])
def test_many_names_of_the_world_have_the_answers_of_each(places, asked):
    assert places.find_all(REAL * 2, **asked) == [places.find(name, **asked) for name in REAL] * 2


def test_best_rows_are_the_first_candidates(places):
    rows = places.best_rows(["Tripoli", "Xqzzy", "Baku", "Tripoli"])
    assert rows[1] == -1
    assert [places.place(int(r)).id for r in rows[[0, 2, 3]]] == [
        places.find(name)[0].place.id for name in ("Tripoli", "Baku", "Tripoli")
    ]
    assert places.best_rows([]).tolist() == []


NAMED = ["Tripoli", "Baku", None, "Tripoli", "Xqzzy", "Kalbajar region"]


@pytest.mark.parametrize(
    "column",
    [
        NAMED, tuple(NAMED), pd.Series(NAMED), pd.Series(NAMED, dtype="category"), np.array(NAMED, object),
        pd.Series(NAMED, dtype=object, index=range(5, 11)), pa.array(NAMED),
        pa.array(NAMED).dictionary_encode(),
        pa.chunked_array([NAMED[:2], NAMED[2:]]),
        pa.chunked_array([pa.array(NAMED[:2]).dictionary_encode(), pa.array(NAMED[2:]).dictionary_encode()]),
    ],
)  # fmt: skip
def test_columns_of_any_kind_are_read(places, column):
    names = ["" if name is None else name for name in NAMED]
    assert places.best_rows(column).tolist() == places.best_rows(names).tolist()
    assert places.find_all(column) == places.find_all(names)
