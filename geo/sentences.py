"""Parse an article once: paragraphs and datelines end sentences, so that headlines do not run into text.

The language model knows nothing of line breaks or of "KYIV, March 3 (Agency) -"; told where these end,
it parses the sentence after them far better.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.inference import annotate
from geo.language import load_model

if TYPE_CHECKING:
    from geo.parsed import Doc, Span, Token

#: "BEIRUT - ", "PORT SUDAN (Sudan) – ", "ASTANA, March 21 - ", "KYIV, Ukraine (AP) — ", "Goma, 3 May:",
#: "SUKHUMI, November 18.", "Bogotá, 13 Sep (EFE).- ", "June 10 (Reuters) - ".
DATELINE = re.compile(
    r"^[ \t]*(?:"
    r"(?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+\.? \d{1,2})(?:,? \d{4})? ?\([^)\n]{2,30}\)"
    r"|[A-ZÀ-ÖØ-ÞĀ-Ž][A-ZÀ-ÖØ-ÞĀ-Ž'’.\-/]+(?:[ \-][A-ZÀ-ÖØ-ÞĀ-Ž][A-ZÀ-ÖØ-ÞĀ-Ž'’.\-]*)*"
    r"(?:,? [^\n.:;–—]{0,40}?)?"
    r"|[A-Z][\w'’.\-]+(?: [A-Z][\w'’.\-]+){0,2}(?:, [A-Z][\w. ]{1,20})?"
    r"(?:,? (?:\d{1,2} [A-Z][a-z]+\.?|[A-Z][a-z]+\.? \d{1,2})(?:,? \d{4})?)?(?: ?\([^)\n]{2,30}\))?)"
    r"[ \t]*(?:[–—]|--|\.-(?=\s)|\s-\s|:(?=\s)|(?<=[\da-z])\.(?=\s+[\"'“‘A-Z]))[ \t]*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A stretch at the start of a line that is not a sentence: a dateline or a headline (code points)."""

    start: int
    end: int
    kind: str


def find_datelines(text: str) -> list[Heading]:
    """Find "CITY, day -" at the start of paragraphs.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Heading
        Of kind ``dateline``; `end` is where the sentence after it starts.
    """
    found = []
    for m in DATELINE.finditer(text):
        place = re.split(r"[,(–—:]|\s-\s|--", m[0])[0].strip()
        line = text[m.start() : text.find("\n", m.end()) if "\n" in text[m.end() :] else len(text)]
        # A heading that ends in the mark is no dateline, and neither is a labelled line ("Source: X").
        if len(line) < len(m[0]) + 20 or (place.title() == place and not _is_dated(m[0])):
            continue
        if m[0].rstrip().endswith(".") and not (place.isupper() and re.search(r"\d", m[0])):
            continue  # a sentence
        found.append(Heading(m.start(), m.end(), "dateline"))
    return found


def _is_dated(text: str) -> bool:
    """Whether a mixed-case opening is marked as a dateline: by a dash, an agency, or a day."""
    return bool(re.search(r"[–—]|\s--?\s|\([A-Z]{2,}|\d", text))


def parse(text: str) -> Doc:
    """Parse English text, sentences ending at line breaks and datelines.

    Parameters
    ----------
    text : str
        Plain (`geo.language.plain`); offsets of the tokens (``token.idx``) are code points into it.

    Returns
    -------
    geo.parsed.Doc

    Raises
    ------
    ModelMissingError
        If no English model is installed.
    """
    tokens = load_model().make_doc(text)
    datelines = find_datelines(text)
    starts = {h.end for h in datelines} | {m.end() for m in re.finditer(r"\n\s*", text)}
    cuts, held, fresh = [0], [], False
    begins, spaces = tokens.to_array(["IDX", "IS_SPACE"]).T.tolist()
    for i, (start, is_space) in enumerate(zip(begins, spaces, strict=True)):
        if datelines and any(h.start < start < h.end for h in datelines):
            held.append(i)
        elif is_space:
            fresh = fresh or "\n" in tokens[i].text
        elif i and (fresh or start in starts):
            cuts.append(i)
            fresh = False
            if i + 1 < len(tokens) and not spaces[i + 1]:
                held.append(i + 1)  # no sentence of one word after a dateline
    doc = annotate(tokens, cuts, held, text)
    for word in doc:
        if word.tag_ == "VBG" and _is_noun(word):
            word.pos_ = "NOUN"
    return doc


def _is_noun(gerund: Token) -> bool:
    """Whether a form in -ing stands as a noun: "the shelling", "in cross-border shelling near the town"."""
    return (
        gerund.dep_ in {"pobj", "dobj", "nsubj", "nsubjpass", "attr"}
        and any(c.dep_ in {"det", "amod", "compound", "poss", "nummod"} for c in gerund.lefts)
    ) or (
        gerund.dep_ == "pobj" and any(c.lower_ == "of" for c in gerund.rights)
    )  # "killed in shelling of a camp"


def is_headline(sentence: Span) -> bool:
    """Whether a sentence is a headline: a line of its own, short, and not closed by a full stop."""
    words = sentence.text.strip()
    return bool(words) and words[-1] not in ".!?”\"'’:;" and len(words) < 140 and "\n" not in words
