"""Names of letters beyond ASCII, read from tables, are folded and romanised as each one alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.alphabets import ends_of, fold_letters, kinds_of, roman_letters, select
from gazetteer.folding import lines_of, strings_of
from gazetteer.names import normalize, romanize

WORDS = st.sampled_from(
    ["Xocalı", "Kəlbəcər", "Новое Село", "Ελλάς", "Ելք", "Zürich", "Straße", "Baku", "北京"]
)
LETTERS = st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x587, categories=["L"]), min_size=1)


@pytest.mark.parametrize("turkic", [False, True])
@settings(deadline=None)
@given(names=st.lists(WORDS | LETTERS, min_size=1, max_size=8))
def test_letters_from_tables_are_as_one_by_one(turkic, names):
    lines = lines_of(names)
    _, lettered = kinds_of(lines)
    chosen = [name for name, held in zip(names, lettered.tolist(), strict=True) if held]
    lines = select(lines, ends_of(lines), lettered)
    assert strings_of(fold_letters(lines)) == [normalize(name) for name in chosen]
    read = [romanize(name.lower(), turkic=turkic) for name in chosen]
    assert strings_of(roman_letters(lines, turkic=turkic)) == read


def test_what_tables_cannot_read_is_told_apart():
    plain, lettered = kinds_of(lines_of(["Baku", "Xocalı", "北京", "Ёлки  вода"]))
    assert plain.tolist() == [True, False, False, False]
    assert lettered.tolist() == [False, True, False, False]
