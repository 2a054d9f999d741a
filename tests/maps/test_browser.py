"""The page as a reader meets it: opened in a browser that has no network."""

from __future__ import annotations

import re

import folium
import geopandas
import pandas as pd
import pytest
from map_samples import EASTHAM, HOSTILE, MILFORD, NORTHTOWN
from playwright.sync_api import expect

from geo.articles import Article
from geo.frame import COLUMNS
from maps import IncidentLayer, IncidentMap, assets


@pytest.fixture
def shown(visit, incidents, article, mentions):
    return visit(IncidentMap(incidents, article=article, mentions=mentions)).page


def pins(page):
    return page.locator(".dateline-pin")


def position(page, lat: float, lon: float) -> tuple[float, float]:
    """Where a point is on the screen, reckoned from two names of the map's own."""
    name = page.locator(".folium-map").get_attribute("id")
    box = page.locator(".folium-map").bounding_box()
    point = page.evaluate(
        f"([a, b]) => {{ const p = {name}.latLngToContainerPoint([a, b]); return [p.x, p.y]; }}", [lat, lon]
    )
    return box["x"] + point[0], box["y"] + point[1]


def test_incidents_stand_where_they_happened(shown) -> None:
    assert pins(shown).count() == 2, (
        "the call is a link, the plan and the denial are off, the arrest has no place"
    )
    for name, place in (("Firing", MILFORD), ("Meeting", NORTHTOWN)):
        box = shown.locator(f".dateline-pin[aria-label^='{name}']").bounding_box()
        x, y = position(shown, place.lat, place.lon)
        assert abs(box["x"] + box["width"] / 2 - x) < 3
        assert abs(box["y"] + box["height"] / 2 - y) < 3


def test_the_call_is_an_arc_and_the_fire_a_line(shown) -> None:
    lines = shown.locator("path.line-hit")
    assert sorted(lines.evaluate_all("all => all.map(l => l.getAttribute('aria-label').split(':')[0])")) == [
        "Call",
        "Firing",
    ]
    assert shown.locator(".dateline-arrow").count() == 1


def test_a_card_tells_what_when_where_who_and_how_sure(shown) -> None:
    shown.locator(".dateline-pin[aria-label^='Firing']").click()
    card = shown.locator(".leaflet-popup .card")
    for words in ("Post comes under fire", "3 May 2024, 02:10", "Milford", "Mills, Azerbaijan", "Միլ",
                  "Eastham", "Claimed by one party", "The ministry", "within about 10 km", "high (86%)",
                  "Milford is the only one in the country", "small arms", "Guard; Army",
                  "its post near Milford came under fire from Eastham", "The Gazette"):  # fmt: skip
        expect(card).to_contain_text(words)
    expect(card.locator("figcaption a")).to_have_attribute("href", "https://example.org/shots")


def test_a_pin_lights_up_its_sentence_and_a_sentence_opens_its_card(shown) -> None:
    shown.locator(".dateline-pin[aria-label^='Meeting']").click()
    expect(shown.locator(".sentence.selected")).to_have_text("Envoys met in Northtown on 2 May.")
    shown.keyboard.press("Escape")
    expect(shown.locator(".leaflet-popup")).to_have_count(0)
    shown.locator(".sentence", has_text="came under fire").dispatch_event("click")
    expect(shown.locator(".leaflet-popup .card h2")).to_have_text("Post comes under fire")


def test_a_place_in_the_text_shows_its_rival_names(shown) -> None:
    shown.locator(".place", has_text="Eastham").click()
    card = shown.locator(".leaflet-popup .card")
    expect(card).to_contain_text("Eastham")
    shown.locator(".place", has_text="Northtown").first.click()
    for name in ("Şimalşəhər", "Հյուսիս", "Северск, Северный"):
        expect(card).to_contain_text(name)


def test_an_ambiguous_name_shows_its_readings_and_guesses_none(shown) -> None:
    shown.locator(".place.unresolved").click()
    card = shown.locator(".card-pane .card")
    expect(card).to_contain_text("None was guessed")
    expect(card.locator("li")).to_have_count(3)
    assert shown.locator("path.ghost").count() == 3


def test_layers_can_be_switched(shown) -> None:
    planned = shown.locator("input[data-kind=planned]")
    expect(planned).not_to_be_checked()
    planned.check()
    expect(pins(shown)).to_have_count(3)
    shown.locator("input[data-kind=incidents]").uncheck()
    expect(pins(shown)).to_have_count(1)
    expect(shown.locator("#summary")).to_contain_text("2 of 6 incidents on the map")


def test_families_filter_every_view(shown) -> None:
    shown.locator("#legend label", has_text="Meetings").locator("input").uncheck()
    expect(pins(shown)).to_have_count(1)
    shown.locator("#tab-table").click()
    expect(shown.locator(".table tbody tr")).to_have_count(3)


def test_pins_at_one_point_are_fanned_out(shown) -> None:
    shown.locator("input[data-kind=planned]").check()
    boxes = [
        shown.locator(f".dateline-pin[aria-label*='{title}']").bounding_box()
        for title in ("Envoys meet", "Second round")
    ]
    distance = ((boxes[0]["x"] - boxes[1]["x"]) ** 2 + (boxes[0]["y"] - boxes[1]["y"]) ** 2) ** 0.5
    assert distance > 24


def test_the_table_sorts_and_finds(shown) -> None:
    shown.locator("#tab-table").click()
    rows = shown.locator(".table tbody tr")
    expect(rows).to_have_count(6)
    shown.get_by_role("button", name="What").click()
    expect(rows.first).to_contain_text("Arrest")
    expect(shown.locator("th").first).to_have_attribute("aria-sort", "ascending")
    shown.get_by_role("button", name="What").click()
    expect(rows.last).to_contain_text("Arrest")
    shown.get_by_label("Find in incidents").fill("small arms")
    expect(rows).to_have_count(1)
    expect(pins(shown)).to_have_count(1)


def test_a_row_takes_the_map_there_and_switches_its_layer_on(shown) -> None:
    shown.locator("#tab-table").click()
    shown.locator(".table tr", has_text="No clash").click()
    expect(shown.locator("input[data-kind=denied]")).to_be_checked()
    expect(shown.locator(".leaflet-popup .card h2")).to_have_text("No clash")


def test_what_has_no_place_is_listed(shown) -> None:
    shown.locator("#tab-missing").click()
    expect(shown.locator(".missing")).to_contain_text("Arrest somewhere")
    expect(shown.locator(".missing")).to_contain_text("Ostrov")


def test_the_timeline_drives_the_views_and_keeps_the_undated_apart(shown) -> None:
    shown.get_by_label("First day shown").fill("1")
    expect(pins(shown)).to_have_count(1)
    expect(pins(shown)).to_have_attribute(
        "aria-label", "Firing: Post comes under fire, Milford, 3 May 2024, 02:10, Claimed by one party"
    )
    shown.locator("#tab-table").click()
    expect(shown.locator(".table tbody tr")).to_have_count(4)
    shown.get_by_label("undated").uncheck()
    expect(shown.locator(".table tbody tr")).to_have_count(2)
    shown.get_by_role("button", name="All", exact=True).click()
    expect(pins(shown)).to_have_count(2)


def test_everything_is_reached_by_keyboard(shown) -> None:
    shown.locator(".dateline-pin").first.focus()
    shown.keyboard.press("Enter")
    expect(shown.locator(".leaflet-popup .card")).to_be_visible()
    shown.keyboard.press("Escape")
    shown.locator("path.line-hit").first.focus()
    shown.keyboard.press("Enter")
    expect(shown.locator(".leaflet-popup .card")).to_be_visible()
    shown.locator("#tab-reader").focus()
    shown.keyboard.press("ArrowRight")
    expect(shown.locator("#view-table")).to_be_visible()
    shown.locator(".table button.name").first.focus()
    shown.keyboard.press("Enter")
    expect(shown.locator(".table tr.selected")).to_have_count(1)


def test_names_on_the_map_do_not_collide(shown) -> None:
    boxes = shown.locator(".dateline-label").evaluate_all(
        "all => all.map(e => { const r = document.createRange(); r.selectNodeContents(e);"
        " const b = r.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    assert len(boxes) > 3
    for n, a in enumerate(boxes):
        for b in boxes[:n]:
            across = min(a[2], b[2]) - max(a[0], b[0])
            down = min(a[3], b[3]) - max(a[1], b[1])
            assert across <= 2 or down <= 3, (a, b)


def test_a_phone_shows_the_card_in_a_sheet(visit, incidents, article, mentions) -> None:
    page = visit(
        IncidentMap(incidents, article=article, mentions=mentions), width=360, height=740, has_touch=True
    ).page
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".dateline-pin[aria-label^='Firing']").tap()
    expect(page.locator(".card-pane .card h2")).to_have_text("Post comes under fire")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.locator(".card-pane .close").tap()
    expect(page.get_by_role("tab").first).to_be_visible()


def test_dark_and_print_styles(visit, incidents, article) -> None:
    page = visit(IncidentMap(incidents, article=article), color_scheme="dark").page
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Show in light colours").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.emulate_media(media="print")
    expect(page.locator("#actions")).to_be_hidden()
    expect(page.locator(".table tbody tr").first).to_be_visible()


def test_hostile_text_is_shown_and_runs_nothing(visit, hostile) -> None:
    frame, article, mentions = hostile
    visited = visit(IncidentMap(frame, article=article, mentions=mentions, title=HOSTILE))
    page = visited.page
    literal = HOSTILE.replace("\u2028", "")
    assert HOSTILE in page.locator("#title").text_content()
    page.locator(".dateline-pin").click()
    card = page.locator(".leaflet-popup .card")
    assert card.locator("h2").text_content() == HOSTILE
    assert card.locator("blockquote").text_content() == HOSTILE
    assert card.locator("a").count() == 0, "javascript: is no address"
    page.locator(".place").first.click()
    page.locator("#tab-table").click()
    assert literal[:20] in page.locator(".table tbody").text_content()
    page.locator("#tab-about").click()
    page.locator("#tab-missing").click()
    page.locator(".missing button").first.click()
    assert page.locator("img[src='x']").count() == 0
    visited.check()


def test_online_tiles_come_only_when_asked_for(visit, incidents) -> None:
    visited = visit(IncidentMap(incidents), strict=False)
    assert visited.requests == []
    visited.page.get_by_label("OpenStreetMap").check()
    expect(visited.page.locator(".warning")).to_be_visible()
    assert visited.requests
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in visited.requests)


def test_the_layer_works_on_any_folium_map(visit, incidents, mentions) -> None:
    m = folium.Map(location=[40, 47], zoom_start=7, tiles=None)
    IncidentLayer(incidents, mentions=mentions).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    # folium's own page fetches Leaflet; here it is put in its place, and the rest of the links left out.
    html = re.sub(r"<(script src|link)[^>]*>(</script>)?", "", m.get_root().render())
    code, style = assets.leaflet()
    html = html.replace("<head>", f"<head><script>{code}</script><style>{style}</style>")
    page = visit(html).page
    expect(pins(page)).to_have_count(2)
    pins(page).first.click()
    expect(page.locator(".leaflet-popup .card h2")).to_have_text("Post comes under fire")
    page.locator(".leaflet-control-layers input").uncheck()
    expect(pins(page)).to_have_count(0)


def test_what_users_add_with_folium_works_offline(visit, incidents) -> None:
    m = IncidentMap(incidents)
    folium.Marker([41.5, 47.0], popup="<b>Added</b> by hand", tooltip="mine").add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    page = visit(m).page
    page.locator(".leaflet-marker-icon[src^='data:']").click()
    expect(page.locator(".leaflet-popup b")).to_have_text("Added")
    page.locator(".leaflet-control-layers label", has_text="Incidents").locator("input").uncheck()
    expect(pins(page)).to_have_count(0)


def test_a_layer_control_may_be_added_before_the_layers(visit, incidents) -> None:
    m = IncidentMap(incidents)
    folium.LayerControl(collapsed=False).add_to(m)
    folium.FeatureGroup("Late").add_to(m)
    expect(visit(m).page.locator(".leaflet-control-layers label", has_text="Late")).to_be_visible()


def test_what_geopandas_explore_adds_is_drawn(visit, incidents) -> None:
    m = IncidentMap(incidents)
    some = incidents[incidents.geometry.geom_type == "Point"][["title", "geometry"]]
    folium.GeoJson(
        some.to_json(),
        marker=folium.CircleMarker(radius=9, color="black"),
        tooltip=folium.GeoJsonTooltip(["title"]),
        popup=folium.GeoJsonPopup(["title"]),
    ).add_to(m)
    page = visit(m).page
    assert page.locator("path[stroke=black]").count() == len(some)
    page.locator("path[stroke=black]").first.dispatch_event("click")
    expect(page.locator(".foliumpopup")).to_contain_text("Post comes under fire")


def test_no_incidents_at_all(visit, incidents) -> None:
    page = visit(IncidentMap(incidents[:0])).page
    expect(page.locator("#summary")).to_have_text("No incidents.")


def test_many_incidents_are_clustered(visit, incidents) -> None:
    many = incidents.loc[[0] * 400].reset_index(drop=True)
    many["id"] = [f"n{n}" for n in range(400)]
    many["lat"] = [40 + (n % 20) * 0.001 for n in range(400)]
    page = visit(IncidentMap(many)).page
    expect(page.locator(".marker-cluster").first).to_be_visible()
    assert pins(page).count() < 50


def test_eastham_is_an_origin_and_no_incident(shown) -> None:
    x, y = position(shown, EASTHAM.lat, EASTHAM.lon)
    for box in (pins(shown).nth(k).bounding_box() for k in range(pins(shown).count())):
        assert abs(box["x"] + box["width"] / 2 - x) > 3 or abs(box["y"] + box["height"] / 2 - y) > 3


def test_an_address_shows_the_same_again(visit, incidents, article, mentions) -> None:
    m = IncidentMap(incidents, article=article, mentions=mentions)
    page = visit(m).page
    page.locator("input[data-kind=planned]").check()
    page.locator("#legend label", has_text="Attacks").locator("input").uncheck()
    page.get_by_label("First day shown").fill("1")
    page.locator(".dateline-pin[aria-label^='Firing']").click()
    page.wait_for_url(lambda url: "incident=a" in url)
    address, box = page.url, page.locator(".dateline-pin[aria-label^='Firing']").bounding_box()
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("body.ready")
    expect(page.locator("input[data-kind=planned]")).to_be_checked()
    expect(page.locator("#legend label", has_text="Attacks").locator("input")).not_to_be_checked()
    expect(page.get_by_label("First day shown")).to_have_value("1")
    expect(page.locator(".leaflet-popup .card h2")).to_have_text("Post comes under fire")
    again = page.locator(".dateline-pin[aria-label^='Firing']").bounding_box()
    assert abs(again["x"] - box["x"]) < 60
    assert abs(again["y"] - box["y"]) < 60


def test_an_address_from_elsewhere_does_no_harm(visit, incidents) -> None:
    visited = visit(IncidentMap(incidents))
    page = visited.page
    page.goto(
        page.url.split("#")[0] + "#map=x/y/z&layers=nope&days=a..b&hide=%3Cb%3E&incident=none&place=__proto__"
    )
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#summary")).to_contain_text("of 6 incidents")


def test_what_is_shown_can_be_saved(visit, incidents) -> None:
    incidents.loc[1, "title"] = '=HYPERLINK("x"), "quoted"'
    page = visit(IncidentMap(incidents)).page
    page.locator("#tab-table").click()
    page.locator("#legend label", has_text="Shooting").locator("input").uncheck()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    table = pd.read_csv(saved.value.path())
    assert list(table.columns) == list(COLUMNS)
    assert set(table["id"]) == {"b", "c", "d", "e", "f"}
    assert table.set_index("id").loc["b", "title"] == '\'=HYPERLINK("x"), "quoted"'
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as GeoJSON").click()
    frame = geopandas.read_file(saved.value.path())
    assert frame.set_index("id").geometry.dropna().geom_type.to_dict() == {
        "b": "Point", "c": "LineString", "d": "Point", "f": "Point",
    }  # fmt: skip


def test_a_crowd_is_counted_and_opens_when_pressed(visit, incidents) -> None:
    crowd = incidents.loc[[1] * 12].reset_index(drop=True)
    crowd["id"] = [f"n{n}" for n in range(12)]
    page = visit(IncidentMap(crowd)).page
    badge = page.locator(".dateline-cluster")
    expect(badge).to_have_text("12")
    expect(pins(page).first).to_be_hidden()
    badge.focus()
    page.keyboard.press("Enter")
    expect(badge).to_have_count(0)
    boxes = [pins(page).nth(k).bounding_box() for k in range(12)]
    for n, a in enumerate(boxes):
        for b in boxes[:n]:
            assert abs(a["x"] - b["x"]) > 20 or abs(a["y"] - b["y"]) > 20


def test_a_reader_chooses_among_articles(visit, incidents, article, mentions) -> None:
    other = Article("Another day in Milford.", "Another day")
    page = visit(IncidentMap(incidents, article=[other, article], mentions=[[], mentions])).page
    expect(page.locator(".article:visible")).to_contain_text("Another day in Milford.")
    page.get_by_label("Article", exact=True).locator("visible=true").select_option("Border shots")
    expect(page.locator(".article:visible")).to_contain_text("Envoys met in Northtown")
    page.get_by_label("Article", exact=True).locator("visible=true").select_option("Another day")
    page.locator(".dateline-pin[aria-label^='Firing']").click()
    expect(page.locator(".sentence.selected")).to_be_visible()


def test_what_users_add_stands_beside_the_legend(visit, incidents) -> None:
    m = IncidentMap(incidents)
    folium.LayerControl().add_to(m)
    for width in (1280, 390):
        page = visit(m, width=width).page
        control, legend = (page.locator(s).bounding_box() for s in (".leaflet-control-layers", "#legend"))
        assert control["x"] + control["width"] <= legend["x"]


def test_no_name_lies_under_a_control(visit, incidents) -> None:
    page = visit(IncidentMap(incidents)).page
    covers = [page.locator(s).bounding_box() for s in ("#legend", ".locator", ".leaflet-control-zoom")]
    page.wait_for_timeout(300)
    name = page.locator(".folium-map").get_attribute("id")
    page.evaluate(f"() => void {name}.panBy([1, 0], {{ animate: false }})")
    for box in (label.bounding_box() for label in page.locator(".dateline-label").all()):
        for c in covers:
            across = min(box["x"] + box["width"], c["x"] + c["width"]) - max(box["x"], c["x"])
            down = min(box["y"] + box["height"], c["y"] + c["height"]) - max(box["y"], c["y"])
            assert across <= 8 or down <= 4
