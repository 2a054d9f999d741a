"""The table of the interface's words: whole in every language, and used by the page."""

from __future__ import annotations

import re

import pytest
from map_samples import MILFORD, frame_of, located
from playwright.sync_api import expect

from geo.articles import Article
from geo.frame import LOCATED_BY, PRECISIONS, STATUSES, TYPES
from maps import IncidentMap
from maps.errors import MapError
from maps.records import KINDS, STATIC, families, strings

WORDS = strings()["words"]
LANGUAGES = strings()["languages"]


def test_every_word_is_there_in_every_language() -> None:
    assert LANGUAGES == ["en", "az", "hy", "ru"]
    for key, texts in WORDS.items():
        assert len(texts) == len(LANGUAGES), key
        assert all(text.strip() for text in texts), key
        marks = [set(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert all(found == marks[0] for found in marks), key


def test_lists_have_as_many_items_in_every_language() -> None:
    for key in ("date.months", "date.months_short", "date.months_alone", "compass"):
        assert {len(text.split("|")) for text in WORDS[key]} == {8 if key == "compass" else 12}


def test_every_vocabulary_has_words() -> None:
    for group, values in (
        ("type", TYPES), ("status", STATUSES), ("statusLong", STATUSES), ("precision", PRECISIONS),
        ("precisionShort", PRECISIONS), ("locatedBy", LOCATED_BY), ("kind", KINDS),
        ("family", [f["id"] for f in families()]),
    ):  # fmt: skip
        assert [f"{group}.{v}" for v in values if f"{group}.{v}" not in WORDS] == []


def test_every_key_the_scripts_name_is_in_the_table() -> None:
    code = "".join(path.read_text("utf-8") for path in (STATIC / "js").glob("*.js"))
    named = set(re.findall(r"\b(?:t|phrase|list|word)\(\"([\w.]+)\"", code))
    assert len(named) > 100
    assert named - WORDS.keys() == set()


def test_every_key_in_the_table_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in (STATIC / "js").glob("*.js"))
    made = set(re.findall(r"\(`([\w.]+\.)\$\{", code)) | {f"{s}." for s in re.findall(r'say\("(\w+)"', code)}
    made |= {"type.", "status."}  # facets name their vocabulary
    assert [k for k in WORDS if f'"{k}"' not in code and not k.startswith(tuple(made))] == []


def test_a_language_that_is_not_there_is_refused(incidents) -> None:
    with pytest.raises(MapError, match="Language 'xx' is not known"):
        IncidentMap(incidents, language="xx")


def test_the_page_speaks_the_language_chosen_and_keeps_what_is_shown(visit, incidents, article) -> None:
    page = visit(IncidentMap(incidents, article=article)).page
    page.locator("#tab-table").click()
    page.locator("input[data-kind=planned]").check()
    page.locator(".dateline-pin[aria-label^='Firing']").click()
    page.locator("#language").select_option("ru")
    expect(page.locator(".leaflet-popup .card")).to_contain_text("3 мая 2024, 02:10")
    expect(page.locator(".leaflet-popup .card")).to_contain_text("Утверждает одна сторона")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("#tab-table")).to_have_text("События (6)")
    expect(page.locator("#view-table")).to_be_visible()
    expect(page.locator("input[data-kind=planned]")).to_be_checked()
    expect(page.locator("#summary")).to_contain_text("6 событий")
    expect(page.locator("#language")).to_be_focused()
    page.wait_for_url(lambda url: "lang=ru" in url)
    page.reload()
    expect(page.locator("#tab-table")).to_have_text("События (6)")


@pytest.mark.parametrize(("language", "words"), [("az", "3 may 2024"), ("hy", "3 մայիսի 2024")])
def test_dates_are_written_as_the_language_does(visit, incidents, language, words) -> None:
    page = visit(IncidentMap(incidents, language=language)).page
    page.locator(".dateline-pin").first.click()
    expect(page.locator(".leaflet-popup .card")).to_contain_text(words)
    assert not re.search(r"\b(Where|When|Close|Filters|Play)\b", page.locator("body").inner_text())


def test_writing_from_right_to_left_is_shown_so(visit) -> None:
    words = "شلیک به سمت میلفورد گزارش شد."
    article = Article(words, "تیراندازی")
    frame = frame_of(
        [{"id": "a", "type": "firing", "title": words, "quote": words, "start": 0, "end": len(words),
          **located(MILFORD)}],
    )  # fmt: skip
    page = visit(IncidentMap(frame, article=article)).page
    paragraph = page.locator(".article > p")
    assert paragraph.evaluate("p => getComputedStyle(p).direction") == "rtl"
    page.locator(".dateline-pin").click()
    for what in ("h2 bdi", "blockquote"):
        assert page.locator(f".card {what}").evaluate("e => getComputedStyle(e).direction") == "rtl"


@pytest.mark.parametrize(
    ("language", "names", "thousand"),
    [("az", {"AZƏRBAYCAN", "ERMƏNİSTAN"}, "1.200"),
     ("hy", {"ԱԴՐԲԵՋԱՆ", "ՀԱՅԱՍՏԱՆ"}, "1\xa0200"),
     ("ru", {"АЗЕРБАЙДЖАН", "АРМЕНИЯ"}, "1\xa0200")],
)  # fmt: skip
def test_the_map_is_named_in_the_language_chosen(visit, incidents, language, names, thousand) -> None:
    incidents["killed"] = 1200
    page = visit(IncidentMap(incidents, location=[40, 46], zoom_start=7), width=1600, height=1000).page
    page.locator("#legend summary").click()
    page.locator("#language").select_option(language)
    page.wait_for_timeout(200)
    shown = page.locator(".dateline-label.country").evaluate_all("all => all.map(e => e.innerText.trim())")
    assert names <= set(shown)
    page.locator("#tab-table").click()
    page.locator(".table tbody button").first.click()
    expect(page.locator(".card").first).to_contain_text(thousand)


def test_a_month_of_no_year_is_said_so(visit) -> None:
    page = visit(IncidentMap(frame_of([{"id": "a", "date": "XXXX-04", **located(MILFORD)}]))).page
    expect(page.locator(".table tbody")).to_contain_text("Apr, year not stated")
