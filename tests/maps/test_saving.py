"""What a reader takes away: incidents as KML, the map as a picture; and what the page says it was made of."""

from __future__ import annotations

import hashlib
import struct
from xml.etree import ElementTree

import geopandas
import pytest
from map_samples import HOSTILE, MILFORD, NORTHTOWN, frame_of, located
from playwright.sync_api import expect

from geo.articles import Article
from maps import IncidentMap, surroundings

KML = "{http://www.opengis.net/kml/2.2}"
SVG = "{http://www.w3.org/2000/svg}"


def saved(page, format_: str, path):
    page.locator("#tab-table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {format_}").click()
    download.value.save_as(path)
    return path


def parsed(path):
    return ElementTree.parse(path).getroot()  # noqa: S314 - the page of this test wrote it


def test_kml_holds_what_is_shown(visit, incidents, tmp_path) -> None:
    page = visit(IncidentMap(incidents)).page
    page.locator("#legend label", has_text="Shooting").locator("input").uncheck()
    frame = geopandas.read_file(saved(page, "KML", tmp_path / "x.kml"), driver="KML")
    assert set(frame["Name"]) == {
        "Envoys meet",
        "Ministers call",
        "Second round",
        "Arrest somewhere",
        "No clash",
    }
    shapes = frame.set_index("Name").geometry
    assert shapes["Ministers call"].geom_type == "LineString"
    assert (shapes["Envoys meet"].x, shapes["Envoys meet"].y) == (NORTHTOWN.lon, NORTHTOWN.lat)
    assert shapes["Arrest somewhere"] is None or shapes["Arrest somewhere"].is_empty


def test_hostile_text_is_only_text_in_kml_and_svg(visit, hostile, tmp_path) -> None:
    frame, article, mentions = hostile
    frame["title"] = HOSTILE + "\x01\ufffe"
    page = visit(IncidentMap(frame, article=article, mentions=mentions, title=HOSTILE)).page
    marks = parsed(saved(page, "KML", tmp_path / "x.kml")).iter(f"{KML}Placemark")
    mark = next(marks)
    assert mark.find(f"{KML}name").text == HOSTILE
    assert "<img" not in mark.find(f"{KML}description").text, "it is read as HTML"
    picture = parsed(saved(page, "SVG", tmp_path / "x.svg"))
    assert {e.tag.removeprefix(SVG) for e in picture.iter()} <= {
        "svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "text",
    }  # fmt: skip
    assert any(HOSTILE in (e.text or "") for e in picture.iter(f"{SVG}text"))


def test_the_picture_shows_what_the_map_shows(visit, incidents, tmp_path) -> None:
    page = visit(IncidentMap(incidents)).page
    picture = parsed(saved(page, "SVG", tmp_path / "x.svg"))
    words = " ".join(e.text or "" for e in picture.iter(f"{SVG}text"))
    for part in (
        "Milford",
        "Northtown",
        "3 of 6 incidents",
        "GeoNames, CC BY 4.0",
        "Dashed: one party claims it",
        "km",
    ):
        assert part in words
    colours = [e.get("stroke") for e in picture.iter(f"{SVG}path")]
    assert colours.count("rgb(213, 94, 0)") >= 2, "the line of fire and a circle"
    png = saved(page, "PNG", tmp_path / "x.png").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (2 * int(picture.get("width")), 2 * round(float(picture.get("height"))))
    assert len(png) > 20_000, "an empty sheet would be smaller"


def test_the_page_names_what_it_was_made_of(visit, incidents, tmp_path) -> None:
    path = tmp_path / "shots.txt"
    path.write_text("Shots were heard.", "utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    article = Article("Shots were heard.", published="2024-05-04", path=str(path))
    for options in ({"article": article}, {"inputs": [path, tmp_path / "gone.csv"]}):
        page = visit(IncidentMap(incidents, **options)).page
        page.locator("#tab-about").click()
        about = page.locator(".about")
        expect(about).to_contain_text("How this map was made")
        expect(about).to_contain_text("Armenia-Azerbaijan line.")
        expect(about).to_contain_text(f"shots.txt{', published 4 May 2024' if 'article' in options else ''}")
        expect(about).to_contain_text(f"SHA-256 {digest}")
        assert str(tmp_path) not in page.content()


def test_each_of_several_addresses_is_a_link(visit) -> None:
    frame = frame_of(
        [{"id": "a", "source": "Daily; Weekly", "quote": "Shots.",
          "url": "https://example.org/a?x=1;y=2; https://example.com/b", **located(MILFORD)},
         {"id": "b", "source": "Daily; Weekly; Monthly", "quote": "Shots.",
          "url": "https://example.org/c; javascript:alert(1)", **located(NORTHTOWN)}],
    )  # fmt: skip
    page = visit(IncidentMap(frame)).page
    links = page.locator(".leaflet-popup figcaption a")
    page.locator(".dateline-pin[aria-label*='Milford']").click()
    expect(links).to_have_text(["Daily", "Weekly"])
    assert links.evaluate_all("all => all.map(a => a.href)") == [
        "https://example.org/a?x=1;y=2",
        "https://example.com/b",
    ]
    page.locator(".dateline-pin[aria-label*='Northtown']").focus()
    page.keyboard.press("Enter")
    expect(links).to_have_text(["https://example.org/c"])
    expect(page.locator(".leaflet-popup figcaption")).to_contain_text("javascript:alert(1)")


class Villages:
    """As much of a gazetteer as the names around an incident need: large towns afar, a village near."""

    def __init__(self, places) -> None:
        self.places = places
        self.lat = [p.lat for p in places]
        self.lon = [p.lon for p in places]
        self.population = [p.population or 0 for p in places]

    def place(self, row):
        return self.places[row]

    def nearby(self, lat, lon, km, limit):
        most = km / 100
        near = [p for p in self.places if abs(p.lat - lat) < most and abs(p.lon - lon) < most]
        return [(p, 1.0) for p in near][:limit]


@pytest.fixture
def around() -> Villages:
    from gazetteer.place import Place

    large = [
        Place(f"x:{n}", f"City {n}", 40.9, 44.9 + n / 1000, population=10**6, feature="P.PPL")
        for n in range(600)
    ]
    return Villages(
        [*large,
         Place("x:v", "Hamlet", MILFORD.lat + 0.09, MILFORD.lon, feature="P.PPL"),
         Place("x:g", "Ruin", MILFORD.lat + 0.05, MILFORD.lon, feature="P.PPLH"),
         Place("x:t", "Market", MILFORD.lat, MILFORD.lon - 0.2, population=9000, feature="P.PPL")]
    )  # fmt: skip


def test_large_towns_do_not_crowd_out_the_villages_near(around) -> None:
    names = [t[0] for t in surroundings.towns(around, [(MILFORD.lat, MILFORD.lon)])]
    assert {"Hamlet", "Market"} <= set(names)
    assert "Ruin" not in names
    assert sum(name.startswith("City") for name in names) == 250


def test_a_card_says_what_is_near_and_the_locator_where_it_lies(
    visit, incidents, monkeypatch, around
) -> None:
    towns = surroundings.towns(around, [(MILFORD.lat, MILFORD.lon)])
    monkeypatch.setattr(surroundings, "towns", lambda *_: towns)
    page = visit(IncidentMap(incidents)).page
    page.locator(".dateline-pin[aria-label^='Firing']").click()
    expect(page.locator(".near")).to_have_text(["Hamlet 10 km to the north", "Market 17 km to the west"])
    expect(page.get_by_role("img", name="Where this map lies")).to_be_visible()
    frame = page.locator(".locator-frame").bounding_box()
    inset = page.locator(".locator").bounding_box()
    assert frame["width"] >= 8
    assert inset["x"] <= frame["x"] < inset["x"] + inset["width"]
