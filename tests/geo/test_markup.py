"""Layout is not words: broken lines, odd line ends and blanks, Markdown; the way back to the text stays."""

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.incidents import read
from geo.language import plain
from geo.markup import even_lines

TEXT = (
    "Market hit in the east\n\n"
    'KHARKIV - Shells fell on the "old market" of Kharkiv\'s north on Tuesday, killing two people who were '
    "queueing for bread, the governor of the region said in a statement that evening.\n\n"
    "Teachers marched to the ministry in Kyiv on Monday and asked for their wages of March, which nobody had "
    "promised them; the police looked on and made no arrests.\n"
)


def wrapped(text, width=72):
    return "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.split("\n"))


@pytest.mark.parametrize(
    "laid_out",
    [
        wrapped,
        lambda text: wrapped(text).replace("\n", "\r\n"),
        lambda text: wrapped(text).replace("\n", "\r"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\u2028"),
        lambda text: re.sub("^(?=.)", "    ", text, flags=re.MULTILINE),
        lambda text: text.replace(". ", ".  ").replace(" on ", "  on "),
        lambda text: text.replace("rk", "r\u00adk").replace(" ", "\u00a0").replace("'", "\u2019"),
        lambda text: "\ufeff" + text.replace("market", "mar\u200bket").replace('"', "\u201d"),
    ],
)
def test_however_it_is_laid_out_the_words_are_the_same(laid_out):
    assert plain(laid_out(TEXT)).text.strip() == TEXT.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Kharkiv. Two missiles hit a hospital in the north.\nOdesa. The port was struck again by drones.\n"
        "Sumy. One man was hurt by a mine.\nDnipro. Quiet, so far, in all of the region.",
        "- Mandalay: flash rally of about 60 on 62nd\n- Sagaing: two villages burnt near Kanbalu\n"
        "- Yangon: nothing new from the markets of the town",
        "Marib\n12 killed\nTaiz\n3 wounded\nHodeidah\nno word yet",
        "One line\nand another",
    ],
)
def test_lines_that_stand_for_themselves_stay(text):
    assert even_lines(text) == text


def test_items_in_a_wrapped_text_stay_lines_of_their_own():
    text = wrapped(TEXT) + "\n- Item one of the list stands alone\n- Item two of the list as well\n"
    assert "\n- Item one of the list stands alone\n- Item two" in plain(text).text


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("# Market hit", "Market hit"),
        ("## Market hit ##", "Market hit"),
        ("Shells fell on **Kharkiv** and *Kyiv*.", "Shells fell on Kharkiv and Kyiv."),
        ("Shells fell on __Kharkiv__ and _Kyiv_.", "Shells fell on Kharkiv and Kyiv."),
        ("In [Kharkiv](https://example.org/a_(b) 'x') on Monday", "In Kharkiv on Monday"),
        ("In [Kharkiv][1] on Monday[^2]\n\n[1]: https://example.org", "In Kharkiv on Monday\n\n"),
        ("![A map of Paris](map.png)Shells fell", "Shells fell"),
        ("> Shells fell, he said.", "Shells fell, he said."),
        ("Shells<br>fell <https://example.org/Paris>", "Shells\nfell "),
        ("`Kharkiv`, ~~Kyiv~~", "Kharkiv, Kyiv"),
        ("Room 3 \\* 4 and snake_case_name, 2 * 3", "Room 3 * 4 and snake_case_name, 2 * 3"),
        ("| Place | Killed |\n|---|:-:|\n| Kharkiv | 2 |", "| Place | Killed |\n\n| Kharkiv | 2 |"),
    ],
)
def test_marks_of_markdown_are_not_read(marked, words):
    assert plain(marked, markdown=True).text == words


NOISE = st.sampled_from(
    [
        "\u00ad",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\r\n",
        "\n",
        "  ",
        "\t",
        "**",
        "*",
        "[",
        "](u)",
        "<br>",
        "\0",
        "_",
    ]
)


@given(
    st.lists(st.sampled_from([*TEXT.split(" "), "é", "\u2019"]) | NOISE, max_size=60),
    st.booleans(),
    st.data(),
)
def test_the_way_back_always_leads_into_the_text(pieces, markdown, data):
    text = " ".join(pieces)
    flat = plain(text, markdown=markdown)
    assert len(even_lines(text)) == len(text)
    assert not set(flat.text) & set("\u00ad\u200b\u00a0\u2019\r\0")
    start = data.draw(st.integers(0, len(flat.text)))
    end = data.draw(st.integers(start, len(flat.text)))
    a, b = flat.original(start, end)
    assert 0 <= a <= b <= len(text)
    if start < end:
        assert flat.here(a, b) == (start, end)
        assert flat.text[start] in (plain(text[a]).text, "\n", " ")


def test_a_markdown_article_is_read_as_its_words_are(places, tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ndate: 2024-05-16\n---\n# Blast in [Peshawar](https://e.org/Paris)\n\nA **bomb** exploded in "
        "[Peshawar](https://e.org/Paris) on *Tuesday*, killing four people.\n\n![Rome](Rome.png)\n"
    )
    found = read(geo.read_article(path), places)
    (blast,) = [i for i in found.incidents if i.on_map]
    assert (blast.type, blast.date, blast.killed) == ("explosion", "2024-05-14", 4)
    text = path.read_text()
    assert {m.text for m in found.mentions} == {"Peshawar"}
    assert all(text[m.start : m.end] == m.text for m in found.mentions)
    assert text[blast.start : blast.end] == blast.quote
