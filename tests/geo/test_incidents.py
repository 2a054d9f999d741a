"""Incidents: an article in, what happened where, when, says who, out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import THURSDAY, names, only

from geo.articles import Article, read_article
from geo.frame import COLUMNS, SHOWN_STATUSES, STATUSES, TYPES
from geo.incidents import as_json, find_incidents, read


@pytest.fixture(scope="module")
def dispatch(places, seeds):
    article = read_article(seeds / "dispatch.txt", published="2023-08-23")
    return read(article, places)


def test_the_sample_gives_three_incidents_on_the_map(dispatch):
    found = {i.type: i for i in dispatch.incidents if i.on_map}
    assert {t: i.date for t, i in found.items()} == {
        "call": "2023-08-22", "firing": "2023-08-23", "meeting": "2023-08-22",
    }  # fmt: skip
    assert len([i for i in dispatch.incidents if i.on_map]) == 3


def test_the_firing_has_both_ends_and_is_only_claimed(dispatch):
    (firing,) = [i for i in dispatch.incidents if i.type == "firing"]
    target, origin = firing.places
    assert (target.role, target.place.id) == ("target", "geonames:584572")
    assert (origin.role, origin.place.id) == ("origin", "local:verin-shorzha")
    assert (firing.status, firing.time, firing.weapon) == ("claimed", "02:10", "small arms")
    assert (firing.precision, firing.radius_km) == ("vicinity", 10.0)
    assert (firing.killed, firing.wounded) == (None, None)
    assert "defense ministry" in firing.source


def test_the_call_is_a_link_between_capitals(dispatch):
    (call,) = [i for i in dispatch.incidents if i.type == "call"]
    assert [r.role for r in call.places] == ["party", "party"]
    assert sorted(names(call)) == ["Baku", "Tehran"]
    assert call.located_by == "inferred"


def test_what_is_planned_is_not_on_the_map(dispatch):
    planned = [i for i in dispatch.incidents if i.status == "planned"]
    assert planned
    assert not any(i.on_map for i in planned)


def test_without_a_day_of_publication_no_year_is_invented(places, seeds):
    found = read(read_article(seeds / "dispatch.txt"), places)
    assert {i.type: i.date for i in found.incidents if i.on_map} == {
        "call": None, "firing": "XXXX-08-23", "meeting": None,
    }  # fmt: skip


def test_every_incident_keeps_the_sentence_it_came_from(dispatch):
    text = dispatch.article.text
    for i in dispatch.incidents:
        assert text[i.start : i.end] == i.quote
        assert i.quote == i.quote.strip() != ""
        for role in i.places:
            assert text[role.start : role.end] == role.text


def test_ids_are_stable_and_differ(places, dispatch):
    again = read(dispatch.article, places)
    assert [i.id for i in again.incidents] == [i.id for i in dispatch.incidents]
    assert len({i.id for i in again.incidents}) == len(again.incidents)


def test_json_keeps_to_the_contract(dispatch):
    found = as_json(dispatch)
    assert set(found) == {"document", "mentions", "incidents"}
    assert set(found["document"]) == {"path", "title", "published"}
    incident = found["incidents"][0]
    assert set(incident) == {
        "id", "type", "status", "date", "date_end", "time", "time_end", "on_map", "start", "end", "text",
        "actors", "weapon", "killed", "wounded", "source", "places",
    }  # fmt: skip
    assert set(incident["places"][0]) == {"role", "start", "end", "place"}
    assert set(found["mentions"][0]) == {"start", "end", "text", "use", "confidence", "place"}


def test_the_frame_has_the_columns(places, seeds):
    article = read_article(seeds / "dispatch.txt", published="2023-08-23")
    frame = find_incidents(article, places)
    assert [c for c in frame.columns if c != "geometry"] == list(COLUMNS)
    assert frame.crs.to_epsg() == 4326
    assert frame.attrs["mentions"]


def test_offsets_point_into_the_text_as_given(places):
    text = "“Shells hit a school in Niko\u00adpol\u00a0on Sunday,” the governor said.\r\n\r\nNothing else."
    incident = only(places, text)
    assert text[incident.start : incident.end] == incident.quote
    assert incident.places[0].text == "Niko\u00adpol"


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.sampled_from("ABC abc.\n\r\u00ad“”-–:;0123456789é "), max_size=120))
def test_any_text_is_read_without_error(places, text):
    for incident in read(Article(text, published=THURSDAY), places).incidents:
        assert incident.type in TYPES
        assert incident.status in STATUSES
        assert incident.on_map == (incident.status in SHOWN_STATUSES and incident.located)
