"""Articles are read from files as they are, and bad ones are refused with one sentence."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.errors import DatelineError
from geo.articles import check_date, find_source, find_title, read_article
from geo.errors import ArticleError

BODY = "Shells fell on the town.\n\nNobody was hurt, the mayor said.\n"


def write(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_headline_source_and_text(tmp_path):
    text = "Shells fall on town\n\n" + BODY + "\nSource: Valley Gazette"
    article = read_article(write(tmp_path, "a.txt", text), published="2023-08-23")
    assert article.text == text
    assert (article.title, article.source, article.published) == (
        "Shells fall on town",
        "Valley Gazette",
        "2023-08-23",
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A heading\n\nText follows.", "A heading"),
        ("BEIRUT - Seven people were hurt.\n\nMore.", ""),
        ("Only one line", ""),
        ("Envoys meet in Baku\n\nThe envoys met.", "Envoys meet in Baku"),
    ],
)
def test_title_is_a_first_line_that_looks_like_one(text, title):
    assert find_title(text) == title


def test_what_the_lines_around_an_article_say(tmp_path):
    text = (
        "Shells fall on town\n\nValley Gazette | 23 August 2023\n\n"
        + BODY
        + "\nLink: https://example.org/1\n"
    )
    article = read_article(write(tmp_path, "a.txt", text))
    assert article.text == text
    assert (article.title, article.published) == ("Shells fall on town", "2023-08-23")
    assert article.source == "Valley Gazette"
    text = text.replace("Valley Gazette | ", "Published: ").replace("Link", "Source: Gazette\nLink")
    article = read_article(write(tmp_path, "a.txt", text))
    assert (article.published, article.source, article.url) == (
        "2023-08-23", "Gazette", "https://example.org/1",
    )  # fmt: skip


def test_no_source_line_no_source():
    assert find_source(BODY) is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"])
def test_other_encodings(tmp_path, encoding):
    text = "Обстрел посёлка\n\n" + "Ночью был обстрелян посёлок у границы, сообщили власти. " * 5
    assert read_article(write(tmp_path, "a.txt", text.encode(encoding))).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Şuşa ve Gence dün gece sakindi, dedi. İstanbul da öyle.", "cp1254"),
        ("El café de Bogotá; año nuevo en Perú, dijo el señor.", "latin-1"),
        ("قصف على مدينة حلب ليل الثلاثاء، وقتل شخصان بحسب السلطات المحلية", "cp1256"),
    ],
)
def test_legacy_letters(tmp_path, text, encoding):
    assert read_article(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_a_broken_byte_costs_one_character(tmp_path):
    data = "Gəncə və Şuşa sakit idi, İctimai TV dedi".encode()
    found = read_article(write(tmp_path, "a.txt", data[:30] + b"\xff" + data[30:])).text
    assert found.replace("\ufffd", "") == data.decode()
    assert (
        read_article(write(tmp_path, "a.txt", b"Shells fell\0 on Kharkiv.")).text
        == "Shells fell\0 on Kharkiv."
    )


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@given(data=st.binary(max_size=400))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_an_article_or_one_sentence(tmp_path, suffix, data):
    path, said = write(tmp_path, f"a{suffix}", data), ""
    try:
        read = read_article(path).text
    except ArticleError as error:
        read, said = "", str(error)
    assert bool(read.strip()) != bool(said)
    assert "\n" not in said


def test_declared_encoding_of_a_page(tmp_path):
    page = '<html><head><meta charset="iso-8859-1"><title>Café</title></head><p>Café brûlé.</p></html>'
    article = read_article(write(tmp_path, "a.html", page.encode("iso-8859-1")))
    assert (article.title, article.text) == ("Café", "Café brûlé.")


def test_what_a_page_says_of_itself(tmp_path):
    page = """<html><head><title>Market hit - Valley Gazette</title>
    <meta property="og:title" content="Market hit in Kharkiv">
    <meta property="og:site_name" content="Valley Gazette">
    <meta property="article:published_time" content="2023-08-23T10:00Z">
    <link rel="canonical" href="https://example.org/news/market-hit"></head>
    <body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
    <div class="content"><p>Shells hit a market in Kharkiv’s north on Tuesday, killing two people, the
    governor said in a statement that evening.</p><h2>Reactions</h2>
    <p>Officials in Kyiv condemned the attack and asked for a meeting of the council
    in New York.</p></div>
    <aside>Shoes from Paris at half price</aside><footer>Imprint: Berlin, 2020</footer></body></html>"""
    article = read_article(write(tmp_path, "a.html", page))
    assert (article.title, article.published) == ("Market hit in Kharkiv", "2023-08-23")
    assert (article.source, article.url) == ("Valley Gazette", "https://example.org/news/market-hit")
    lines = article.text.split("\n\n")
    assert (lines[0], lines[2]) == ("Market hit in Kharkiv", "Reactions")
    assert lines[1].startswith("Shells hit a market in Kharkiv")
    assert not any(word in article.text for word in ("Home", "Paris", "Berlin"))


def test_a_day_that_a_page_does_not_state_is_not_guessed(tmp_path):
    page = (
        "<html><body><article><p>Shells fell on the town.</p></article><footer>© 2020</footer></body></html>"
    )
    assert read_article(write(tmp_path, "a.html", page)).published is None


def test_front_matter_is_known_and_no_text(tmp_path):
    front = '---\r\ntitle: "Shells fall on Kharkiv"\r\ndate: 2023-08-23\r\nsource: Valley Gazette\r\n---\r\n'
    text = front + "\r\n" + BODY
    article = read_article(write(tmp_path, "a.md", text))
    assert (article.title, article.published, article.source) == (
        "Shells fall on Kharkiv",
        "2023-08-23",
        "Valley Gazette",
    )
    assert len(article.text) == len(text)
    assert not article.text[: len(front)].strip()
    assert article.text[len(front) :] == text[len(front) :]


def test_a_rule_is_no_front_matter(tmp_path):
    text = "---\n\nShells fell on the town."
    assert read_article(write(tmp_path, "a.md", text)).text == text


def test_main_text_of_a_page(tmp_path):
    page = """<html><head><title>Shelling</title>
    <meta property="article:published_time" content="2023-08-23T10:00Z"><script>x = "no";</script></head>
    <body><nav>Home</nav><article><h1>Shelling</h1><p>Shells &amp; fire.</p>
    <aside>Ad</aside><p>Two were hurt.</p></article><footer>Imprint</footer></body></html>"""
    article = read_article(write(tmp_path, "a.html", page))
    assert article.text == "Shelling\n\nShells & fire.\n\nTwo were hurt."
    assert article.published == "2023-08-23"


def test_a_date_given_wins_over_the_page(tmp_path):
    page = '<meta name="date" content="2020-01-01"><p>Text of it.</p>'
    assert (
        read_article(write(tmp_path, "a.html", page), published=date(2023, 8, 23)).published == "2023-08-23"
    )


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x01\x02", "binary"),
        ("torn.txt", b"\xff\xfea", "broken"),
        ("nothing.html", b"<html><head><title>x</title></head><body></body></html>", "no text"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path, name, data, word):
    with pytest.raises(ArticleError) as caught:
        read_article(write(tmp_path, name, data))
    message = str(caught.value)
    assert name in message
    assert word in message
    assert "\n" not in message


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ArticleError, match="no such file"):
        read_article(tmp_path / "none.txt")
    with pytest.raises(ArticleError, match="folder"):
        read_article(tmp_path)


@pytest.mark.parametrize(
    "day", ["2023-02-30", "23.08.2023", "2023-8-3", "20230823", "yesterday", "", "2023-W34-3"]
)
def test_impossible_dates(day):
    with pytest.raises(DatelineError, match="2023-08-23"):
        check_date(day)


@given(st.dates())
def test_dates_come_back(day):
    assert check_date(day.isoformat()) == check_date(day) == day.isoformat()
