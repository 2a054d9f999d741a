"""Words met in the cells of tables, in many languages, and the plain form in which cells are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parents[1] / "data" / "words.toml"


@cache
def words() -> dict[str, Any]:
    """Load the words met in cells, once."""
    table = tomllib.loads(WORDS.read_text("utf-8"))
    for name in ("missing", "totals"):
        table[name] = frozenset(table[name])
    table["about"] = [re.compile(rf"(?:^|\s){re.escape(word)}(?=[\s\d-]|$)") for word in table["approximate"]]
    table["weekday"] = [re.compile(rf"^{re.escape(word)}\.?,?\s+") for word in table["weekdays"]]
    near = "|".join(re.escape(word) for word in sorted(table["vicinity"], key=len, reverse=True))
    table["near"] = re.compile(rf"(?:{near})\s+(?=\S)", re.IGNORECASE)
    parts = "|".join(re.escape(word) for word in sorted(table["parts_of_day"], key=len, reverse=True))
    table["part_of_day"] = re.compile(rf"^(?:{parts})[\s,]+(?:of\s+)?|[\s,]+(?:{parts})$")
    table["month"] = {name: int(number) for number, names in table["months"].items() for name in names}
    return table


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or a word for nothing."""
    return not cell or cell.casefold() in words()["missing"]


def plain(cell: str) -> str:
    """Bring digits, blanks and dashes of all scripts to ASCII, in small letters.

    The apostrophe with which spreadsheets mark a number as text is left out.
    """
    text = unicodedata.normalize("NFKC", cell.removeprefix("'"))
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\u200f", "").casefold().split())
