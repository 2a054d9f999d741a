"""Cards: how the keyboard comes to one and back, and the other readings of a name that one shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from map_samples import EASTHAM, MILFORD, OSTROVS, frame_of, located
from playwright.sync_api import expect

from gazetteer.place import Candidate
from maps import IncidentMap


@pytest.fixture
def shown(visit, incidents, article, mentions):
    other = Candidate(replace(MILFORD, id="local:milford-2", lat=60.0, lon=10.0), 0.2, "exact", ("far off",))
    mentions[1] = replace(mentions[1], candidates=(Candidate(MILFORD, 0.8, "exact", ("near",)), other))
    return visit(IncidentMap(incidents, article=article, mentions=mentions)).page


@pytest.mark.parametrize(
    ("packed_from", "opener"),
    # What is drawn on the canvas of a packed page has no elements: `test_packed` walks through it.
    [
        (5000, ".dateline-pin"),
        (5000, "path.line-hit"),
        *((n, o) for n in (5000, 1) for o in (".chip", ".table button")),
    ],
)
def test_the_keyboard_is_taken_to_the_card_and_back(
    visit, incidents, article, mentions, packed_from, opener
) -> None:
    page = visit(IncidentMap(incidents, article=article, mentions=mentions, packed_from=packed_from)).page
    if opener.startswith(".table"):
        page.locator("#tab-table").click()
    opener += "[aria-label^='Firing']"
    page.locator(opener).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .card")).to_be_focused()
    expect(page.locator(".leaflet-popup .card")).to_have_accessible_name("Post comes under fire")
    page.keyboard.press("Escape")
    expect(page.locator(opener)).to_be_focused()


def test_the_mouse_leaves_the_focus_where_it_is(shown) -> None:
    shown.locator(".dateline-pin[aria-label^='Firing']").click()
    expect(shown.locator(".leaflet-popup .card")).to_be_visible()
    expect(shown.locator(".leaflet-popup .card")).not_to_be_focused()


def test_read_it_in_the_article_goes_to_the_sentence(shown) -> None:
    shown.locator("#tab-table").click()
    shown.locator(".table button[aria-label^='Meeting: Envoys']").focus()
    shown.keyboard.press("Enter")
    shown.get_by_role("button", name="Read it in the article").focus()
    shown.keyboard.press("Enter")
    expect(shown.locator(".chip[aria-label^='Meeting: Envoys']")).to_be_focused()


def test_other_readings_of_an_incidents_place_are_shown_on_request(shown) -> None:
    shown.locator(".dateline-pin[aria-label^='Firing']").click()
    assert shown.locator("path.ghost").count() == 0
    shown.locator(".card summary", has_text="Readings considered").click()
    expect(shown.locator(".card .candidates .chosen")).to_contain_text("80% · the one taken")
    shown.get_by_role("button", name="Show them on the map").click()
    expect(shown.locator("path.ghost")).to_have_count(2)
    expect(shown.locator(".dateline-tip")).to_have_text(["1 · 80%", "2 · 20%"])
    expect(shown.locator(".card-pane .card")).to_be_visible()
    frame = shown.locator(".folium-map").bounding_box()
    for box in (shown.locator("path.ghost").nth(k).bounding_box() for k in range(2)):
        assert frame["x"] < box["x"] < frame["x"] + frame["width"]
        assert frame["y"] < box["y"] < frame["y"] + frame["height"]
    shown.keyboard.press("Escape")
    expect(shown.locator("path.ghost")).to_have_count(0)


def test_what_a_name_in_a_table_may_be_is_shown_on_request(visit, incidents) -> None:
    several = [
        {"id": c.place.id, "name": c.place.label, "lat": c.place.lat, "lon": c.place.lon} for c in OSTROVS
    ]
    incidents.attrs["report"] = [
        {
            "file": "rows.csv",
            "row": 5,
            "outcome": "warned",
            "messages": ["none is chosen"],
            "candidates": several,
        }
    ]
    page = visit(IncidentMap(incidents)).page
    page.locator("#tab-missing").click()
    page.get_by_role("button", name="Show them on the map").click()
    expect(page.locator("path.ghost")).to_have_count(3)


def test_a_source_is_named_where_its_address_leads(visit) -> None:
    frame = frame_of(
        [{"id": "a", "source": "The Daily", "url": "https://example.org/1", "document": "rows.csv",
          "quote": "Shots.", **located(MILFORD)}],
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    page.locator(".dateline-pin").click()
    expect(page.locator("figcaption a")).to_have_text("The Daily")
    expect(page.locator("figcaption")).to_contain_text("rows.csv")


def test_a_packed_page_draws_how_far_off_the_origin_may_be(visit, incidents) -> None:
    page = visit(IncidentMap(incidents.iloc[:1], packed_from=1)).page
    page.locator("#tab-table").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as SVG").click()
    drawn = saved.value.path().read_text("utf-8")
    assert drawn.count('fill-opacity="0.08"') == 2, f"around {MILFORD.name} and {EASTHAM.name}"


def test_an_address_keeps_the_article_and_the_name_chosen(visit, incidents, article, mentions) -> None:
    page = visit(IncidentMap(incidents, article=[article, article], mentions=[mentions, mentions])).page
    page.locator(".chooser select").select_option("1")
    page.locator(".place.unresolved:visible").click()
    page.wait_for_url(lambda url: "article=1" in url and "name=9" in url)
    page.reload()
    expect(page.locator(".article").nth(1)).to_be_visible()
    expect(page.locator(".card-pane .card h2")).to_have_text("Ostrov")
