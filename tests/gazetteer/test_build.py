"""Records to a store and back, on a small world."""

from pathlib import Path

import numpy as np
import pytest
from small_world import RECORDS, small

from gazetteer.build import compile_store, record_of
from gazetteer.errors import GazetteerError, GazetteerMissingError
from gazetteer.gazetteer import Gazetteer
from gazetteer.sources import Record, overlay, parse_names, place_tables, read_table
from gazetteer.store import ARRAYS, open_store, write_store


def test_a_place_without_coordinates_is_left_out_and_said_so():
    g = small()
    assert g.store.meta["without_coordinates"] == ["local:nowhere"]
    assert g.find("Nowhere") == []
    assert not ((g.lat == 0) & (g.lon == 0)).any()


def test_divisions_are_found_by_code_id_and_name():
    g = small()
    for ident, admin1 in (("geonames:5", "North"), ("geonames:6", "South"), ("geonames:8", "North")):
        assert g.get(ident).admin1 == admin1


def test_written_and_read_it_is_the_same(tmp_path):
    store = small().store
    write_store(store, tmp_path / "world")
    read = open_store(tmp_path / "world")
    assert read.meta == store.meta
    for name in ARRAYS:
        assert np.array_equal(read[name], store[name]), name
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_writing_again_leaves_readers_of_the_old_one_whole(tmp_path):
    write_store(small().store, tmp_path / "world")
    old = Gazetteer(open_store(tmp_path / "world"))
    write_store(compile_store(RECORDS[:2], version="b", licences=[], iso3={}), tmp_path / "world")
    assert old.get("geonames:5").name == "Riverton"
    assert len(open_store(tmp_path / "world")) == 2


def test_records_laid_over_a_store_are_as_if_compiled_at_once():
    more = [
        Record("geonames:5", names=(("", "Rivertown"),), population=60_000),
        Record("geonames:9", "Hilltop", 10.4, 20.3, (), "P.PPL", "FR", "FR.01"),
    ]
    at_once = Gazetteer(compile_store([*RECORDS, *more], version="x", licences=[], iso3={}))
    laid = Gazetteer(compile_store(more, compile_store(RECORDS, version="x", licences=[], iso3={})))
    for name in ("Riverton", "Rivertown", "Flussstadt", "Hilltop", "Hilltop, North", "Riverton, South"):
        assert [(c.place, c.score) for c in laid.find(name)] == [
            (c.place, c.score) for c in at_once.find(name)
        ]
    assert [laid.place(i) for i in range(len(laid))] == [at_once.place(i) for i in range(len(at_once))]
    assert laid.get("geonames:5").population == 60_000


def test_a_row_reads_back_as_its_record():
    g = small()
    record = record_of(g.store, g.row("geonames:5"))
    assert (record.name, record.admin1, record.population) == ("Riverton", "geonames:3", 50_000)
    assert ("de", "Flußstadt") in record.names


def test_the_layer_above_wins_and_names_of_both_are_kept():
    below = Record("geonames:1", "Old", 1.0, 2.0, (("fr", "Vieux"),), population=5)
    above = Record("geonames:1", "New", None, None, (("de", "Neu"),), note="renamed")
    merged = overlay(below, above)
    assert (merged.name, merged.lat, merged.population, merged.note) == ("New", 1.0, 5, "renamed")
    assert set(merged.names) == {("fr", "Vieux"), ("de", "Neu"), ("", "Old")}


def test_names_by_language():
    assert parse_names("az=Zəylik|Zǝylik;=Other;Plain") == (
        ("az", "Zəylik"), ("az", "Zǝylik"), ("", "Other"), ("", "Plain"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x,Name,95,10", "line 3, column lat: '95'"),
        ("x,Name,abc,10", "line 3, column lat: 'abc'"),
        ("x,Name,nan,10", "line 3, column lat: 'nan'"),
        ("x,Name,,10", "line 3, column lat: only one"),
        (",,1,2", "line 3, column name"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(tmp_path, row, words):
    path = tmp_path / "places.csv"
    path.write_text(f"id,name,lat,lon\nlocal:a,A,1,2\n{row}\n", "utf-8")
    with pytest.raises(GazetteerError, match=words):
        list(read_table(path))


def test_only_tables_of_places_are_read(tmp_path):
    (tmp_path / "words.csv").write_text("word,why\n", "utf-8")
    (tmp_path / "places.csv").write_text("id,name,names\n", "utf-8")
    assert [path.name for path in place_tables(tmp_path)] == ["places.csv"]


def test_a_missing_and_a_damaged_store_say_so(tmp_path):
    with pytest.raises(GazetteerMissingError, match="There is no gazetteer"):
        open_store(tmp_path)
    write_store(small().store, tmp_path / "world")
    Path(tmp_path / "world" / "lat.npy").write_bytes(b"rubbish")
    with pytest.raises(GazetteerError, match="damaged"):
        open_store(tmp_path / "world")
