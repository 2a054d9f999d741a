"""Names in running texts: all that are known, at the right places, whatever stands around them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small


def spotted(g, *texts):
    found = g.scan(texts)
    return [texts[i][a:b] for i, a, b in zip(*(column.tolist() for column in found), strict=True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shells hit Port-au-Prince and St. Louis.", ["Port-au-Prince", "St. Louis"]),
        ("Baku's ministry left New\nYork City.", ["Baku", "New\nYork City"]),
        ("“Kyiv” — İstanbul, Xankəndi; Кельбаджар и Ереван", ["Kyiv", "İstanbul", "Xankəndi", "Кельбаджар",
        "Ереван"]),
        ("The US and Iraq; join us, Us.", ["US", "Iraq"]),
        ("IT IS US", []),
        ("It is in the UK, not in the uk; It, Is, Or.", ["UK"]),
        ("In March police said the army left.", []),
        ("baku and yerevan in small letters", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_found_where_they_stand(places, text, names):
    assert spotted(places, text) == names


def test_many_texts_have_the_names_of_each(places):
    texts = ["From Baku to", "Yerevan.", "", "Nothing here", "Շուշի and Zaylik"] * 3
    found = places.scan(texts)
    assert spotted(places, *texts) == ["Baku", "Yerevan", "Շուշի", "Zaylik"] * 3
    assert found.text.tolist() == [i + 5 * n for n in range(3) for i in (0, 1, 4, 4)]


WORDS = st.sampled_from(
    ["Riverton", "Old", "Mill", "Old Mill", "said", "—", "é", "İ", "\n", "Старая Мельница", "FR"]
)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=4))
def test_what_is_found_is_known_and_does_not_overlap(texts):
    g = small()
    found = list(zip(*(column.tolist() for column in g.scan(texts)), strict=True))
    assert all(len(g.rows(texts[i][a:b].replace("\n", " "))) for i, a, b in found)
    assert all(one[0] < other[0] or one[2] <= other[1] for one, other in pairwise(found))
    for i, text in enumerate(texts):
        assert [a for j, a, _ in found if j == i and text[a:].startswith("Riverton")] == [
            a for a in range(len(text)) if text.startswith("Riverton", a)
        ]


def test_a_name_is_found_beyond_a_chunk(places, monkeypatch):
    monkeypatch.setattr("gazetteer.scan.CHUNK", 10)
    assert spotted(places, "x" * 50 + " Baku", "Yerevan") == ["Baku", "Yerevan"]
