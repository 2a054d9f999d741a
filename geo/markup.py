"""What in a text is layout and not words: the ends of lines, lines broken at a column, marks of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Lines are taken to be broken at a column of this many characters, at least and at most; this share of the
#: line ends within paragraphs must be such breaks, and half of them must not end a sentence.
NARROWEST, WIDEST, BROKEN = 40, 120, 0.7

#: Other ends of lines and pages.
_OTHER_END = re.compile("[\u2028\u2029\x0b\x0c\x85]|\r(?!\n)")
_BREAK = re.compile(r"(?<=[^\s])[ \t\r]*(\n)(?=[ \t>]*[^\s>])")
_FIRST_WORD = re.compile(r"[ \t>]*(\S+)")
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
    if _OTHER_END.search(text):
        text = _OTHER_END.sub("\n", text)
    breaks = [
        (m.start(1), m.start() - text.rfind("\n", 0, m.start()) - 1, m.start() - 1)
        for m in _BREAK.finditer(text)
    ]
    if len(breaks) < 2:
        return text
    width = max(length for _, length, _ in breaks)
    if not NARROWEST <= width <= WIDEST:
        return text
    full = [
        (at, last)
        for at, length, last in breaks
        if (word := _FIRST_WORD.match(text, at + 1)) and length + 1 + len(word[1]) > width
    ]
    open_ends = sum(text[last] not in '.!?:;"”’' for _, last in full)
    if len(full) < BROKEN * len(breaks) or 2 * open_ends < len(full):
        return text
    whole = list(text)
    for at, _ in full:
        if not _ITEM.match(text, at + 1):
            whole[at] = " "
    return "".join(whole)


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
