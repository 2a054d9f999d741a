"""The model's sums on whole arrays: what spaCy itself makes of a text, whatever came before."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import inference
from geo.inference import annotate
from geo.language import load_model, plain

TEXTS = (
    "The Azerbaijani Armed Forces opened fire on August 23, at 9:20 p.m., in the direction of Verin Shorzha, "
    "the Defense Ministry said. There were no casualties, and it didn't say who'd been there first.",
    "Secretary of State Antony Blinken spoke by phone with Prime Minister Nikol Pashinyan in Yerevan on "
    "Tuesday; three days earlier he'd met European Council President Charles Michel in Brussels.\n\n"
    "Residents of Port-au-Prince's Cité Soleil told Reuters that at least 12 people had been killed.",
    "Let's go.  \n \n 'No,' she said - \"there's nothing left in Khartoum\"  (or Omdurman).",
    "Kyiv",
)


def _said(doc):
    return [(t.text, t.tag_, t.pos_, t.dep_, t.head.i, t.is_sent_start, t.ent_type_, t.ent_iob_) for t in doc]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_spacy_reads_it(text):
    nlp = load_model()
    ours, spacys = annotate(nlp.make_doc(text), [0]), nlp(text)
    assert _said(ours) == _said(spacys)
    # Two words that make one ("let's") keep the lemmas they have by themselves.
    assert sum(a.lemma_ != b.lemma_ for a, b in zip(ours, spacys, strict=True)) <= text.count("Let's")


def test_the_dispatches_are_read_as_spacy_reads_them(seeds):
    nlp = load_model()
    text = plain((seeds / "dispatch.txt").read_text("utf-8")).text
    assert _said(annotate(nlp.make_doc(text), [0])) == _said(nlp(text))


def test_a_cut_starts_a_sentence():
    doc = annotate(load_model().make_doc("Shelling continues Three people were killed in Kherson"), [0, 2])
    assert [s.text for s in doc.sents] == ["Shelling continues", "Three people were killed in Kherson"]


def test_no_sentence_starts_where_it_is_held():
    tokens = load_model().make_doc("GOMA, D.R. Congo. Two men died. Others fled.")
    starts = [s.start for s in annotate(tokens, [0]).sents]
    held = annotate(tokens, [0], held=starts[1:])
    assert [s.start for s in held.sents] == starts[:1]


def test_no_name_runs_over_a_cut():
    doc = annotate(load_model().make_doc("Talks in New York City officials said so"), [0, 5])
    assert not any(e.start < 5 < e.end for e in doc.ents)


def test_no_text_is_no_matter():
    assert len(annotate(load_model().make_doc(""), [0])) == 0


def test_what_is_kept_of_words_changes_nothing(monkeypatch):
    nlp = load_model()
    fresh = inference.Pipeline.of(nlp)
    monkeypatch.setattr(inference, "_pipeline", lambda: fresh)
    monkeypatch.setattr(inference, "WORDS", 30)
    first = [_said(annotate(nlp.make_doc(t), [0])) for t in TEXTS]
    assert len(fresh.rows) < 100  # forgotten in between
    monkeypatch.setattr(inference, "WORDS", 10_000)
    again = [_said(annotate(nlp.make_doc(t), [0])) for t in reversed(TEXTS)]
    assert again[::-1] == first


def test_words_may_be_forgotten_with_their_text():
    nlp = load_model()
    texts = ["Zarkhubadians quarrelled in Upper Xyzzyland.", "Zarkhubadians quarrelled again."]
    lemmas = []
    for text in texts:
        with nlp.memory_zone():
            lemmas.append([t.lemma_ for t in annotate(nlp.make_doc(text), [0])])
    assert lemmas[0][:2] == lemmas[1][:2]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.data())
def test_any_text_is_annotated_whole(text, data):
    tokens = load_model().make_doc(text)
    more = data.draw(st.sets(st.integers(1, max(1, len(tokens) - 1)), max_size=5)) if len(tokens) > 1 else ()
    cuts = [0, *sorted(more)]
    doc = annotate(tokens, cuts)
    assert doc.text == text
    assert all(doc[i].is_sent_start for i in cuts if len(doc))
    assert all(t.tag_ and t.dep_ and t.head.sent == t.sent for t in doc)


def test_a_model_built_otherwise_is_left_to_spacy(monkeypatch):
    nlp = load_model()
    assert isinstance(inference.pipeline_of(nlp), inference.Pipeline)
    tokens, cuts = nlp.make_doc(TEXTS[2]), [0, 4]
    quick = inference.pipeline_of(nlp).annotate(tokens, cuts, (2,), TEXTS[2])
    monkeypatch.setattr(inference.Moves, "of", lambda system: system.no_such_thing)
    stock = inference.pipeline_of(nlp)
    assert isinstance(stock, inference.Stock)
    assert _said(stock.annotate(nlp.make_doc(TEXTS[2]), cuts, (2,), TEXTS[2])) == _said(quick)


def test_a_model_read_apart_is_left_to_spacy(monkeypatch):
    monkeypatch.setattr(inference.Pipeline, "_names", lambda *_: [])
    assert isinstance(inference.pipeline_of(load_model()), inference.Stock)


def test_rules_that_look_at_more_than_words_see_every_word():
    ruler = SimpleNamespace(patterns=[{"patterns": [[{"SHAPE": "Xxx"}]]}])
    assert inference.Ruled.by(ruler).as_seen("Kyiv") == "kyiv"


def test_rules_see_the_words_that_they_name_and_white_space():
    named = [
        [{"LOWER": "there"}, {"LOWER": {"IN": ["is", "was"]}, "TAG": "VBZ"}],
        [{"LOWER": {"REGEX": "^n'?t$"}}],
    ]
    ruled = inference.Ruled.by(SimpleNamespace(patterns=[{"patterns": named}]))
    assert [ruled.as_seen(word) for word in ("There", "was", "n't", "Kyiv", " \n")] == [
        "there", "was", "n't", "", " ",
    ]  # fmt: skip


def test_a_longer_text_before_leaves_nothing_behind():
    nlp = load_model()
    alone = _said(annotate(nlp.make_doc(TEXTS[3]), [0]))
    annotate(nlp.make_doc(TEXTS[1] * 3), [0])
    assert _said(annotate(nlp.make_doc(TEXTS[3]), [0])) == alone
