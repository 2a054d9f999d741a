"""A parsed text hangs together as spaCy's does."""

import pytest

from geo.inference import annotate
from geo.language import load_model

TEXT = (
    "Gunmen on motorbikes killed at least 14 people who were praying in Solhan on Friday, officials said.\n"
    "Shells, fired from the north, hit the town's market. (No one was hurt.)"
)


@pytest.fixture(scope="module")
def both():
    nlp = load_model()
    return annotate(nlp.make_doc(TEXT), [0]), nlp(TEXT)


def _numbers(tokens):
    return [t.i for t in tokens]


def test_words_hang_on_each_other_as_spacys_do(both):
    for ours, theirs in zip(*both, strict=True):
        assert _numbers(ours.children) == _numbers(theirs.children)
        assert _numbers(ours.lefts) == _numbers(theirs.lefts)
        assert _numbers(ours.rights) == _numbers(theirs.rights)
        assert _numbers(ours.subtree) == _numbers(theirs.subtree)
        assert _numbers(ours.ancestors) == _numbers(theirs.ancestors)
        assert (ours.left_edge.i, ours.right_edge.i) == (theirs.left_edge.i, theirs.right_edge.i)
        for other, spacys in zip(*both, strict=True):
            assert ours.is_ancestor(other) == theirs.is_ancestor(spacys)


def test_words_are_what_spacys_are(both):
    names = ("text", "lower_", "idx", "is_space", "is_punct", "like_num", "lemma_")
    for ours, theirs in zip(*both, strict=True):
        assert [getattr(ours, n) for n in names] == [getattr(theirs, n) for n in names]
        assert len(ours) == len(theirs)
        assert (ours.sent.start, ours.sent.end) == (theirs.sent.start, theirs.sent.end)


def test_sentences_and_names_are_spans_of_the_text(both):
    ours, theirs = both
    for a, b in zip([*ours.sents, *ours.ents], [*theirs.sents, *theirs.ents], strict=True):
        assert (a.text, a.start_char, a.end_char, a.label_) == (b.text, b.start_char, b.end_char, b.label_)
        assert [t.text for t in a] == [t.text for t in b]
        assert a[0] is ours[a.start]
        assert a[:-1] == list(a)[:-1]


def test_slices_are_those_of_a_list(both):
    ours, theirs = both
    assert ours[2:5].text == theirs[2:5].text
    assert ours[-1] is ours.tokens[-1]
    assert len(ours[7:3]) == 0
    assert ours[7:3].text == ""
    assert ours[len(ours) :].text == ""


@pytest.mark.parametrize(
    "span", [(0, 6), (3, 8), (10, 11), (9, 13), (3, 10), (7, 11), (len(TEXT) - 1, len(TEXT))]
)
def test_words_that_hold_some_characters(both, span):
    ours, theirs = both
    found, expected = ours.covering(*span), theirs.char_span(*span, alignment_mode="expand")
    assert (found.start, found.end) == (expected.start, expected.end)


@pytest.mark.parametrize("span", [(4, 4), (5, 2), (9, 10), (-1, 3), (0, len(TEXT) + 1)])
def test_no_words_hold_characters_that_are_not_there(both, span):
    assert both[0].covering(*span) is None


def test_neighbours_end_with_the_text(both):
    ours, _ = both
    assert ours[0].nbor() is ours[1]
    assert ours[1].nbor(-1) is ours[0]
    with pytest.raises(IndexError):
        ours[0].nbor(-1)
    with pytest.raises(IndexError):
        ours[-1].nbor()
