"""What in a text is layout and not words: the ends of lines, lines broken at a column, marks of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

#: Lines are taken to be broken at a column of this many characters, at least and at most; this share of the
#: line ends within paragraphs must be such breaks, and half of them must not end a sentence.
NARROWEST, WIDEST, BROKEN = 40, 120, 0.7

#: Other ends of lines and pages.
_ENDS = "\r\u2028\u2029\x0b\x0c\x85"
_OTHER_END = re.compile("[\u2028\u2029\x0b\x0c\x85]|\r(?!\n)")
_ITEM = re.compile(r"[ \t]*(?:[-*•+#|]|\(?\d{1,3}[.)/]|\d{1,2}:\d\d\b|[A-Z][\w-]{1,18}:)(?:\s|$)")
_BLANKS = re.compile(r"(?:^|(?<=\n))[ \t]+|(?<= ) +", re.MULTILINE)

#: Marks of Markdown, in the order in which they are looked for; the groups are kept.
_MARKDOWN = re.compile(
    r"^[ \t]{0,3}#{1,6}[ \t]+|[ \t]#+[ \t]*$|^[ \t]{0,3}(?:>[ \t]?)+|"  # headings and quotations
    r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$|"  # the line under the head of a table
    r"^[ \t]{0,3}(?:```|~~~).*$|^[ \t]{0,3}\[[^\]\n]+\]:[ \t]*\S+.*$|"  # fences, addresses of links
    r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|"  # pictures
    r"\[\^[^\]\n]+\]:?|<https?://[^>\n]+>|</?[a-zA-Z][^>\n]*>|(?<=\n)br ?/?>|<!--.*?-->|"  # notes, HTML
    r"\[([^\[\]\n]+)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])|"  # links
    r"\\([!-/:-@\[-`{-~])|"  # a mark that is meant as it stands
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|~~|`+|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,!?])_{1,3}(?!\w)",  # emphasis, code
    re.MULTILINE,
)


def even_lines(text: str) -> str:
    """Make every end of a line a newline, and join lines that were broken at a column, as in mails.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Of the same length: a line end that only breaks a paragraph is a space.
    """
    if any(end in text for end in _ENDS):
        text = _OTHER_END.sub("\n", text)
    lines = [line.rstrip() for line in text.split("\n")]
    breaks = [i for i, (one, other) in enumerate(pairwise(lines)) if one and other]
    if len(breaks) < 2:
        return text
    width = max(len(lines[i]) for i in breaks)
    if not NARROWEST <= width <= WIDEST:
        return text
    full = [i for i in breaks if len(lines[i]) + 1 + len(lines[i + 1].split(None, 1)[0]) > width]
    open_ends = sum(lines[i][-1] not in '.!?:;"”’' for i in full)
    if len(full) < BROKEN * len(breaks) or 2 * open_ends < len(full):
        return text
    joined = {i for i in full if not _ITEM.match(lines[i + 1])}
    *pieces, last = text.split("\n")
    return "".join(line + (" " if i in joined else "\n") for i, line in enumerate(pieces)) + last


def blanks(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of white space that says nothing: indents, and spaces after a space."""
    if "  " in text or "\n " in text or "\t" in text or text[:1] == " ":
        yield from (m.span() for m in _BLANKS.finditer(text))


def even_breaks(text: str) -> str:
    """Make the start of every ``<br>`` a newline."""
    return re.sub("<(?=br ?/?>)", "\n", text, flags=re.IGNORECASE)


def marks(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of Markdown's marks; what they mark is text.

    Parameters
    ----------
    text : str
        Markdown (CommonMark, with the tables of GitHub): https://spec.commonmark.org
    """
    for m in _MARKDOWN.finditer(text):
        kept = m.lastindex
        if kept is None:
            yield m.span()
        else:
            yield m.start(), m.start(kept)
            yield m.end(kept), m.end()
