"""The store on disk: what is written is what is read, and what is not a store says so."""

import subprocess
import sys

import numpy as np
import pytest
from small_world import small

from gazetteer import Gazetteer, GazetteerError, GazetteerMissingError
from gazetteer.keys import keys_of, many_keys, reduced
from gazetteer.store import ARRAYS, BUCKETS, open_store, write_store


@pytest.fixture
def folder(tmp_path):
    write_store(small().store, tmp_path / "small")
    return tmp_path / "small"


def test_a_store_comes_back_as_it_was(folder):
    one, other = small().store, open_store(folder)
    assert one.meta == other.meta
    for name in ARRAYS:
        assert np.array_equal(one[name], other[name]), name
    for name in ARRAYS | BUCKETS:
        assert bytes(one.views[name]) == bytes(other.views[name]), name
    assert [c.place for c in Gazetteer(other).find("Riverton")] == [c.place for c in small().find("Riverton")]


def test_a_store_that_is_not_there_or_not_whole_says_so(folder, tmp_path):
    with pytest.raises(GazetteerMissingError):
        open_store(tmp_path / "nothing")
    (folder / "lat.npy").write_bytes(b"no array")
    with pytest.raises(GazetteerError, match="damaged"):
        open_store(folder)
    (folder / "meta.json").write_text('{"format": 1}')
    with pytest.raises(GazetteerError, match="another format"):
        open_store(folder)


def test_known_spellings_have_the_keys_of_the_rules(places):
    rng = np.random.default_rng(1)
    names = [
        v for r in rng.integers(0, len(places), 400) for lang, v in places.store.texts(r) if lang[:1] != "@"
    ]
    names += ["Xqzzy", "Kalbajar region", "THE CITY OF PARIS", "İstanbul", "Straße"]
    by_rule, found = reduced(names), many_keys(places.store, names)
    for one, other in zip(found, by_rule, strict=True):
        assert np.array_equal(one, other)
    for i, name in enumerate(names):
        assert keys_of(places.store, name) == tuple(int(column[i]) for column in by_rule)


def test_indexes_find_all_and_only_what_they_hold(places):
    for name in ("key", "spell", "bone", "id"):
        index, column = places.store.index(name), places.store[f"{name}_hash"]
        some = column[:: max(1, len(column) // 500)]
        wanted = np.concatenate([some, some ^ np.uint64(1), [np.uint64(0), np.uint64(2**60 - 1)]])
        starts, ends = index.spans(wanted)
        assert [index.span(int(h)) for h in wanted if h in column] == [
            (a, b) for h, a, b in zip(wanted, starts, ends, strict=True) if h in column
        ]
        assert all(a == b for h, a, b in zip(wanted, starts, ends, strict=True) if h not in column)
        assert set(np.flatnonzero(ends > starts)) <= set(index.among(wanted).tolist())


def test_a_first_look_up_needs_no_numpy():
    code = (
        "import sys; from gazetteer import Gazetteer; found = Gazetteer.load(user=False).find('Yerevan');"
        "assert found[0].place.country == 'AM' and found[0].why; assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
