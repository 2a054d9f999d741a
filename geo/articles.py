"""An article: its text, what is known about it, and how it is read from a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geo.errors import ArticleError, TableError
from geo.parts import Known, split

_NOT_TEXT = "this is a binary file, not text; give a .txt, .md or .html file."
#: Of so many characters beyond ASCII one may be broken in text that is still taken for UTF-8.
TORN = 5
#: Endings of the files read as articles.
SUFFIXES = (".txt", ".md", ".html", ".htm")

_SOURCE = re.compile(r"^\s*(?:source|via)\s*:\s*(?P<source>\S.{0,80}?)\s*$", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.+?)\s*#*\s*$")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<fields>.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FIELD = re.compile(r"(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>\S.*?)[ \t\r]*$", re.MULTILINE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """Text with what is known about it.

    Attributes
    ----------
    text : str
        The text as given; all offsets are code points into it, end exclusive. Of a web page it is the main
        text, as `read_article` extracts it.
    title : str
    published : str or None
        ISO 8601 date; None where not known, and then no year is invented.
    source : str or None
        Who published it.
    url, path : str or None
    markdown : bool
        Whether the text is Markdown, whose marks are not read.
    """

    text: str
    title: str = ""
    published: str | None = None
    source: str | None = None
    url: str | None = None
    path: str | None = None
    markdown: bool = False


def read_article(path: str | Path, *, published: str | date | None = None) -> Article:
    """Read an article from a file; of several in one file each is read by itself later, see `geo.several`.

    The text is kept as given, so that offsets are those of the file. Of a web page (``.html``) the text is
    the headline and the main text, paragraphs parted by blank lines, as trafilatura extracts them; title,
    day, source and address are what the page says of itself. Front matter of a ``.md`` file (``title``,
    ``date``, ``source``, ``url``) is read and then blanked, character by character. Elsewhere a first line
    that looks like a headline is the title, and the lines around the text (``Published: ...``, a date alone,
    ``Source: X``) say the rest, see `geo.parts`.

    Parameters
    ----------
    path : str or Path
        A ``.txt``, ``.md`` or ``.html`` file: UTF-8, else the encoding it declares, else the one detected.
    published : str or datetime.date, optional
        Date of publication, ISO 8601 (``2023-08-23``).

    Returns
    -------
    Article

    Raises
    ------
    ArticleError
        If the file is missing, empty, binary, in no known encoding, or `published` is no date.
    """
    path = Path(path)
    day = check_date(published)
    text = _decode(_read_bytes(path), path)
    known: Mapping[str, str | None] = {}
    if path.suffix.lower() in {".html", ".htm"}:
        text, known = _read_page(text)
    elif path.suffix.lower() == ".md":
        text, known = _read_front_matter(text)
    if not text.strip():
        raise ArticleError(f"{path}: there is no text in this file; give a file with an article in it.")
    parts = split(text)
    said = parts[0].known if len(parts) == 1 else Known()
    return Article(
        text=text,
        title=known.get("title") or said.title or find_title(text),
        published=day or _day(known.get("date")) or said.date,
        source=known.get("source") or said.source or find_source(text),
        url=known.get("url") or said.url,
        path=str(path),
        markdown=path.suffix.lower() == ".md",
    )


def check_date(published: str | date | None) -> str | None:
    """Return `published` as an ISO 8601 date.

    Raises
    ------
    ArticleError
        If it is not a day of the calendar written ``YYYY-MM-DD``.
    """
    if published is None:
        return None
    if isinstance(published, date):
        return published.isoformat()[:10]
    try:
        if not _ISO_DATE.fullmatch(published.strip()):
            raise ValueError
        return date.fromisoformat(published.strip()).isoformat()
    except ValueError:
        raise ArticleError(
            f"published: {published!r} is not a day of the calendar; write it like 2023-08-23 (YYYY-MM-DD)."
        ) from None


def find_title(text: str) -> str:
    """Return the first line when it looks like a headline, else an empty string.

    A headline stands alone, is short (at most 25 words), and does not end as a sentence does.
    """
    lines = text.strip().splitlines()
    if len(lines) < 2:
        return ""
    if heading := _HEADING.match(lines[0]):
        return heading["title"]
    first = lines[0].strip()
    alone = not lines[1].strip() or len(first) < 0.6 * len(lines[1].strip())
    ends = first.rstrip("\"'”’)").endswith((".", ":", ";", ","))
    return first if alone and not ends and 1 < len(first.split()) <= 25 else ""


def find_source(text: str) -> str | None:
    """Return what a ``Source: X`` line among the last five says, else None."""
    for line in reversed([line for line in text.splitlines() if line.strip()][-5:]):
        if match := _SOURCE.match(line):
            return match["source"]
    return None


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ArticleError(f"{path}: there is no such file; check the path.") from None
    except IsADirectoryError:
        raise ArticleError(f"{path}: this is a folder; give the article files in it.") from None
    except OSError as error:
        raise ArticleError(
            f"{path}: cannot be read ({error.strerror}); check the path and its rights."
        ) from None
    if not data.strip():
        raise ArticleError(f"{path}: the file is empty; give a file with an article in it.")
    return data


def _decode(data: bytes, path: Path) -> str:
    """Decode: byte order mark, then UTF-8, then what an HTML page declares, then what the letters tell."""
    from geo.tables.encodings import BINARY, MARKS, legacy, wide

    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise ArticleError(
                    f"{path}: begins as {encoding} text and is broken further on; save it again as UTF-8."
                ) from None
    if data.startswith(tuple(BINARY)):
        raise ArticleError(f"{path}: {_NOT_TEXT}")
    try:
        if encoding := wide(data[:4096], path.name) or "":
            return data.decode(encoding, errors="replace")
    except TableError:
        raise ArticleError(f"{path}: {_NOT_TEXT}") from None
    declared = _META_CHARSET.search(data[:4096])
    for name in ("utf-8", declared[1].decode("ascii", "ignore") if declared else ""):
        try:
            if name:
                return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count("\ufffd")
    if broken * TORN < sum(c > "\x7f" for c in mended):  # UTF-8, cut or damaged here and there
        return mended
    try:
        return data.decode(legacy(data[:2_000_000], path.name), errors="replace")
    except TableError:
        raise ArticleError(
            f"{path}: the text is in no encoding that could be told; save it as UTF-8."
        ) from None


def _read_page(page: str) -> tuple[str, dict[str, str | None]]:
    """Extract the main text of a web page, its headline first, and what the page says of itself."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        prune_xpath=["//nav", "//footer", "//aside", "//form", "//button"],
        # What the page states; a day is not guessed from years that stand anywhere in it.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or not found.text:
        return "", {}
    lines = [line.strip() for line in found.text.splitlines() if line.strip()]
    title = (found.title or "").strip()
    if title and not any(line in title or title in line for line in lines[:2]):
        lines.insert(0, title)  # the headline is read too
    known = {"title": title, "date": found.date, "source": found.sitename, "url": found.url}
    return "\n\n".join(lines), known


def _read_front_matter(text: str) -> tuple[str, dict[str, str | None]]:
    """Read the fields between two lines of dashes at the start of a text, and blank them."""
    front = _FRONT_MATTER.match(text)
    if front is None:
        return text, {}
    fields: dict[str, str | None] = {
        field["name"].lower(): field["value"].strip("\"'") for field in _FIELD.finditer(front["fields"])
    }
    return re.sub(r"[^\r\n]", " ", front[0]) + text[front.end() :], fields


def _day(text: str | None) -> str | None:
    """Return the day that a page or front matter names, None where it is none."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None
