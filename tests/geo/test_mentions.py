"""Mentions: what is read as a place, how it is used, and where its span lies."""

from itertools import pairwise

import pytest

from geo.articles import Article
from geo.mentions import find_mentions
from geo.resolution import locate


def read(places, text):
    return {m.text: m for m in find_mentions(Article(text), places)}


@pytest.mark.parametrize(
    ("text", "name", "use"),
    [
        ("Three people were killed in Kharkiv on Monday.", "Kharkiv", "literal"),
        ("NAIROBI - Police used tear gas on Tuesday.", "NAIROBI", "dateline"),
        ("SUKHUMI, May 14. Police used tear gas on Tuesday.", "SUKHUMI", "dateline"),
        ("PORT SUDAN (Sudan) - Shells hit a market on Monday.", "PORT SUDAN", "dateline"),
        ("The Kenyan minister flew home on Monday.", "Kenyan", "demonym"),
        ("Dozens of Georgians marched through the capital.", "Georgians", "demonym"),
        ("The Armenia Army returned fire on Monday.", "Armenia", "organisation"),
        ("He heads the armed forces of Kenya.", "Kenya", "organisation"),
        ("Tensions rose again between Baku and Yerevan over the road.", "Yerevan", "metonym"),
        ("Warsaw's foreign ministry protested on Monday.", "Warsaw", "metonym"),
        ("Ankara wants a summit before autumn.", "Ankara", "metonym"),
    ],
)
def test_use(places, text, name, use):
    found = read(places, text)
    assert name in found
    assert found[name].use == use


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jordan said he was glad to be home. Michael Jordan scored twice.", "Jordan"),
        ("On Monday, March rain fell for hours.", "March"),
        ("Police said nobody was hurt.", "Police"),
        ("Mrs. London told the court she was sorry.", "London"),
    ],
)
def test_not_places(places, text, name):
    assert name not in read(places, text)


@pytest.mark.parametrize("name", ["Port-au-Prince", "Republic of Azerbaijan", "San José", "Caspian Sea"])
def test_the_longest_name_is_one_mention(places, name):
    assert name in read(places, f"The delegates met in the {name} area near {name} on Monday.")


def test_a_doubtful_name_is_read_where_the_document_is_about_its_country(places):
    found = read(
        places, "Armenian officials said shots were fired near the village of Yeraskh. Yeraskh was hit twice."
    )
    assert "Yeraskh" in found


def test_spans_point_into_the_text_as_given(places):
    text = (
        "Headline stands\u00a0here\r\n\r\nTwo men were hurt in Khar\u00adkiv and in San\u00a0José, "
        "Costa\u00a0Rica’s capital.\r\n"
    )
    found = find_mentions(Article(text), places)
    assert [m.text for m in found] == [text[m.start : m.end] for m in found]
    assert "Khar\u00adkiv" in {m.text for m in found}


def test_mentions_come_in_order_and_do_not_overlap(places, seeds):
    text = (seeds / "dispatch.txt").read_text("utf-8")
    found = find_mentions(Article(text), places)
    assert len(found) > 10
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 < m.confidence <= 1 for m in found)


def test_a_parse_can_be_shared(places):
    from geo.language import plain
    from geo.sentences import parse

    article = Article("Shells fell on Kharkiv’s outskirts on Monday, officials in Kyiv said.")
    assert locate(article, places, doc=parse(plain(article.text).text)) == locate(article, places)


def test_a_parse_of_another_text_is_refused(places):
    from geo.sentences import parse

    with pytest.raises(ValueError, match="doc is not of this article"):
        find_mentions(Article("Short."), places, parse("A far longer text than that of the article."))


@pytest.mark.parametrize("text", ["", " \n ", "no names here at all", "…", "🙂🙂"])
def test_nothing_to_find(places, text):
    assert find_mentions(Article(text), places) == []


def test_a_heading_names_a_place_and_its_full_stop_ends_the_name(places):
    text = (
        "SYRIA: FIELD SUMMARY\n\nHoms. A bus drove over a mine east of Palmyra: four dead.\n\n"
        "Daraa. Unknown persons hurled a grenade at a house in Tafas."
    )
    assert {"Homs", "Daraa", "Tafas"} <= set(read(places, text))


def test_names_of_one_area_speak_for_each_other(places):
    text = "Troops freed nine people along the Funtua-Gusau highway in Zamfara, near Tsafe, on Friday."
    assert {"Funtua", "Gusau", "Tsafe"} <= set(read(places, text))


def test_a_name_with_the_word_for_its_kind_is_one_name(places):
    assert "Gorus region" in read(
        places, "In Armenia, units stationed near the Tegh settlement of the Gorus region fired at Lachin."
    )
