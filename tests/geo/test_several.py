"""Several articles in one file: each read by itself, put together as one document."""

import re

import geo
from geo.articles import Article
from geo.incidents import as_json, read
from geo.resolution import locate
from geo.several import articles_of

DIGEST = """From: agency@desk.example
Date: Wed, 3 May 2023 08:00:00 +0000
Subject: Bomb in Kandahar

A bomb exploded in Kandahar on Monday.

Source: Valley Gazette

From: agency@desk.example
Date: Thu, 15 Jun 2023 08:00:00 +0000
Subject: Riot in Tripoli

Crowds set fire to a bank in Tripoli on Tuesday, and the army was sent from Beirut and Sidon.

Source: Cedar Post
"""


def shown(places, text, published=None):
    return [i for i in read(Article(text, published=published), places).incidents if i.on_map]


def test_each_has_its_own_day_and_source(places):
    bomb, riot = shown(places, DIGEST)
    assert (bomb.type, bomb.date, bomb.source) == ("explosion", "2023-05-01", "Valley Gazette")
    assert (riot.type, riot.date, riot.source) == ("riot", "2023-06-13", "Cedar Post")
    assert "“Riot in Tripoli” (Cedar Post, 2023-06-15)" in riot.description


def test_a_day_that_an_article_states_wins_over_that_of_the_file(places):
    assert [i.date for i in shown(places, DIGEST, "2024-01-01")] == ["2023-05-01", "2023-06-13"]


def test_offsets_are_those_of_the_file(places, tmp_path):
    path = tmp_path / "digest.txt"
    path.write_bytes(("\ufeff" + DIGEST.replace("Tripoli", "Tri\u00adpoli")).replace("\n", "\r\n").encode())
    found = read(geo.read_article(path), places)
    text = found.article.text
    assert path.read_bytes().decode("utf-8-sig") == text
    assert [m.text for m in found.mentions if m.place] == [
        "Kandahar", "Kandahar", "Tri\u00adpoli", "Tri\u00adpoli", "Beirut", "Sidon",
    ]  # fmt: skip
    for mention in found.mentions:
        assert text[mention.start : mention.end] == mention.text
    for incident in found.incidents:
        assert text[incident.start : incident.end] == incident.quote
        assert all(text[r.start : r.end] == r.text for r in incident.places)
    assert set(as_json(found)["document"]) == {"path", "title", "published"}


def test_each_has_places_of_its_own_to_tell_by(places):
    """The Tripoli of one article is in Lebanon, whatever the others speak of."""
    libya = DIGEST.replace(
        "A bomb exploded in Kandahar on Monday.",
        "A bomb exploded in Tripoli on Monday. In Benghazi, Misrata and Zawiya, in Libya, all was calm.",
    )
    found = [m.place.country for m in locate(Article(libya), places) if m.text == "Tripoli"]
    assert found == ["LY", "LB", "LB"]
    spans = [m.span() for m in re.finditer("Tripoli|Sidon|agency", libya)]
    given = locate(Article(libya), places, spans=spans[::-1])
    assert [(m.start, m.end) for m in given] == spans[::-1]
    assert [m.place.country for m in given if m.text == "Tripoli"] == ["LB", "LB", "LY"]


def test_one_incident_in_two_articles_is_one_with_both_sources(places):
    text = (
        "Bomb kills four in Peshawar\n\nPESHAWAR, May 14, 2024 (Reuters) - A bomb exploded at a market in "
        "Peshawar on Tuesday, killing four people.\n\nSource: Reuters\n\n"
        "Peshawar market blast\n\nPESHAWAR, May 14, 2024 (AFP) - A bomb blast at a market in Peshawar killed "
        "four people and wounded nine on Tuesday.\n\nSource: AFP\n"
    )
    (blast,) = shown(places, text)
    assert blast.source == "AFP; Reuters"
    assert (blast.date, blast.killed, blast.wounded) == ("2024-05-14", 4, 9)
    assert "Bomb kills four in Peshawar" in blast.description
    assert "Peshawar market blast" in blast.description


def test_an_article_given_twice_is_read_once(places):
    once = DIGEST[: DIGEST.index("From", 5)]
    assert len(shown(places, once + once)) == len(shown(places, once)) == 1


def test_two_meetings_in_one_capital_are_two(places):
    text = (
        "Norway's envoy in Lima\n\n"
        "LIMA, May 14, 2024 (AFP) - The Norwegian envoy met the mayor in Lima on Tuesday.\n\n"
        "Fishing talks\n\n"
        "LIMA, May 14, 2024 (AFP) - Fishermen of Chile and ship owners held a meeting in Lima on Tuesday.\n"
    )
    assert [i.type for i in shown(places, text)] == ["meeting", "meeting"]


def test_a_source_line_under_two_articles_is_that_of_both(seeds):
    article = geo.read_article(seeds / "dispatch.txt", published="2023-08-23")
    assert [(a.source, a.published) for _, a in articles_of(article)] == [
        ("dateline sample desk", "2023-08-23"), ("dateline sample desk", "2023-08-23"),
    ]  # fmt: skip


def test_a_text_longer_than_the_model_takes_is_read_in_stretches():
    text = "Nothing was heard of it in Lima.\n\n" * 10_000 + "x" * 250_000
    parts = articles_of(Article(text, title="Long", published="2024-05-16"))
    assert max(len(part.text) for _, part in parts) <= 100_000
    assert all(part.text == text[at : at + len(part.text)] for at, part in parts)
    assert "".join(part.text for _, part in parts) == text
    assert {(part.title, part.published) for _, part in parts} == {("Long", "2024-05-16")}


def test_articles_in_two_languages_are_each_read_in_theirs(places):
    text = (
        "Subject: Взрыв в Харькове\n\n"
        "В Харькове прогремел взрыв, сообщили власти города. Пострадали два человека.\n\nSource: Вестник\n\n"
        "Subject: Bomb in Kandahar\n\nA bomb exploded in Kandahar on May 1, 2023.\n\nSource: Post\n"
    )
    found = read(Article(text), places)
    assert [i.date for i in found.incidents if i.on_map] == ["2023-05-01"]
    assert {m.place.country for m in found.mentions if m.place} == {"UA", "AF"}
