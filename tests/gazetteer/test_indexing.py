"""Keys of millions of names are those of each name."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.folding import lines_of
from gazetteer.indexing import line_keys, name_keys
from gazetteer.names import skeletons
from gazetteer.store import ALTERNATE, ENGLISH, PRIMARY, hash_all

#: What folds, romanises, strips or reads in some way of its own.
WORDS = st.sampled_from([
    "Kalbajar", "Upper", "the", "Lake", "District", "Mount", "am", "See", "city of", "Saint", "de",
    "la", "FRD", "BAK", "Çay", "Xocalı", "Kəlbəcər", "rayonu", "Novo-Selo", "область", "Новая",
    "Հայաստան", "ու", "Ելք", "کوه", "北京市", "St.", "O'Brien", "Straße", "Ελλάς", "ʻAli", "ﬁx", "İl",
    "e\u0301", "Ур", "Zürich", "qax", "x", " ",
])  # fmt: skip
LETTERS = st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x587, categories=["L"]), max_size=6)
NAMES = st.tuples(
    st.lists(WORDS | LETTERS, min_size=1, max_size=5).map(" ".join),
    st.sampled_from([PRIMARY, ENGLISH, ALTERNATE]),
    st.sampled_from(["P.PPL", "P.PPLC", "A.ADM1", "A.PCLI", "H.LK", "T.MT", ""]),
    st.sampled_from(["AZ", "AM", ""]),
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(NAMES, max_size=10))
def test_keys_of_lines_are_those_of_names(rows):
    names, kinds, features, countries = ([row[i] for row in rows] for i in range(4))
    one = name_keys(names, countries, features, kinds)
    known = sorted(set(features))
    many = line_keys(
        lines_of(names),
        np.array(kinds, np.uint8),
        np.array([known.index(f) for f in features], np.int64),
        known,
        np.array([c == "AZ" for c in countries], bool),
    )
    owner, sound, fold, kind = (column.tolist() for column in many.whole())
    assert sorted(zip(owner, sound, fold, kind, strict=True)) == sorted(
        zip(
            one.owner,
            hash_all(one.sound).tolist(),
            hash_all(one.fold).astype(np.uint32).tolist(),
            one.kind,
            strict=True,
        )
    )
    bones = [skeletons([name])[0] if kind == PRIMARY else "" for name, kind in zip(names, kinds, strict=True)]
    assert many.bone.tolist() == [h if b else 0 for b, h in zip(bones, hash_all(bones).tolist(), strict=True)]
