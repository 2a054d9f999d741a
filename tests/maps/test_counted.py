"""More incidents than one page carries: counted by squares, said so, the incidents in a file beside."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_samples import EASTHAM, MILFORD, NORTHTOWN, frame_of, located
from playwright.sync_api import expect
from test_accessible import violations
from test_packed import opened, saved, total

from geo.frame import COLUMNS
from maps import IncidentMap, cli, counting, inputs, streaming, watch


@pytest.fixture
def many():
    """Three thousand at three towns and around, calls among them, some with no place or date."""
    rows = []
    for k in range(3000):
        town = (MILFORD, EASTHAM, NORTHTOWN)[k % 3]
        at = located(town) | {"lat": town.lat + (k % 10) * 1e-4}
        if k % 100 == 7:
            at = {}
        kind = "call" if k % 100 == 8 else ("firing", "protest")[k % 2]
        if kind == "call":
            at = located(MILFORD) | located(NORTHTOWN, "origin")
        rows.append(
            {"id": f"n{k}", "type": kind, "status": ("reported", "denied")[k % 5 == 0],
             "title": f"Secret {k}",
             "date": None if k % 50 == 3 else f"2024-{1 + k % 12:02d}-{1 + k % 28:02d}", **at}
        )  # fmt: skip
    return frame_of(rows)


@pytest.fixture
def shown(visit, many):
    return visit(IncidentMap(many, limit=2999, basemap=False)).page


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.sampled_from(["firing", "riot"])), max_size=60
    ),
    st.integers(1, 40),
)
def test_every_incident_is_counted_once_and_near_where_it_was(rows, most) -> None:
    frame = frame_of([{"id": str(k), "type": t, "lat": a, "lon": o} for k, (a, o, t) in enumerate(rows)])
    counted = counting.count(frame, most)
    columns = counted.columns
    weight = [columns.coded["weight"][n] for n in range(len(columns))]
    assert sum(weight) == counted.total == len(rows)
    for kind in ("firing", "riot"):
        held = sum(w for n, w in enumerate(weight) if columns.coded["type"][n] == kind)
        assert held == sum(t == kind for *_, t in rows)
    side = 360 / 2**counted.level
    for _, lon, _ in rows:
        assert np.abs(columns.lon - lon).min() <= side / 2 + 1e-6


def test_squares_grow_until_the_counts_fit(many) -> None:
    fine, coarse = counting.count(many), counting.count(many, 30)
    assert (fine.level, fine.step) == (counting.FINEST, "month")
    assert len(coarse.columns) <= 30
    assert (coarse.level, coarse.step) != (fine.level, fine.step)


def test_the_page_says_that_it_counts_and_where_the_incidents_are(many, visit, tmp_path) -> None:
    path = tmp_path / "rows.html"
    IncidentMap(many, limit=2999).save(path)
    kept = geopandas.read_parquet(tmp_path / "rows.parquet")
    assert list(kept["id"]) == list(many["id"])
    assert "Secret" not in path.read_text("utf-8")
    page = visit(path.read_text("utf-8")).page
    page.wait_for_selector("body.ready")
    expect(page.locator("#notice")).to_contain_text(
        "This page counts 3,000 incidents by squares of about 2.4 km"
    )
    expect(page.locator("#notice")).to_contain_text("rows.parquet")
    page.locator("#tab-about").click()
    expect(page.locator(".about")).to_contain_text("rows.parquet")


def test_counts_are_filtered_and_drawn_like_incidents(shown) -> None:
    expect(shown.locator("#summary")).to_contain_text("of 3,000 incidents on the map")
    shown.locator("input[data-kind=denied]").check()
    expect(shown.locator("#summary")).to_have_text(
        "2,940 of 3,000 incidents on the map; 60 with no place to draw."
    )
    assert total(shown) == 2940
    shown.locator(".filters summary").click()
    shown.locator(".facets label", has_text="Protest").locator("input").check()
    expect(shown.locator(".told .said")).to_contain_text("Shown: 1,500 of 3,000 incidents")
    expect(shown.locator(".facets fieldset", has_text="Source")).to_have_count(0)
    shown.get_by_label("undated").uncheck()
    expect(shown.locator(".told .said")).to_contain_text("Shown: 1,440 of 3,000 incidents")
    assert violations(shown) == []


def test_a_count_is_no_incident(shown) -> None:
    opened(shown, MILFORD.lat, MILFORD.lon, 14)
    total(shown)
    shown.keyboard.press("Enter")
    crowd = shown.locator(".leaflet-popup .crowd")
    expect(crowd).to_be_visible()
    crowd.locator("li button").first.click()
    card = shown.locator(".leaflet-popup .card")
    expect(card).to_contain_text("Counted, not told apart")
    expect(card).to_contain_text("within about")


def test_counts_are_saved_with_their_weight(shown, tmp_path) -> None:
    table = pd.read_csv(saved(shown, "CSV", tmp_path / "x.csv"))
    assert table["weight"].sum() == 3000
    assert "title" not in table.columns
    assert set(table.columns) - {"weight"} <= set(COLUMNS)


def test_a_frame_of_few_columns_is_written_as_it_is(tmp_path) -> None:
    points = geopandas.points_from_xy([45, 46, 45], [40, 40, 41])
    frame = geopandas.GeoDataFrame({"type": ["riot"] * 3}, geometry=points, crs=4326)
    IncidentMap(frame, limit=2).save(tmp_path / "few.html")
    assert list(geopandas.read_parquet(tmp_path / "few.parquet").columns) == ["type", "geometry"]


def test_the_command_takes_a_limit(tmp_path, capsys) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,type,lat,lon\n" + "".join(f"n{k},riot,40.{k},45\n" for k in range(1, 8)), "utf-8")
    cli.app(
        [str(a) for a in ("map", source, "-o", tmp_path / "out.html", "--limit", 5)], standalone_mode=False
    )
    assert len(geopandas.read_parquet(tmp_path / "out.parquet")) == 7
    assert "out.parquet: the incidents themselves" in capsys.readouterr().err


def test_rows_beside_the_page_are_no_input_when_its_folder_is_read_again(tmp_path, capsys) -> None:
    head = "id,type,lat,lon\n"
    (tmp_path / "in.csv").write_text(head + "".join(f"n{k},riot,40.{k},45\n" for k in range(1, 8)), "utf-8")
    page = tmp_path / "map ü.html"
    before = watch.stamp([tmp_path], [page])
    for _ in range(2):
        cli.app([str(a) for a in ("map", tmp_path, "-o", page, "--limit", 5)], standalone_mode=False)
        assert len(geopandas.read_parquet(page.with_suffix(".parquet"))) == 7
        assert "0 articles, 1 tables" in capsys.readouterr().err
        assert watch.stamp([tmp_path], [page]) == before
    page.write_text("<p>another page, which names no rows</p>", "utf-8")
    assert inputs.collect([tmp_path], outputs=[page]) == [tmp_path / "in.csv", page.with_suffix(".parquet")]


def test_a_long_table_is_counted_as_it_is_read(tmp_path, monkeypatch) -> None:
    """The page and the file beside it are those of the frame, whatever the size of the batches."""
    rows = [
        f"n{k},{('protest', 'clash')[k % 2]},2024-0{k % 3 + 1}-05,{45 + k % 5},{30 + k % 7 / 10:.4f}\n"
        for k in range(500)
    ]
    table = tmp_path / "long.csv"
    table.write_text("id,type,date,lat,lon\n" + "".join(rows) + "bad,clash,2024-02-30,45,30\n", "utf-8")
    monkeypatch.setattr("maps.streaming.ROWS", 64)
    read = ["map", str(table), "--limit", "100", "-o"]
    with pytest.raises(SystemExit) as done:
        cli.main([*read, str(tmp_path / "streamed.html"), "--export", str(tmp_path / "copy.parquet")])
    assert done.value.code == 0
    monkeypatch.setattr("maps.streaming.rows_of", lambda _: 0)
    with pytest.raises(SystemExit):
        cli.main([*read, str(tmp_path / "whole.html")])
    whole, streamed = (geopandas.read_parquet(tmp_path / f"{name}.parquet") for name in ("whole", "streamed"))
    assert list(whole.columns) == list(streamed.columns)
    whole, streamed = (one.sort_values("id", ignore_index=True) for one in (whole, streamed))
    for name in COLUMNS:
        told = [[None if pd.isna(value) else value for value in one[name]] for one in (whole, streamed)]
        assert told[0] == told[1], name
    assert whole.geometry.geom_equals(streamed.geometry).all()
    assert (tmp_path / "copy.parquet").read_bytes() == (tmp_path / "streamed.parquet").read_bytes()
    for name in ("whole", "streamed"):
        assert f'"rows":"{name}.parquet"' in (tmp_path / f"{name}.html").read_text("utf-8")
    counts = [counting.count(whole), streaming.count_file(tmp_path / "streamed.parquet")]
    assert counts[0].total == counts[1].total == 500
    assert len(counts[0].columns) == len(counts[1].columns)
    assert counts[0].shown == counts[1].shown == 500
    assert "2024-02-30" in (tmp_path / "rejects.csv").read_text("utf-8")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
