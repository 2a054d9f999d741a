"""The labelled dispatches in tests/golden say what their README promises."""

import datetime
import json
import re
from pathlib import Path

import pytest

from geo.frame import STATUSES, TYPES

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(p for folder in ("dev", "unseen") for p in (GOLDEN / folder).glob("*.json"))
ANALYST_STATUSES = {
    "reported", "confirmed", "alleged", "claimed", "contested", "denied", "attempted", "planned", "cancelled",
}  # fmt: skip
EVENT_KEYS = {
    "id", "type", "accept_types", "status", "our_status", "map", "trigger", "date", "date_end", "time",
    "places", "actors", "weapon", "casualties", "source", "confidence", "note",
}  # fmt: skip
#: Statuses an event on the map may have.
SHOWN = {"reported", "claimed", "contested"}


def load(path):
    """Return the labels and the text they are about."""
    return json.loads(path.read_text(encoding="utf-8")), path.with_suffix(".txt").read_text(encoding="utf-8")


def spans(labels):
    """Every span of a label file: triggers, places, look-alikes and other mentions."""
    for event in labels["events"]:
        yield event["trigger"]
        yield from event["places"]
    yield from labels["not_events"]
    yield from labels["other_place_mentions"]


def places(labels):
    """Every labelled place, in an event or beside it."""
    for event in labels["events"]:
        yield from event["places"]
    yield from labels["other_place_mentions"]


@pytest.fixture(params=FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def dispatch(request):
    return load(request.param)


@pytest.mark.parametrize(("folder", "count"), [("dev", 611), ("unseen", 30)])
def test_every_text_has_labels(folder, count):
    texts = {p.stem for p in (GOLDEN / folder).glob("*.txt")}
    assert texts == {p.stem for p in (GOLDEN / folder).glob("*.json")}
    assert texts == {f"{n:02}" for n in range(1, count + 1)}


def test_ids_are_unique():
    ids = [load(p)[0]["id"] for p in FILES]
    assert ids == [f"{p.parent.name}-{p.stem}" for p in FILES]


def test_spans_are_the_text(dispatch):
    labels, text = dispatch
    for span in spans(labels):
        assert span["text"]
        assert text[span["start"] : span["end"]] == span["text"]


def test_place_spans_are_whole_words(dispatch):
    labels, text = dispatch
    for place in places(labels):
        before, after = text[: place["start"]][-1:], text[place["end"] :][:1]
        assert not re.match(r"\w", before), place
        assert not re.match(r"\w", after), place


def test_a_place_is_labelled_once_beside_the_events(dispatch):
    labels, _ = dispatch
    beside = [(p["start"], p["end"]) for p in labels["other_place_mentions"]]
    of_events = {(p["start"], p["end"]) for e in labels["events"] for p in e["places"]}
    assert len(beside) == len(set(beside))
    assert not of_events & set(beside)


def test_one_span_means_one_place(dispatch):
    labels, _ = dispatch
    meaning = {}
    for place in places(labels):
        key = (place["start"], place["end"])
        assert meaning.setdefault(key, place["geonameid"]) == place["geonameid"]


def test_vocabulary(dispatch):
    labels, _ = dispatch
    assert labels["synthetic"] is True
    assert labels["events"]
    for event in labels["events"]:
        assert set(event) == EVENT_KEYS
        assert event["type"] == event["accept_types"][0]
        assert set(event["accept_types"]) <= set(TYPES)
        assert len(set(event["accept_types"])) == len(event["accept_types"])
        assert event["status"] in ANALYST_STATUSES
        assert event["our_status"] in STATUSES
        assert event["confidence"] in {"high", "medium", "low"}
    assert [e["id"] for e in labels["events"]] == [f"e{n}" for n in range(1, len(labels["events"]) + 1)]


def test_only_what_happened_somewhere_is_on_the_map(dispatch):
    labels, _ = dispatch
    for event in labels["events"]:
        if event["map"]:
            assert event["our_status"] in SHOWN
            assert event["type"] not in {"call", "statement"}
            assert event["places"]


def test_dates_and_times(dispatch):
    labels, _ = dispatch
    published = datetime.date.fromisoformat(labels["published"])
    assert 2019 <= published.year <= 2026
    assert labels["published_weekday"] == published.strftime("%A")
    for event in labels["events"]:
        if event["date"]:
            date = datetime.date.fromisoformat(event["date"])
            happened = event["our_status"] != "planned"
            assert date <= published or not happened, event
            assert abs((date - published).days) <= 90
        if event["date_end"]:
            assert event["date"] < event["date_end"]
        if event["time"]:
            assert re.fullmatch(r"[0-2]\d:[0-5]\d", event["time"]["start"])
            assert event["time"]["end"] is None or re.fullmatch(r"[0-2]\d:[0-5]\d", event["time"]["end"])
            assert event["time"]["approx"] in {True, False}


def test_casualties_are_counts_or_ranges(dispatch):
    labels, _ = dispatch
    for event in labels["events"]:
        assert set(event["casualties"]) == {"killed", "wounded", "arrested"}
        for count in event["casualties"].values():
            if isinstance(count, list):
                low, high = count
                assert 0 <= low < high
            else:
                assert count is None or count >= 0


def test_places_are_on_earth_and_sourced(dispatch):
    labels, _ = dispatch
    for place in places(labels):
        assert place["canonical"]
        assert place["country"] is None or re.fullmatch("[A-Z]{2}", place["country"])
        if place["lat"] is None:
            assert place["lon"] is None
            assert place["geonameid"] is None
        else:
            assert place["geonameid"] is None or place["geonameid"] > 0
            assert place["source"]
            assert -90 < place["lat"] < 90
            assert -180 < place["lon"] < 180
            assert (place["lat"], place["lon"]) != (0, 0)
    for event in labels["events"]:
        assert all(0 < p["uncertainty_km"] <= 150 for p in event["places"])


def test_the_set_is_broad():
    """Every type occurs in both folders, one in seven events or more is off the map."""
    for folder in ("dev", "unseen"):
        events = [e for p in FILES if p.parent.name == folder for e in load(p)[0]["events"]]
        assert {e["type"] for e in events} == set(TYPES)
        assert {e["our_status"] for e in events} == set(STATUSES)
        assert 0.15 <= sum(not e["map"] for e in events) / len(events) <= 0.45
