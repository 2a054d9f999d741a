"""Misspelt names: all that is one edit away is looked up, and what is proposed is never sure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import is_ambiguous
from gazetteer.fuzzy import Edits
from gazetteer.store import hash64

LETTERS = "abc"


def edits(key):
    """Spell out all strings one edit away."""
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


@settings(deadline=None)
@given(st.text("abcdxyz ", min_size=1, max_size=12))
def test_hashes_of_edits_are_those_of_the_strings(key):
    found = Edits(key, LETTERS)
    spelled = [found[i] for i in range(len(found.hashes))]
    assert found.hashes.tolist() == [hash64(one) for one in spelled]
    assert set(spelled) == set(edits(key))


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("Kramatrosk", "Kramatorsk"), ("Bagdhad", "Baghdad"), ("Yervean", "Yerevan"), ("Mariopul", "Mariupol"),
     ("Stepanaket", "Khankendi"), ("Khankhendi", "Khankendi"), ("Etchmiadzine", "Vagharshapat")],
)  # fmt: skip
def test_misspelt_names_are_proposed_and_never_sure(places, misspelt, meant):
    found = places.find(misspelt, fuzzy=True, limit=5)
    assert meant in [c.place.name for c in found]
    assert all(c.match != "exact" or c.place.name != meant for c in found)


def test_what_is_only_like_a_name_leaves_it_open(places):
    found = places.find("Kramatrosk", fuzzy=True)
    assert found[0].match == "fuzzy"
    assert is_ambiguous(found)
    assert places.find("Kramatrosk") == [] or places.find("Kramatrosk")[0].match != "exact"


@pytest.mark.parametrize("name", ["", "\n", "a", "\ud800bc", "北京市", "x" * 300])
def test_any_name_can_be_asked_for(places, name):
    assert places.find(name, fuzzy=True) is not None
