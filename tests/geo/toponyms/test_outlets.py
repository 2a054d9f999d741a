"""The outlet's home as evidence for which of several places is meant."""

import pytest

import geo
from gazetteer import Gazetteer
from geo.resolution import locate
from geo.toponyms.outlets import home_of
from geo.toponyms.senses import senses


@pytest.fixture(scope="module")
def places():
    return Gazetteer.load()


def home(places, **known):
    view = senses(places)
    found = home_of(geo.Article(text="", **known), view)
    codes = {number: code for code, number in view.country_names.items()}
    if found is None:
        return None
    return codes[found.country], places.name(found.division) if found.division >= 0 else ""


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"source": "Tehran Times"}, ("IR", "Tehran")),
        ({"source": "Boston Globe"}, ("US", "Massachusetts")),
        ({"source": "The Guardian"}, ("GB", "")),
        ({"source": "Springfield Weekly"}, ("US", "")),
        ({"url": "https://www.kommersant.ru/doc/1"}, ("RU", "")),
        ({"url": "https://news.example.am/1"}, ("AM", "")),
        ({"url": "https://example.co.uk/1"}, ("GB", "")),
    ],
)
def test_home_is_told(places, known, expected):
    assert home(places, **known) == expected


@pytest.mark.parametrize(
    "known",
    [
        {"source": "Reuters"},
        {"source": "Daily Bugle"},
        {"url": "https://example.com/1"},
        {"url": "https://example.io/1"},
        {"url": "not a link"},
        {"source": ""},
        {},
    ],
)
def test_no_home_is_made_up(places, known):
    assert home(places, **known) is None


@pytest.mark.parametrize(("source", "country"), [("Boston Globe", "US"), ("The Guardian", "GB")])
def test_home_decides_between_namesakes(places, source, country):
    text = "A fire broke out in Cambridge on Monday."
    (mention,) = locate(geo.Article(text=text, source=source), places)
    assert mention.place.country == country


def test_home_does_not_overrule_what_the_text_says(places):
    text = "A fire broke out in Cambridge, England, on Monday."
    mention = locate(geo.Article(text=text, source="Boston Globe"), places)[0]
    assert mention.place.country == "GB"
