"""Rows of one table that tell the same again."""

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.tables.keys import _byte_hashes
from geo.tables.read import check, read_incidents, stream_incidents


def test_the_same_row_again_is_merged_and_its_source_kept(table, places):
    path = table(
        "date,type,place,title,source\n"
        "2024-01-05,shelling,Kyiv,Two hit,Wire\n"
        "2024-01-05,shelling,Kyiv,two  hit,Daily\n",
    )
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["accepted", "duplicate"]
    assert report.frame()["source"].tolist() == ["Wire; Daily"]


def test_rows_with_ids_of_their_own_are_never_merged(table, places):
    path = table("id,date,type,place\na,2024-01-05,shelling,Kyiv\nb,2024-01-05,shelling,Kyiv\n")
    assert len(read_incidents(path, places)) == 2


HEAD = "id,date,type,place,lat,lon,title,source,weapon\n"
ROW = "{id},2024-01-05,shelling,Kyiv,50.45,30.52,{title},{source},{weapon}\n"


def rows(*some):
    usual = {"id": "", "title": "Two hit", "source": "Wire", "weapon": ""}
    return HEAD + "".join(ROW.format(**usual | one) for one in some)


@pytest.mark.parametrize("size", [100, 1 << 20])
def test_repeats_are_found_across_parts(table, places, monkeypatch, size):
    monkeypatch.setattr("geo.tables.encodings.PIECE", size)
    monkeypatch.setattr("geo.tables.cells.BYTES", size)
    filler = [{"id": f"f{n}", "title": f"Other {n}"} for n in range(20)]
    report = check(table(rows({}, *filler, {"source": "Daily", "weapon": "mortar"})), places)
    assert report.counts() == {"accepted": 21, "warned": 0, "rejected": 0, "duplicate": 1, "empty": 0}
    first = report.frame().iloc[0]
    assert (first["source"], first["weapon"]) == ("Wire; Daily", "mortar")
    assert report.rows[21].messages == ["the same as row 1: merged into it, sources kept"]


def test_an_edited_copy_of_an_id_is_merged_another_row_of_it_is_renamed(table, places):
    other = "a,2024-02-01,clash,Lviv,49.84,24.03,Fight,Wire,\n"
    report = check(table(rows({"id": "a"}, {"id": "a", "title": "Two were hit"}) + other), places)
    assert [row.outcome for row in report.rows] == ["accepted", "duplicate", "warned"]
    one, two = report.frame()["id"]
    assert one == "a"
    assert two.startswith("a-")
    assert check(table(rows({"id": "a"}) + other), places).frame()["id"].tolist()[1] == two


def test_streamed_without_its_repeats(tmp_path, table, places):
    path = table(rows({}, {"source": "Daily"}, {"title": "Else"}))
    report = stream_incidents(path, places, tmp_path / "x.parquet")
    assert report.counts()["duplicate"] == 1
    assert read_incidents(tmp_path / "x.parquet", places)["source"].tolist() == ["Wire; Daily", "Wire"]


MOMENT = "id,date,time,type,place,lat,lon,killed,source,title\n"


def test_one_incident_told_by_two_sources_is_merged(table, places):
    path = table(
        MOMENT + "a,2024-01-05,04:10,explosion,Lviv,49.83826,24.02324,1,Wire,Blast at a depot kills a guard\n"
        "b,2024-01-05,04:10,explosion,Lviv,49.83830,24.02330,1,Daily,Blast at depot kills one guard\n"
    )
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["accepted", "duplicate"]
    assert report.frame()["source"].tolist() == ["Wire; Daily"]


@pytest.mark.parametrize(
    "other",
    [
        "04:40,explosion,Lviv,49.83830,24.02330,1,Daily,Blast at depot kills one guard",
        "04:10,shelling,Lviv,49.83830,24.02330,1,Daily,Blast at depot kills one guard",
        "04:10,explosion,Lviv,49.84830,24.02330,1,Daily,Blast at depot kills one guard",
        "04:10,explosion,Lviv,49.83830,24.02330,2,Daily,Blast at depot kills one guard",
        "04:10,explosion,Lviv,49.83830,24.02330,1,Wire,Blast at depot kills one guard",
        "04:10,explosion,Lviv,49.83830,24.02330,1,Daily,Gas bottle bursts in a kitchen",
    ],
)
def test_what_differs_in_more_than_its_source_is_not(table, places, other):
    first = "a,2024-01-05,04:10,explosion,Lviv,49.83826,24.02324,1,Wire,Blast at a depot kills a guard\n"
    assert len(read_incidents(table(f"{MOMENT}{first}b,2024-01-05,{other}\n"), places)) == 2


@settings(deadline=None, max_examples=300)
@example(["b", "a\0"], 0)
@given(st.lists(st.text(st.sampled_from("ab\0ж1"), max_size=20), max_size=20), st.integers(0, 20))
def test_texts_have_one_hash_if_they_are_equal(texts, cut):
    whole = pa.chunked_array([texts[:cut], texts[cut:]], pa.large_string())
    hashes = _byte_hashes(whole).tolist()
    assert _byte_hashes(whole.combine_chunks()).tolist() == hashes
    assert [hashes.index(one) for one in hashes] == [texts.index(one) for one in texts]
