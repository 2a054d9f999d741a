"""Cells with types, statuses and numbers of people."""

from geo.tables.values import read_count, read_status, read_type


def test_no_count_is_not_zero():
    assert read_count("") == read_count("n/a") == (None, "")
    assert read_count("0") == (0, "")
    assert read_count("1,200")[0] == 1200
    assert read_count("3-5")[0] == 3
    assert read_count("-2")[0] is None


def test_words_for_types_in_many_languages():
    words = {"обстрел": "shelling", "partlayış": "explosion", "çatışma": "clash", "Armed clash": "clash",
             "drone attack": "drone_strike", "IED": "explosion", "manifestation": "protest",
             "Shelling": "shelling",
             "artillery shelling of a village": "shelling", "مظاهرة": "protest",
             "air_strike": "air_strike"}  # fmt: skip
    assert {word: read_type(word, {}) for word in words} == words
    assert read_type("landslide", {}) is None
    assert read_status("Confirmed") == "reported"
