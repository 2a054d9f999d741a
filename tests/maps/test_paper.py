"""The page on paper."""

from __future__ import annotations

import re

import pandas as pd

from maps import IncidentMap


def test_paper_is_light_whatever_the_screen_is(visit, incidents, article) -> None:
    page = visit(IncidentMap(incidents, article=article), color_scheme="dark").page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    style = "getComputedStyle(document.documentElement).getPropertyValue"
    assert page.evaluate(f"['--paper', '--land'].map(n => {style}(n))") == ["#fff", "#f6f3ec"]
    corner = page.locator(".leaflet-dateline-base-pane canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 1, 1).data]"
    )
    assert corner == [211, 226, 234, 255], "drawn: browsers leave backgrounds out"
    assert page.locator(".folium-map").bounding_box()["width"] == 703
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(f"{style}('--paper')") == "#171b20"
    assert page.locator(".folium-map").bounding_box()["width"] > 703


def test_a_small_map_goes_on_one_sheet(visit, incidents, article) -> None:
    page = visit(
        IncidentMap(pd.concat([incidents, incidents.assign(id=lambda f: f["id"] + "2")]), article=article)
    ).page
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_printing_waits_for_the_map_to_be_drawn(visit, incidents) -> None:
    page = visit(IncidentMap(incidents, packed_from=1)).page
    page.evaluate(
        "window.print = () => { window.printed = document.querySelectorAll('.dateline-label').length; }"
    )
    for press in (lambda: page.locator("#actions .print").click(), lambda: page.keyboard.press("Control+p")):
        page.evaluate("window.printed = null")
        press()
        page.wait_for_timeout(600)
        assert page.evaluate("window.printed") > 0
