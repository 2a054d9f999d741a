"""The page as a file: sealed, the same each time, written whole."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html import unescape

import folium
import pytest
from folium.plugins import HeatMap
from map_samples import HOSTILE

import maps
from maps import IncidentLayer, IncidentMap, assets
from maps.errors import MapWriteError


def policy_of(html: str) -> dict[str, list[str]]:
    content = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html).group(1)
    return {rule.split()[0]: rule.split()[1:] for rule in unescape(content).split(";")}


def records_of(html: str) -> dict:
    held = re.findall(r'<script type="application/json" id="dateline-data(?:-later)?">(.*?)</script>', html)
    assert len(held) == 2, "what the map is drawn from, and all else"
    return json.loads(held[0]) | json.loads(held[1])


def test_the_public_names() -> None:
    assert set(maps.__all__) == {"IncidentMap", "IncidentLayer"}
    assert all(hasattr(maps, name) for name in maps.__all__)
    with pytest.raises(AttributeError):
        maps.nothing_of_the_kind  # noqa: B018


def test_every_script_and_style_is_named_by_its_digest(incidents) -> None:
    html = IncidentMap(incidents).to_html()
    policy = policy_of(html)
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        found = re.findall(rf"<{tag}([^>]*)>(.*?)</{tag}>", html, re.DOTALL)
        digests = [
            f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
            for attributes, code in found
            if "application/" not in attributes
        ]
        assert digests
        assert policy[rule] == digests
    assert "unsafe" not in str(policy)
    assert policy["default-src"] == policy["connect-src"] == ["'none'"]


def test_nothing_is_fetched(incidents) -> None:
    html = IncidentMap(incidents, basemap=False).to_html()
    assert not re.search(r"<(script|img|iframe)[^>]+src=", html)
    assert not re.search(r"<link[^>]+href=(?!\"data:)", html)
    assert not re.search(r"url\((?!data:|#)", html)
    assert policy_of(html)["img-src"] == ["data:"]


def test_jquery_bootstrap_and_fonts_are_gone(incidents) -> None:
    html = IncidentMap(incidents).to_html().lower()
    for name in ("jquery.min", "bootstrap", "fontawesome", "glyphicons", "cdn.jsdelivr", "sourcemappingurl"):
        assert name not in html


def test_the_same_input_gives_the_same_bytes(incidents, article, mentions) -> None:
    def build() -> str:
        m = IncidentMap(incidents.copy(), article=article, mentions=mentions)
        folium.Marker([40, 45], popup="x").add_to(m)
        folium.LayerControl().add_to(m)
        return m.to_html()

    assert build() == build()


def test_rendering_twice_changes_nothing(incidents) -> None:
    m = IncidentMap(incidents)
    first = m.to_html()
    assert m.to_html() == first
    assert m._repr_html_()
    assert m.to_html() == first


def test_the_page_of_a_small_map_is_small(incidents, article, mentions) -> None:
    assert len(IncidentMap(incidents, article=article, mentions=mentions).to_html().encode()) < 900_000


def test_text_stands_only_in_the_records(hostile) -> None:
    frame, article, mentions = hostile
    html = IncidentMap(frame, article=article, mentions=mentions, title=HOSTILE).to_html()
    rest = re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)
    assert "alert(" not in rest
    assert "gnp.exe" not in rest
    assert records_of(html)["incidents"]["columns"]["title"] == [HOSTILE]


def test_it_is_a_folium_map(incidents) -> None:
    m = IncidentMap(incidents, location=[40, 45], zoom_start=5)
    assert isinstance(m, folium.Map)
    assert m.location == [40, 45]
    assert not records_of(m.to_html())["fitted"]
    assert repr(m) == (
        "IncidentMap: 6 incidents, 3 on the map (firing 1, meeting 1, call 1), 2024-05-02 to 2024-05-03, "
        '.save("map.html") writes the page'
    )


def test_it_shows_in_a_notebook(incidents) -> None:
    shown = IncidentMap(incidents)._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "Content-Security-Policy" in shown


def test_it_is_saved_whole_or_not_at_all(incidents, tmp_path) -> None:
    m = IncidentMap(incidents)
    path = tmp_path / "map.html"
    path.write_text("old")
    m.save(path)
    assert path.read_text("utf-8") == m.to_html()
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
    with pytest.raises(MapWriteError, match=r"missing.*cannot be written"):
        m.save(tmp_path / "missing" / "map.html")
    blocked = tmp_path / "folder.html"
    blocked.mkdir()
    with pytest.raises(MapWriteError):
        m.save(str(blocked))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.html", "map.html"]


def test_it_is_saved_to_an_open_file(incidents) -> None:
    file = io.BytesIO()
    m = IncidentMap(incidents)
    m.save(file, close_file=False)
    assert file.getvalue().decode() == m.to_html()


def test_what_needs_the_network_is_told_and_let_through_alone(incidents) -> None:
    m = IncidentMap(incidents)
    HeatMap([[40, 45, 1]]).add_to(m)
    with pytest.warns(UserWarning, match="leaflet_heat"):
        html = m.to_html()
    scripts = [s for s in policy_of(html)["script-src"] if s.startswith("http")]
    assert len(scripts) == 1
    assert scripts[0].endswith("leaflet_heat.min.js")


def test_tiles_added_with_folium_are_let_through(incidents) -> None:
    m = IncidentMap(incidents, basemap=False)
    folium.TileLayer("https://tiles.example.org/{z}/{x}/{y}.png", attr="me").add_to(m)
    assert policy_of(m.to_html())["img-src"] == ["data:", "https://tiles.example.org"]


def test_several_articles_and_their_mentions(incidents, article, mentions) -> None:
    m = IncidentMap(incidents, article=[article, article], mentions=[mentions, mentions])
    records = records_of(m.to_html())
    assert len(records["articles"]) == 2
    assert [n["document"] for n in records["mentions"]] == [0] * 5 + [1] * 5


def test_articles_and_mentions_come_with_the_frame(incidents, article, mentions) -> None:
    incidents.attrs |= {"articles": [article], "mentions": mentions}
    records = records_of(IncidentMap(incidents).to_html())
    assert records["title"] == "Border shots"
    assert len(records["mentions"]) == 5


def test_a_layer_takes_what_combine_gives(incidents, mentions) -> None:
    incidents.attrs["mentions"] = [tuple(mentions), tuple(mentions[:1])]
    m = folium.Map(tiles=None)
    layer = IncidentLayer(incidents).add_to(m)
    assert len(layer.dataset.built.first["mentions"]) == len(mentions) + 1
    assert "dateline.layer" in m.get_root().render()


def test_layers_of_one_frame_share_its_records(incidents) -> None:
    m = folium.Map(tiles=None)
    for name in ("one", "two"):
        IncidentLayer(incidents, name=name, places=None).add_to(m)
    html = m.get_root().render()
    assert html.count('type="application/json"') == 1
    assert html.count("dateline.layer(") == 2


def test_modules_import_only_what_comes_before() -> None:
    code = assets.bundle() + assets.bundle(furnished=True)
    assert "import " not in re.sub(r"//.*|/\*.*?\*/|\"[^\"]*\"", "", code, flags=re.DOTALL)
    assert sorted(name for part in assets.MODULES for name in part) == sorted(
        p.name for p in (assets.STATIC / "js").glob("*.js") if p.name != "guests.js"
    )


def test_rows_left_out_are_told(incidents) -> None:
    row = {"file": "/somewhere/rows.csv", "row": 3, "line": 4, "messages": [HOSTILE], "candidates": []}
    incidents.attrs["report"] = [row | {"outcome": "rejected"}, row | {"outcome": "accepted"}]
    (left,) = records_of(IncidentMap(incidents).to_html())["left"]
    assert (left["file"], left["row"], left["outcome"], left["messages"]) == (
        "rows.csv",
        3,
        "rejected",
        [HOSTILE],
    )


def test_every_module_of_the_page_can_be_read_in_one_go() -> None:
    for path in (*(assets.STATIC / "js").glob("*.js"), *(assets.STATIC / "css").glob("*.css")):
        assert len(path.read_text("utf-8").splitlines()) <= 400, path.name
