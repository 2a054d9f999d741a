"""The main job from end to end, on the sample input."""

from pathlib import Path

import pytest

import geo
import maps
from gazetteer import Gazetteer


@pytest.fixture(scope="module")
def found(places: Gazetteer, seeds: Path) -> "geo.geopandas.GeoDataFrame":  # type: ignore[name-defined]
    article = geo.read_article(seeds / "dispatch.txt", published="2023-08-23")
    return geo.find_incidents(article, places)


def shown(frame):
    return frame[frame["status"].isin(["reported", "claimed", "contested"]) & frame.geometry.notna()]


def test_the_dispatch_gives_exactly_three_incidents_on_the_map(found) -> None:
    rows = shown(found).sort_values(["date", "type"])
    assert list(zip(rows["type"], rows["date"], strict=True)) == [
        ("call", "2023-08-22"),
        ("meeting", "2023-08-22"),
        ("firing", "2023-08-23"),
    ]


def test_the_firing_is_claimed_and_has_both_ends(found) -> None:
    (firing,) = found[found["type"] == "firing"].itertuples()
    assert (firing.status, firing.time, firing.weapon) == ("claimed", "02:10", "small arms")
    assert firing.place_id == "geonames:584572"
    assert firing.origin_id == "local:verin-shorzha"
    assert firing.precision == "vicinity"
    assert firing.radius_km >= 8
    assert "zaylik" in firing.quote.lower()
    assert firing.killed is None or str(firing.killed) == "<NA>"


def test_the_envoys_meet_once_in_baku(found) -> None:
    rows = shown(found)
    (meeting,) = rows[rows["type"] == "meeting"].itertuples()
    assert meeting.place_id == "geonames:587084"


def test_the_call_is_a_link_and_no_point(found) -> None:
    (call,) = found[found["type"] == "call"].itertuples()
    assert call.located_by == "inferred"
    assert call.geometry.geom_type == "LineString"
    assert {call.place_id, call.origin_id} == {"geonames:587084", "geonames:112931"}


def test_plans_are_kept_and_off(found) -> None:
    assert set(found[found["status"] == "planned"]["type"]) <= {"meeting", "visit"}
    assert len(found[found["status"] == "planned"]) >= 1


def test_every_place_named_is_a_mention(found) -> None:
    named = {m.text for m in found.attrs["mentions"]}
    assert {"Nakhchivan", "Karabakh", "Caspian Sea", "Yerevan", "Moscow"} <= named


def test_without_a_date_of_publication_no_year_is_invented(places: Gazetteer, seeds: Path) -> None:
    article = geo.read_article(seeds / "dispatch.txt")
    dates = geo.find_incidents(article, places)["date"].dropna()
    assert "XXXX-08-23" in set(dates)
    assert all(d.startswith("XXXX") for d in dates)


def test_table_and_dispatch_together(found, places: Gazetteer, seeds: Path, tmp_path: Path) -> None:
    table = geo.read_incidents(seeds / "incidents.csv", places)
    everything = geo.combine(found, table)
    meetings = everything[(everything["type"] == "meeting") & (everything["date"] == "2023-08-22")]
    assert len(meetings) == 1, "the meeting stands in both and is one"
    assert "IRNA" in meetings.iloc[0]["source"]
    page = maps.IncidentMap(everything, article=found.attrs["articles"][0])
    page.save(str(tmp_path / "map.html"))
    assert (tmp_path / "map.html").stat().st_size < 900_000
