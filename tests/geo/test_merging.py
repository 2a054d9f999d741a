"""Merging: one incident from several sources becomes one row; idempotent, and order plays no part."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.frame import COLUMNS, build_frame, records, validate
from geo.merging import combine

TOWN = {"precision": "settlement", "radius_km": 3}
HERE = {"place": "Harbour", "place_id": "test:1", "lat": 10.0, "lon": 20.0, **TOWN}
THERE = {"place": "Hill", "place_id": "test:2", "lat": 10.05, "lon": 20.0, **TOWN}
NEAR = {"place": "near Harbour", "lat": 10.02, "lon": 20.01, "precision": "exact", "radius_km": 1}
NOWHERE = {"place": "Atlantis", "located_by": "none"}


def frame(*rows):
    usual = {"status": "reported", "located_by": "gazetteer", "type": "shelling", "date": "2023-08-23"}
    full = [{**usual, "id": f"r{n}", **row} for n, row in enumerate(rows)]
    return build_frame({name: [row.get(name) for row in full] for name in COLUMNS})


def test_one_incident_of_two_documents_becomes_one_with_both_sources():
    quoted = {"quote": "The harbour was shelled.", "start": 4, "end": 28, "url": "https://example.org/1"}
    one = {"title": "Shelling of the harbour", "source": "Wire", "document": "a.csv", "killed": 2}
    other = {"title": "Shelling of harbour kills two", "source": "Daily", "document": "b.txt", "id": "x"}
    a, b = frame({**HERE, **one}), frame({**HERE, **other, **quoted})
    merged = combine(a, b)
    assert len(merged) == 1
    row = merged.iloc[0]
    assert (row.source, row.document, row.killed) == ("Daily; Wire", "b.txt; a.csv", 2)
    assert row.url == "https://example.org/1"
    assert (row.quote, row.start, row.end) == ("The harbour was shelled.", 4, 28)
    validate(merged)


def test_a_document_tells_its_own_incidents_apart():
    rows = [{**HERE, "title": "Shelling of the harbour", "document": "a.csv"} for _ in range(2)]
    assert len(combine(frame(*rows))) == 2


@pytest.mark.parametrize(
    "other",
    [
        {**THERE},
        {**HERE, "type": "meeting"},
        {**HERE, "date": "2023-08-25"},
        {**HERE, "date": None},
        {**HERE, "title": "Troop movement seen from the lighthouse"},
        {**HERE, "time": "21:30"},
    ],
)
def test_another_place_kind_day_or_story_is_another_incident(other):
    a = frame({**HERE, "title": "Shelling of the harbour", "document": "a.csv", "time": "02:10"})
    b = frame({"title": "Shelling of the harbour", "id": "x", "document": "b.csv", **other})
    assert len(combine(a, b)) == 2


CALL = {"type": "call", "title": "Call between Hill and Harbour", "origin": "Hill", "origin_id": "test:2",
        "origin_lat": 10.05, "origin_lon": 20.0, "located_by": "inferred"}  # fmt: skip
MEETING = {"type": "meeting", "title": "Meeting in Harbour"}


@pytest.mark.parametrize(
    ("one", "other", "rows"),
    [
        (CALL, CALL, 1),
        (CALL, {**MEETING, "title": "Call between Hill and Harbour"}, 2),  # a link is no scene
        (CALL, {**CALL, "origin": "Dale", "origin_id": "test:3"}, 2),
        (
            {
                **MEETING,
                "actors": "Foreign minister; Port authority",
                "quote": "The foreign minister met pilots.",
            },
            {**MEETING, "actors": "Envoy of Hill; Mayor", "quote": "Hill's envoy called on the mayor."},
            2,  # their titles only say what and where
        ),
        (
            {**MEETING, "quote": "The envoys of Hill and Dale met in Harbour on Wednesday."},
            {**MEETING, "quote": "On Wednesday the two envoys, of Hill and of Dale, met in Harbour."},
            1,
        ),
    ],
)
def test_talks_are_one_only_between_the_same(one, other, rows):
    a = frame({**HERE, **one, "document": "a.txt"})
    b = frame({**HERE, **other, "document": "b.txt", "id": "x"})
    assert len(combine(a, b)) == rows


def test_near_ones_are_proposed_with_their_score():
    a = frame({**HERE, "title": "Shelling of the harbour", "document": "a.csv"})
    b = frame({**HERE, "title": "Three rounds fall on the harbour", "id": "x", "document": "b.csv"})
    both = combine(a, b)
    (pair,) = both.attrs["near_duplicates"]
    assert {pair["one"], pair["other"]} == {"r0", "x"}
    assert 0.7 <= pair["score"] < 0.87


def test_claimed_and_denied_is_contested():
    a = frame({**HERE, "title": "Fire on the harbour", "status": "claimed", "document": "a.csv"})
    b = frame({**HERE, "title": "Fire on the harbour", "status": "denied", "document": "b.csv", "id": "x"})
    assert combine(a, b)["status"].tolist() == ["contested"]


def test_an_edited_copy_of_a_row_replaces_nothing_and_doubles_nothing():
    a = frame({**HERE, "title": "Fire", "document": "a.txt"})
    b = frame({**HERE, "title": "Fire", "document": "a.txt", "killed": 3})
    assert combine(a, b)["killed"].tolist() == [3]


def test_two_files_that_count_from_one_keep_their_rows():
    a = frame({**HERE, "id": "1", "title": "Fire on the harbour", "document": "a.csv"})
    b = frame({**THERE, "id": "1", "title": "Fire on the hill", "document": "b.csv"})
    both = combine(a, b)
    assert both["id"].is_unique
    assert set(both["title"]) == {"Fire on the harbour", "Fire on the hill"}


def test_attrs_of_all_frames_are_kept():
    a, b = frame({**HERE, "document": "a.txt"}), frame({**THERE, "id": "x", "document": "b.csv"})
    a.attrs = {"articles": ("A",), "mentions": ("m", "n"), "why": {"r0": "named"}}
    b.attrs = {"report": [{"row": 1}]}
    both = combine(a, b)
    assert both.attrs["articles"] == ("A",)
    assert both.attrs["mentions"] == (("m", "n"),)
    assert both.attrs["why"] == {"r0": "named"}
    assert both.attrs["report"] == [{"row": 1}]
    assert combine(both).attrs["mentions"] == (("m", "n"),)


def test_nothing_combined_is_an_empty_frame():
    validate(combine())
    assert len(combine(frame())) == 0


ROWS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b", "7"]),
        "type": st.sampled_from(["shelling", "firing", "meeting", "call"]),
        "status": st.sampled_from(["reported", "claimed", "denied"]),
        "date": st.sampled_from(["2023-08-23", "2023-08-24", "2023-08", None]),
        "time": st.sampled_from([None, "02:10", "09:00"]),
        "title": st.sampled_from(["Shelling of the harbour", "Harbour shelled", "Rounds fall", None]),
        "document": st.sampled_from(["a.csv", "b.csv", "c.txt", "b.csv; c.txt", None]),
        "source": st.sampled_from(["Wire", "Daily", None]),
        "killed": st.sampled_from([None, 0, 3]),
        "where": st.sampled_from([HERE, THERE, NEAR, NOWHERE]),
    }
).map(lambda row: {**row.pop("where"), **row})


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, max_size=8), st.randoms(use_true_random=False))
def test_combining_is_idempotent_and_order_plays_no_part(rows, random):
    whole = combine(frame(*rows))
    validate(whole)
    assert records(combine(whole)) == records(whole)
    assert records(combine(whole, whole)) == records(whole)
    shuffled = random.sample(rows, len(rows))
    cut = random.randint(0, len(rows))
    assert records(combine(frame(*shuffled[cut:]), frame(*shuffled[:cut]))) == records(whole)
    for column in ("source", "document"):
        said = {part for row in rows if row[column] for part in row[column].split("; ")}
        kept = {part for cell in whole[column].dropna() for part in cell.split("; ")}
        assert said == kept
