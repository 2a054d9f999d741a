"""Words met in the cells of tables, in many languages, and the plain form in which cells are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parents[1] / "data" / "words.toml"

#: Arabic and other marks, and the ASCII ones that mean the same: the thousands mark nothing.
MARKS = str.maketrans({"٫": ".", "٬": "", "،": ",", "؛": ";", "٪": "%", "։": ":", "−": "-"})
MARKS |= dict.fromkeys(range(0x2010, 0x2016), "-")

#: The Arabic article, with a preposition or "and" before it; not in short words, to which it may belong.
ARTICLE = re.compile(r"\b(?:[وفبك]?ال|لل)(?=\w{3})")
#: Letters that are taken as others when headings and phrases are compared.
LETTERS = str.maketrans(
    {"ı": "i", "ə": "e", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "ـ": "", "ґ": "г"}
)


def either(choices: Iterable[str]) -> str:
    """Pattern for any of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(choices, key=len, reverse=True))


@cache
def words() -> dict[str, Any]:
    """Load the words met in cells, once."""
    table = tomllib.loads(WORDS.read_text("utf-8"))
    for name in ("missing", "totals"):
        table[name] = frozenset(table[name])
    table["about"] = [re.compile(rf"(?:^|\s){re.escape(word)}(?=[\s\d-]|$)") for word in table["approximate"]]
    table["weekday"] = [re.compile(rf"^{re.escape(word)}\.?,?\s+") for word in table["weekdays"]]
    table["near"] = re.compile(rf"(?:{either(table['vicinity'])})\s+(?=\S)", re.IGNORECASE)
    parts = either(table["parts_of_day"])
    table["part_of_day"] = re.compile(rf"^(?:{parts})[\s,]+(?:of\s+)?|[\s,]+(?:{parts})$")
    table["number"] = {key(name): int(number) for number, names in table["numbers"].items() for name in names}
    table["month"] = {name: int(number) for number, names in table["months"].items() for name in names}
    return table


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or a word for nothing."""
    return not cell or cell.casefold() in words()["missing"]


def plain(cell: str) -> str:
    """Bring digits, blanks, dashes and decimal marks of all scripts to ASCII, in small letters.

    Marks that only steer how text is set, and the apostrophe with which spreadsheets mark a number as text,
    are left out.
    """
    text = unicodedata.normalize("NFKC", cell.removeprefix("'"))
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
        text = "".join(c for c in text.translate(MARKS) if unicodedata.category(c) != "Cf")
    return " ".join(text.casefold().split())


@lru_cache(maxsize=100_000)
def key(text: str) -> str:
    """Bring a heading or a phrase to plain small letters, with all punctuation as one blank.

    Accents go, and letters that are one to those who type in a hurry become one: Turkic dotted and dotless
    i, Russian ё, the forms of Arabic letters. The Arabic article goes, with what is written to it.
    """
    if text.isascii():  # most texts are
        return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(c for c in whole if unicodedata.category(c) != "Mn").translate(LETTERS)
    return ARTICLE.sub("", " ".join(re.sub(r"[\W_]+", " ", letters).split()))
