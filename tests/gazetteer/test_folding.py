"""Names by the million have the keys of each one alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.folding import BLOCK, fold_lines, lines_of, sound_lines, strings_of
from gazetteer.names import MANY, normalize, normalize_all, sound_key, sound_keys

#: Pieces that rules are about, and any ASCII.
PIECES = st.sampled_from(
    ["al", "the", "las", "de", "la", "und", "Saint", "sainte", "SANTA", "mount", "fort", "sankt", " ", "-",
     ".", "U.A.E.", "a.b", "_", "'", "`", "\t", "\x1c", "h", "ah", "shch", "tsch", "c", "ce", "m", "mn", "ye",
     "jey", "oo", "eee", "x", "q", "7"]
)  # fmt: skip
ASCII = st.text(st.characters(max_codepoint=127, exclude_characters="\n"), max_size=12)
NAMES = st.lists(st.lists(PIECES | ASCII, max_size=6).map("".join), max_size=12)


@settings(deadline=None, max_examples=300)
@given(NAMES)
def test_many_as_bytes_are_as_one_by_one(names):
    folded = fold_lines(lines_of(names))
    assert strings_of(folded) == [normalize(name) for name in names]
    assert strings_of(sound_lines(folded)) == [sound_key(name) for name in names]


@settings(deadline=None, max_examples=30)
@given(NAMES)
def test_long_lists_are_as_one_by_one(names):
    names = [*names, "x" * MANY, "Zəylik", "Новое Село", "Xocalı qəsəbəsi"]
    assert normalize_all(names) == [normalize(name) for name in names]
    assert sound_keys(names, turkic=True) == [sound_key(name, turkic=True) for name in names]


def test_more_than_a_block():
    names = [f"San Juan de la Number {i} " for i in range(2 * BLOCK // 20)]
    assert strings_of(sound_lines(fold_lines(lines_of(names)))) == [sound_key(name) for name in names]
    assert strings_of(fold_lines(lines_of([]))) == []
