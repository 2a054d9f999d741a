"""Filters and time: what is picked, what is counted, what an address keeps."""

from __future__ import annotations

import pytest
from map_samples import EASTHAM, MILFORD, NORTHTOWN, frame_of, located
from playwright.sync_api import expect

from maps import IncidentMap


@pytest.fixture
def shown(visit, incidents):
    page = visit(IncidentMap(incidents), width=1440).page
    page.locator("#tab-table").click()
    page.locator(".filters summary").click()
    return page


def rows(page):
    return page.locator(".table tbody tr")


def pick(page, name: str, facet: str = "Type"):
    return page.locator(".facets fieldset", has_text=facet).locator("label", has_text=name)


def test_what_is_picked_is_shown_and_the_rest_is_counted(shown) -> None:
    expect(pick(shown, "Meeting").locator(".count")).to_have_text("2")
    pick(shown, "Meeting").locator("input").check()
    expect(rows(shown)).to_have_count(2)
    expect(shown.locator(".dateline-pin")).to_have_count(1)
    expect(shown.locator(".told .said")).to_have_text("Shown: 2 of 6 incidents; Type: Meeting.")
    expect(pick(shown, "Call").locator(".count")).to_have_text("1")
    expect(pick(shown, "Planned", "Status").locator(".count")).to_have_text("1")
    expect(pick(shown, "Denied", "Status").locator(".count")).to_have_text("0")
    pick(shown, "Call").locator("input").check()
    expect(rows(shown)).to_have_count(3)
    pick(shown, "Planned", "Status").locator("input").check()
    expect(rows(shown)).to_have_count(1)
    shown.locator(".told .reset").click()
    expect(rows(shown)).to_have_count(6)
    expect(shown.locator(".facets input:checked")).to_have_count(0)
    expect(shown.locator(".reset:visible")).to_have_count(0)


def test_thresholds(shown) -> None:
    shown.get_by_label("Confidence at least").fill("0.9")
    expect(rows(shown)).to_have_count(1)
    expect(rows(shown)).to_contain_text("Envoys meet")
    shown.locator(".told .reset").click()
    shown.get_by_label("Place known at least to").select_option("settlement")
    assert "Post comes under fire" not in shown.locator(".table tbody").inner_text()


def test_the_dead_and_wounded_are_counted_with_their_ranges(visit) -> None:
    frame = frame_of(
        [{"id": "a", "killed": 2, **located(MILFORD)}, {"id": "b", "killed": 0, **located(EASTHAM)},
         {"id": "c", **located(NORTHTOWN)}],
        ranges={"c": {"killed": (3, 5)}},
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    page.locator(".filters summary").click()
    page.get_by_label("Killed, at least").fill("1")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Killed, at least").fill("4")
    expect(rows(page)).to_have_count(1)


def test_an_address_keeps_the_filters(shown) -> None:
    pick(shown, "Firing").locator("input").check()
    shown.get_by_label("Confidence at least").fill("0.5")
    shown.wait_for_url(lambda url: "type=firing" in url and "confidence=0.5" in url)
    shown.reload()
    expect(rows(shown)).to_have_count(1)
    expect(pick(shown, "Firing").locator("input")).to_be_checked()
    shown.locator("#actions .reset").click()
    expect(rows(shown)).to_have_count(6)


def test_several_sources_are_picked_one_by_one(visit) -> None:
    frame = frame_of(
        [{"id": "a", "source": "Daily; Weekly", **located(MILFORD)},
         {"id": "b", "source": "Weekly", **located(EASTHAM)}],
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    page.locator(".filters summary").click()
    expect(pick(page, "Weekly", "Source").locator(".count")).to_have_text("2")
    pick(page, "Daily", "Source").locator("input").check()
    expect(rows(page)).to_have_count(1)


def test_partial_dates_are_drawn_as_intervals(visit) -> None:
    frame = frame_of(
        [{"id": "a", "date": "2024-05-02", **located(MILFORD)},
         {"id": "b", "date": "2024-05", **located(EASTHAM)},
         {"id": "c", "date": "2024-05-20", "date_end": "2024-05-23", **located(NORTHTOWN)}],
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    widths = page.locator(".bars .strip").evaluate_all("all => all.map(r => Number(r.getAttribute('width')))")
    assert len(widths) == 2
    assert widths[0] > 950, "the whole month"
    assert widths[1] == pytest.approx(1000 / 31 * 3.8, rel=0.01)
    assert page.locator(".bars g:first-child rect:not(.strip)").count() == 1


def test_the_window_of_time_steps_by_keyboard_and_is_drawn(visit, incidents) -> None:
    page = visit(IncidentMap(incidents)).page
    page.get_by_role("button", name="Step forward").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".controls .said")).to_have_text("2 May 2024, by day")
    page.keyboard.press("Enter")
    expect(page.locator(".controls .said")).to_have_text("3 May 2024, by day")
    expect(page.get_by_label("Speed")).to_have_value("1")
    box = page.locator(".bars").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 9)
    page.mouse.up()
    expect(page.locator(".controls .said")).to_have_text("2 May 2024, by day")


def test_thresholds_are_counted_too(visit) -> None:
    frame = frame_of(
        [{"id": "a", "killed": 2, "confidence": 0.9, "precision": "settlement", **located(MILFORD)},
         {"id": "b", "killed": 0, "confidence": 0.4, "precision": "district", **located(EASTHAM)},
         {"id": "c", "precision": "settlement", **located(NORTHTOWN)}],
        ranges={"c": {"killed": (3, 5)}},
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    page.locator(".filters summary").click()

    def count(words: str):
        return page.locator(".thresholds label", has_text=words).locator("span.count")

    expect(count("Killed")).to_have_text("2")
    expect(count("Confidence")).to_have_text("2")
    page.get_by_label("Killed, at least").fill("4")
    expect(count("Killed")).to_have_text("1")
    expect(count("Confidence")).to_have_text("0")
    page.get_by_label("Killed, at least").fill("0")
    options = page.get_by_label("Place known at least to").locator("option")
    expect(options).to_have_text(["any", "a settlement (2)", "a district (3)"])


def test_dates_stand_below_the_bars(visit, incidents) -> None:
    page = visit(IncidentMap(incidents)).page
    expect(page.locator(".ticks span")).to_have_text(["2 May", "3 May"])
    incidents.loc[0, "date"] = "2019-02-03"
    page = visit(IncidentMap(incidents)).page
    texts = page.locator(".ticks span").all_inner_texts()
    assert texts == sorted(texts)
    assert {"2020", "2023"} <= set(texts)


def test_playing_is_not_read_out_at_every_step(visit, incidents) -> None:
    page = visit(IncidentMap(incidents)).page
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#summary")).to_have_attribute("aria-live", "off")
    page.get_by_role("button", name="Stop").click()
    assert page.locator("#summary").get_attribute("aria-live") is None
