"""An article: its text, what is known about it, and how it is read from a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from geo.errors import ArticleError

#: Endings of the files read as articles.
SUFFIXES = (".txt", ".md", ".html", ".htm")

_SOURCE = re.compile(r"^\s*(?:source|via)\s*:\s*(?P<source>\S.{0,80}?)\s*$", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.+?)\s*#*\s*$")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """Text with what is known about it.

    Attributes
    ----------
    text : str
        The text as given; all offsets are code points into it, end exclusive.
    title : str
    published : str or None
        ISO 8601 date; None where not known, and then no year is invented.
    source : str or None
        Who published it.
    url, path : str or None
    """

    text: str
    title: str = ""
    published: str | None = None
    source: str | None = None
    url: str | None = None
    path: str | None = None


def read_article(path: str | Path, *, published: str | date | None = None) -> Article:
    """Read one article from a file.

    The text is kept as given (for HTML: as extracted). A first line that looks like a headline is the
    title; a last line ``Source: X`` is the source.

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
    title = ""
    found_day: str | None = None
    if path.suffix.lower() in {".html", ".htm"}:
        page = _Page()
        page.feed(text)
        page.close()
        text, title = page.text(), page.title.strip()
        found_day = page.published
    if not text.strip():
        raise ArticleError(f"{path}: there is no text in this file; give a file with an article in it.")
    return Article(
        text=text,
        title=title or find_title(text),
        published=day or found_day,
        source=find_source(text),
        path=str(path),
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
    """Decode: byte order mark, then UTF-8, then what an HTML page declares, then what is detected."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise ArticleError(
                    f"{path}: begins as {encoding} text and is broken further on; save it again as UTF-8."
                ) from None
    # A control character other than white space is in no text that anyone wrote.
    if (
        b"\0" in data
        or len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", data[:65536])) > len(data[:65536]) / 500
    ):
        raise ArticleError(f"{path}: this is a binary file, not text; give a .txt, .md or .html file.")
    declared = _META_CHARSET.search(data[:4096])
    for name in ("utf-8", declared[1].decode("ascii", "ignore") if declared else ""):
        try:
            if name:
                return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise ArticleError(f"{path}: the text is in no encoding that could be told; save it as UTF-8.")
    return str(best)


class _Page(HTMLParser):
    """The text of a page: paragraphs and headings of its article, else of its body."""

    _SKIPPED = frozenset(
        {"script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "button", "head"}
    )
    _BLOCKS = frozenset(
        {"p", "h1", "h2", "h3", "h4", "li", "blockquote", "div", "section", "br", "tr", "figcaption"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.published: str | None = None
        self._blocks: list[tuple[bool, list[str]]] = [(False, [])]
        self._skip: list[str] = []
        self._article = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag == "meta":
            key = values.get("property") or values.get("name") or values.get("itemprop") or ""
            if key.lower() in {"article:published_time", "datepublished", "date", "pubdate", "dc.date"}:
                try:
                    self.published = date.fromisoformat(values.get("content", "")[:10]).isoformat()
                except ValueError:
                    return
        elif tag == "title":
            self._in_title = True
        elif tag in self._SKIPPED and tag != "head":
            self._skip.append(tag)
        elif tag in {"article", "main"}:
            self._article += 1
        if tag in self._BLOCKS:
            self._blocks.append((self._article > 0, []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif self._skip and tag == self._skip[-1]:
            self._skip.pop()
        elif tag in {"article", "main"} and self._article:
            self._article -= 1
        if tag in self._BLOCKS:
            self._blocks.append((self._article > 0, []))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._skip:
            self._blocks[-1][1].append(data)

    def text(self) -> str:
        """Return the text, one blank line between paragraphs."""
        inside = any(inside and "".join(parts).strip() for inside, parts in self._blocks)
        blocks = [" ".join("".join(parts).split()) for within, parts in self._blocks if within or not inside]
        return "\n\n".join(block for block in blocks if block)
