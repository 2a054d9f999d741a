"""Where one article ends and the next begins, and what the lines around them say of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.parts import split

BODY = (
    "Shells fell on the market on Tuesday and two people were hurt, the mayor said.",
    "Teachers marched to the ministry on Monday and asked for their wages of March.",
)

ARCHIVE = """Document {n} of 2

{title}

{source}

{day}

Copyright 2023 {source}
All Rights Reserved

Section: WORLD; Pg. 4

Length: 14 words

Body

{body}

Load-Date: {day}

End of Document"""
OLD_ARCHIVE = """{n} of 2 DOCUMENTS

{source}

{day} Tuesday

BYLINE: A. Writer

HEADLINE: {title}

{body}"""
MAIL = "From: desk@agency.example\nSent: {day} 10:00\nSubject: {title}\n\n{body}\n\nSource: {source}"
FORWARDED = (
    "---------- Forwarded message ---------\nDate: {day}\nSubject: {title}\n\n{body}\n\nSource: {source}"
)
FEED = "{title}\nhttps://news.example/{n}\n{day}\n{body}\nSource: {source}"
RULED = "{title}\n\n{body}\n\nSource: {source}, {day}\n\n* * *"
MARKDOWN = "# {title}\n\n*{source} | {day}*\n\n{body}"
DATELINE = "{title}\n\nKYIV, {day} ({source}) - {body}"

STORIES = (
    {"title": "Market hit in the east", "source": "Reuters", "day": "August 22, 2023", "body": BODY[0]},
    {"title": "Unpaid teachers take to streets", "source": "AFP", "day": "August 28, 2023", "body": BODY[1]},
)  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "form", [ARCHIVE, OLD_ARCHIVE, MAIL, FORWARDED, FEED, RULED, MARKDOWN, DATELINE]
)  # fmt: skip
def test_each_article_has_what_is_said_of_it(form, line_end):
    text = "\n\n".join(form.format(n=n, **story) for n, story in enumerate(STORIES, 1))
    text = text.replace("\n", line_end)
    one, other = split(text)
    for part, story in ((one, STORIES[0]), (other, STORIES[1])):
        assert story["body"] in text[part.start : part.end]
        assert part.known.title == story["title"]
        assert part.known.source == story["source"]
    assert (one.known.date, other.known.date) == ("2023-08-22", "2023-08-28")


def test_what_is_said_of_an_article_is_no_part_of_what_it_tells():
    text = "\n\n".join(ARCHIVE.format(n=n, **story) for n, story in enumerate(STORIES, 1))
    for part in split(text):
        left = list(text)
        for start, end in part.fields:
            left[start:end] = " " * (end - start)
        told = "".join(left[part.start : part.end])
        assert not any(word in told for word in ("Document", "Copyright", "Section", "Length", "2023"))


def test_the_next_headline_may_just_follow():
    text = (
        "Generals speak by telephone\n\nTEHRAN - The two generals spoke by telephone.\n\nThey meet soon.\n\n"
        "Envoys of Norway and Chile meet in Lima\n\nThe envoys of Norway and Chile met in Lima on Tuesday."
    )
    _, other = split(text)
    assert text[other.start :].startswith("Envoys of Norway")
    assert other.known.title == "Envoys of Norway and Chile meet in Lima"


def test_articles_without_headlines_end_with_their_sources():
    one, other = split(f"{BODY[0]}\nSource: Valley Gazette\n\n{BODY[1]}\nSource: Hill Post\n")
    assert (one.known.source, other.known.source) == ("Valley Gazette", "Hill Post")


def test_a_dateline_without_a_year_has_that_of_the_file():
    text = DATELINE.format(n=1, **STORIES[0] | {"day": "Dec. 30"}) + "\n\n"
    text += DATELINE.format(n=2, **STORIES[1] | {"day": "Jan. 2"})
    assert [p.known.date for p in split(text, "2024-01-03")] == ["2023-12-30", "2024-01-02"]
    assert [p.known.date for p in split(text)] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        f"Market hit\n\n{BODY[0]}\n\nWhat we know so far\n\n{BODY[1]}",  # a heading inside
        f"Market hit\n\n{BODY[0]}\n\n***\n\n{BODY[1]}",  # a rule inside
        f"# Market hit\n\n{BODY[0]}\n\n---\n\n## How the market was hit\n\n{BODY[1]}",
        f"KHARKIV - {BODY[0]}\n\nODESA - {BODY[1]}",  # parts of one bulletin
        f"Kharkiv. {BODY[0]}\n\nOdesa. {BODY[1]}\n\nSource: Ministry",
        f"[09:35] {BODY[0]}\n\n[10:10] {BODY[1]}",
        f"1/ Loud blasts near the market tonight, nothing official yet\n\n2/ {BODY[0]}\n\n3/ More tomorrow",
        f"HOST: And the market?\n\nREPORTER: {BODY[0]}\n\nHOST: And the teachers?\n\nREPORTER: {BODY[1]}",
        f"{BODY[0]}\n\nSource: Ministry\n\n{BODY[1]}",  # of a table or picture
        f"Incident 1\nDate: 2023-08-22\nPlace: Kharkiv\n{BODY[0]}\n\nIncident 2\nDate: 2023-08-28\n{BODY[1]}",
        "",
        "Market hit",
    ],
)  # fmt: skip
def test_one_article_is_one(text):
    (part,) = split(text)
    assert (part.start, part.end) == (0, len(text))


LINES = st.sampled_from(
    [*BODY, "***", "---", "# Head of it", "Three words here", "Source: X", "End of Document",
     "Document 1 of 2", "Subject: Something new", "Date: 2023-08-22", "22 August 2023",
     "", "\u00a0", "\u200b",
     "KYIV, May 3 (AP) - So.",
     "https://a.example", "Body", "By Anna Writer", "Reuters"]
)  # fmt: skip


@given(
    st.lists(LINES | st.text(max_size=30), max_size=25), st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n"])
)
def test_parts_are_the_whole_text_in_order(lines, line_end):
    text = line_end.join(lines)
    parts = split(text, "2024-01-01")
    assert "".join(text[p.start : p.end] for p in parts) == text
    for part in parts:
        assert all(part.start <= start <= end <= part.end for start, end in part.fields)
