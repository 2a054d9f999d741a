"""Pages of many incidents: packed, drawn on one canvas, and doing all that small ones do."""

from __future__ import annotations

import re

import folium
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_samples import EASTHAM, HOSTILE, MILFORD, frame_of
from playwright.sync_api import expect
from test_accessible import violations

from geo.frame import COLUMNS
from maps import IncidentLayer, IncidentMap, assets, packing, surroundings
from maps.columns import columns_of

ROWS = 6000
#: So many of them at one point, the last.
STACK = 400


@pytest.fixture(scope="module")
def many():
    """Six thousand incidents around Milford: on a lattice, in a stack, and some with no place or date."""
    kinds = ("firing", "protest", "clash", "meeting", "air_strike")
    rows = []
    for k in range(ROWS):
        at = {"lat": 40 + (k % 80) * 0.01, "lon": 45 + (k // 80) * 0.01}
        if k >= ROWS - STACK:
            at = {"lat": MILFORD.lat, "lon": MILFORD.lon}
        if k % 500 == 7:
            at = {}
        day = k % 90
        rows.append(
            {
                "id": f"n{k}", "type": kinds[k % 5], "title": f"Event number {k} at the old mill",
                "status": ("reported", "claimed", "contested")[k % 3], "confidence": (k % 11) / 10,
                "date": None if k % 100 == 3 else f"2024-{1 + day // 28:02d}-{1 + day % 28:02d}",
                "place": MILFORD.name, "place_id": MILFORD.id, "radius_km": 2.0, "precision": "settlement",
                "located_by": "gazetteer", "actors": f"Guard; Army {k % 3}", "killed": k % 4,
                "source": f"Paper {k % 7}", "quote": f"Witness {k} spoke of smoke.", **at,
            }
        )  # fmt: skip
    return frame_of(rows)


@pytest.fixture
def shown(visit, many):
    return visit(IncidentMap(many, basemap=False)).page


def total(page) -> int:
    """Incidents on all the marks that the keyboard walks through."""
    page.locator(".walk-entry").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".walk button").nth(1)).to_be_focused()
    names = page.locator(".walk button:not(.walk-entry)").evaluate_all(
        "all => all.map(b => b.getAttribute('aria-label'))"
    )
    counts = [re.match(r"([\d,]+) incidents close", name) for name in names]
    return sum(int(c[1].replace(",", "")) if c else 1 for c in counts)


def opened(page, lat: float, lon: float, zoom: int) -> None:
    page.evaluate(
        "([lat, lon, zoom]) => void window[document.querySelector('.folium-map').id]"
        ".setView([lat, lon], zoom, { animate: false })",
        [lat, lon, zoom],
    )


def saved(page, name: str, path):
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {name}").click()
    download.value.save_as(path)
    return path


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=2, max_size=40), st.integers(1, 16)
)
def test_each_square_is_one_range_of_the_curve(points, level) -> None:
    lat, lon = np.array(points).T
    place = np.sort(packing.curve(lat, lon))
    squares = place >> np.uint64(64 - 2 * level)
    assert (np.diff(squares.astype(np.int64)) >= 0).all()
    x = np.minimum(np.floor((lon / 360 + 0.5) * 2**level), 2**level - 1)
    assert len(set(squares.tolist())) >= len(set(x.tolist())), "each column of squares has one of its own"


def test_rows_are_sorted_and_none_is_lost(many) -> None:
    columns = packing.along_curve(columns_of(many, long=True))
    assert set(columns.texts) == {"id", "title", "quote"}
    located_first = np.isnan(columns.lat)
    assert (np.diff(located_first.astype(int)) >= 0).all()
    assert sorted(columns.texts["id"].to_pylist()) == sorted(many["id"])
    row = columns.row(17)
    own = many.set_index("id").loc[row["id"]]
    assert (row["title"], row["lat"], row["lon"]) == (
        own["title"],
        round(own["lat"], 6),
        round(own["lon"], 6),
    )


def test_two_builds_are_the_same_bytes(many) -> None:
    assert IncidentMap(many).to_html() == IncidentMap(many.copy()).to_html()


def test_everything_comes_through_unchanged(shown, many, tmp_path) -> None:
    table = pd.read_csv(saved(shown, "CSV", tmp_path / "x.csv"), dtype=str, keep_default_na=False)
    assert list(table.columns) == list(COLUMNS)
    table = table.set_index("id").loc[many["id"]]
    for name in ("type", "status", "title", "place", "source", "actors", "quote"):
        assert (table[name] == many[name].to_numpy()).all(), name
    assert (table["date"] == many["date"].fillna("").to_numpy()).all()
    for name in ("lat", "lon", "confidence", "killed"):
        expected = many[name].astype("float64").round(6).to_numpy()
        found = pd.to_numeric(table[name]).to_numpy()
        np.testing.assert_array_equal(found, expected)


def test_all_that_is_shown_is_on_some_mark(shown) -> None:
    expect(shown.locator("#summary")).to_have_text(
        "5,988 of 6,000 incidents on the map; 12 with no place to draw."
    )
    assert total(shown) == 5988
    shown.locator("#legend label", has_text="Shooting").locator("input").uncheck()
    assert total(shown) == 5988 - 1200 + 0


def test_filters_time_and_text_reach_every_row(shown) -> None:
    shown.locator(".filters summary").click()
    count = (
        shown.locator(".facets fieldset", has_text="Actor")
        .locator("label", has_text="Army 1")
        .locator(".count")
    )
    expect(count).to_have_text("2,000")
    shown.locator(".facets label", has_text="Army 1").locator("input").check()
    expect(shown.locator(".told .said")).to_contain_text("Shown: 2,000 of 6,000 incidents")
    shown.get_by_label("Killed, at least").fill("2")
    expect(shown.locator(".told .said")).to_contain_text("Shown: 1,000 of 6,000 incidents")
    shown.locator(".told .reset").click()
    shown.get_by_label("undated").uncheck()
    expect(shown.locator(".told .said")).to_contain_text("Shown: 5,940 of 6,000 incidents")
    shown.get_by_label("undated").check()
    shown.get_by_label("Find in incidents").fill("witness 4321 ")
    expect(shown.locator(".told .said")).to_contain_text("Shown: 1 of 6,000 incidents")
    expect(shown.locator(".table tbody tr")).to_contain_text("Event number 4321")
    shown.get_by_label("Find in incidents").fill("")
    expect(shown.locator(".told .said")).to_contain_text("Shown: 6,000 of 6,000 incidents")


def test_the_table_scrolls_through_all_rows(shown) -> None:
    rows = shown.locator(".table tbody tr:not(.spacer)")
    expect(rows.first).to_contain_text("Event number")
    assert rows.count() < 60
    expect(shown.locator(".table table")).to_have_attribute("aria-rowcount", "6001")
    first = rows.first.inner_text()
    rows.first.locator("button").focus()
    shown.keyboard.press("End")
    expect(shown.locator(".table tr[data-k='5999'] button")).to_be_focused()
    expect(shown.locator(".table tr[data-k='5999']")).to_contain_text("Date not stated")
    expect(shown.locator(".table tr[data-k='5999']")).to_have_attribute("aria-rowindex", "6001")
    shown.keyboard.press("Home")
    expect(rows.first).to_contain_text(first.split("\n")[1])
    shown.get_by_role("button", name="Where").click()
    shown.get_by_role("button", name="Where").click()
    expect(shown.locator("th").nth(2)).to_have_attribute("aria-sort", "descending")


def test_a_row_opens_its_card_and_the_address_keeps_it(shown) -> None:
    shown.get_by_label("Find in incidents").fill("number 1234 ")
    shown.locator(".table tbody tr", has_text="Event number 1234").click()
    card = shown.locator(".leaflet-popup .card")
    expect(card.locator("h2")).to_have_text("Event number 1234 at the old mill")
    expect(card).to_contain_text("Witness 1234 spoke of smoke.")
    expect(card).to_contain_text("Guard; Army 1")
    shown.wait_for_url(lambda url: "incident=n1234" in url and "find=" in url)
    shown.reload()
    shown.wait_for_selector("body.ready")
    expect(shown.locator(".leaflet-popup .card h2")).to_have_text("Event number 1234 at the old mill")
    expect(shown.locator(".told .said")).to_contain_text("Shown: 1 of 6,000")


def test_several_at_one_point_are_listed(shown) -> None:
    opened(shown, MILFORD.lat, MILFORD.lon, 18)
    box = shown.locator(".folium-map").bounding_box()
    shown.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    crowd = shown.locator(".leaflet-popup .crowd")
    expect(crowd.locator("h2")).to_contain_text("incidents")
    assert int(crowd.locator("h2").inner_text().split()[0]) >= STACK - 2
    expect(crowd.locator("li:not(.spacer)").first).to_contain_text("Event number")
    assert crowd.locator("li").count() < 60
    crowd.locator("li button").first.click()
    expect(shown.locator(".leaflet-popup .card blockquote")).to_contain_text("Witness")


def test_a_symbol_close_by_opens_its_card_and_has_its_circle(shown) -> None:
    opened(shown, 40.05, 45.02, 16)
    box = shown.locator(".folium-map").bounding_box()
    shown.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(shown.locator(".leaflet-popup .card h2")).to_have_text("Event number 165 at the old mill")
    expect(shown.locator(".leaflet-popup .card")).to_contain_text("within about 2 km")


def test_a_count_is_pressed_apart_by_keyboard(shown) -> None:
    assert total(shown) == 5988
    before = shown.url
    shown.keyboard.press("Enter")
    shown.wait_for_url(lambda url: url != before)
    expect(shown.locator(".walk button").nth(1)).to_be_focused()
    shown.keyboard.press("Escape")
    expect(shown.locator(".walk-entry")).to_be_focused()


def test_the_picture_has_the_counts(shown, tmp_path) -> None:
    svg = saved(shown, "SVG", tmp_path / "x.svg").read_text("utf-8")
    counts = [int(n) for n in re.findall(r'font-weight="700"[^>]*>(\d+)</text>', svg)]
    assert sum(counts) > 4000
    assert "<image" not in svg
    assert len(saved(shown, "PNG", tmp_path / "x.png").read_bytes()) > 20_000


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_no_rule_of_accessibility_is_broken(visit, many, width, theme) -> None:
    page = visit(IncidentMap(many), width=width, color_scheme=theme).page
    for view in ("table", "missing", "about"):
        page.locator(f"#tab-{view}").click()
        page.wait_for_timeout(300)
        assert violations(page) == [], view
    if width == 1280:
        opened(page, MILFORD.lat, MILFORD.lon, 18)
        total(page)
        page.keyboard.press("Enter")
        page.locator(".crowd, .card").first.wait_for()
        page.wait_for_timeout(300)
        assert violations(page) == [], "a list"
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_small_frame_packed_says_the_same(visit, incidents, article, mentions) -> None:
    page = visit(IncidentMap(incidents, article=article, mentions=mentions, packed_from=1)).page
    expect(page.locator("#summary")).to_contain_text("3 of 6 incidents on the map")
    assert total(page) == 2, "the call is a link"
    page.keyboard.press("Escape")
    page.locator(".sentence", has_text="came under fire").dispatch_event("click")
    card = page.locator(".leaflet-popup .card")
    for words in ("Post comes under fire", "Milford", "Միլ", "Eastham", "within about 10 km", "The Gazette",
                  "Milford is the only one in the country"):  # fmt: skip
        expect(card).to_contain_text(words)
    page.locator("#tab-missing").click()
    expect(page.locator(".missing")).to_contain_text("Arrest somewhere")
    page.locator("input[data-kind=planned]").check()
    expect(page.locator("#summary")).to_contain_text("4 of 6 incidents on the map")


def test_a_line_is_pressed(visit, incidents) -> None:
    page = visit(IncidentMap(incidents, packed_from=1)).page
    page.locator("input[data-kind=incidents]").uncheck()
    opened(page, (MILFORD.lat + EASTHAM.lat) / 2, (MILFORD.lon + EASTHAM.lon) / 2, 10)
    box = page.locator(".folium-map").bounding_box()
    page.locator("input[data-kind=incidents]").check()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".leaflet-popup .card h2")).to_have_text("Post comes under fire")


def test_what_is_drawn_comes_first_in_the_file(many) -> None:
    packed = packing.pack(packing.along_curve(columns_of(many, long=True)), [])
    names = {part: {name for name, *_ in held} for part, held in packed.contents["segments"].items()}
    assert names["rows"] >= {"head", "lat", "lon", "type", "status", "drawn"}
    assert names["rows"] - {"head", "lat", "lon"} <= packing.DRAWN
    assert names["more"] >= {"head", "date", "actors", "killed"}
    html = IncidentMap(many).to_html()
    order = ("dateline-data", "dateline-data-rows", "dateline-data-later", "dateline-data-texts")
    first, rows, later, texts = (html.index(f'id="{name}"') for name in order)
    assert first < rows < html.index("dateline.start(") < later < texts


def test_the_box_that_a_page_opens_around_is_that_of_layers_that_are_on_at_first() -> None:
    rows = [
        {"id": "a", "type": "attack", "status": "reported", "lat": 40.0, "lon": 45.0},
        {"id": "b", "type": "attack", "status": "claimed", "lat": 41.5, "lon": 44.25},
        {"id": "c", "type": "attack", "status": "denied", "lat": 50.0, "lon": 60.0},
        {"id": "d", "type": "attack", "status": "reported"},
    ]
    box = surroundings.around(columns_of(frame_of(rows), long=True))
    assert box == [[40.0, 44.25], [41.5, 45.0]]
    assert surroundings.around(columns_of(frame_of(rows[2:]), long=True)) is None


def test_the_code_around_the_map_is_read_when_the_map_is_painted(many) -> None:
    html = IncidentMap(many).to_html()
    assert html.index('id="dateline-data-texts"') < html.index('type="text/plain" id="dateline-page"')
    assert 'datelineModules["canvas.js"]' in assets.bundle()
    assert 'datelineModules["timeline.js"] =' not in assets.bundle()
    assert 'datelineModules["timeline.js"] =' in assets.bundle(furnished=True)


def test_what_is_pressed_before_all_is_there_is_answered(browser, many, tmp_path) -> None:
    IncidentMap(many, basemap=False).save(tmp_path / "early.html")
    page = browser.new_page()
    page.add_init_script(
        """new MutationObserver((_, observer) => {
          if (!document.querySelector("body.usable")) return;
          observer.disconnect();
          window.early = !document.querySelector("body.ready, .table");
          document.querySelector(".walk-entry").click();
        }).observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });"""
    )
    page.goto((tmp_path / "early.html").as_uri())
    expect(page.locator(".walk button").nth(1)).to_be_focused()
    assert page.evaluate("window.early")
    page.wait_for_selector("body.ready")
    assert total(page) == 5988
    page.close()


def test_lines_beyond_those_drawn_are_told(visit) -> None:
    rows = [
        {"id": f"n{k}", "type": "shelling", "lat": 40 + k / 1000, "lon": 45.0, "origin_lat": 40.1,
         "origin_lon": 46 + (k % 2)}
        for k in range(1600)
    ]  # fmt: skip
    page = visit(IncidentMap(frame_of(rows), packed_from=1, basemap=False)).page
    told = "1,500 of 1,600 lines in view drawn, those of most incidents."
    expect(page.locator("#summary")).to_contain_text(told)
    page.locator("input[data-kind=fire]").uncheck()
    expect(page.locator("#summary")).not_to_contain_text("lines")


def test_no_incidents_at_all(visit, incidents) -> None:
    page = visit(IncidentMap(incidents[:0], packed_from=0)).page
    expect(page.locator("#summary")).to_have_text("No incidents.")


def test_hostile_text_is_shown_literally(visit, hostile, tmp_path) -> None:
    frame, article, mentions = hostile
    visited = visit(IncidentMap(frame, article=article, mentions=mentions, title=HOSTILE, packed_from=1))
    page = visited.page
    page.locator("#tab-table").click()
    page.locator(".table tbody tr").click()
    expect(page.locator(".leaflet-popup .card h2")).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    text = saved(page, "CSV", tmp_path / "x.csv").read_text("utf-8")
    assert HOSTILE.replace('"', '""') in text


def test_the_language_changes_in_place(visit, many) -> None:
    page = visit(IncidentMap(many, language="az")).page
    page.locator("#language").select_option("ru")
    expect(page.locator("#tab-table")).to_contain_text("События (6")
    expect(page.locator("#tab-table")).to_contain_text("000")


def test_a_layer_of_many_works_on_any_map(visit, many) -> None:
    m = folium.Map(location=[MILFORD.lat, MILFORD.lon], zoom_start=18, tiles=None)
    IncidentLayer(many).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    html = re.sub(r"<(script src|link)[^>]*>(</script>)?", "", m.get_root().render())
    assert html.count('type="application/octet-stream"') == 3, "what is drawn, all other columns, texts"
    assert "Event number" not in html
    code, style = assets.leaflet()
    page = visit(html.replace("<head>", f"<head><script>{code}</script><style>{style}</style>")).page
    marks = page.locator(".walk-entry")
    expect(marks).to_have_text("Go through 1 mark on the map")
    page.mouse.click(640, 400)
    expect(page.locator(".leaflet-popup .crowd")).to_be_visible()
    page.locator(".leaflet-control-layers input").uncheck()
    expect(marks).to_have_text("Go through 0 marks on the map")


def test_paper_takes_the_first_rows_and_says_so(shown) -> None:
    shown.emulate_media(media="print")
    shown.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(shown.locator(".table tbody tr")).to_have_count(300)
    expect(shown.locator(".table")).to_contain_text("The first 300 of 6,000")
    shown.emulate_media(media="screen")
    shown.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert shown.locator(".table tbody tr").count() < 60


def test_a_browser_that_cannot_unpack_is_told(visit, incidents) -> None:
    html = IncidentMap(incidents, packed_from=1).to_html()
    old = "<script>delete window.DecompressionStream</script><meta charset"  # before the policy is met
    page = visit(html.replace("<meta charset", old, 1)).page
    expect(page.locator("#summary")).to_contain_text("too old")
