"""Place mentions: spans of text that name a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.place import Candidate, Place

USES = ("literal", "metonym", "demonym", "organisation", "dateline")


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text naming a place.

    Attributes
    ----------
    start, end : int
        Code points in the article's text, end exclusive.
    text : str
        The span itself.
    use : str
        One of `USES`.
    place : Place or None
        None where it stays unresolved.
    confidence : float
        0 to 1, calibrated: of mentions at 0.8 about 80 in 100 are right.
    candidates : tuple[Candidate, ...]
        All readings considered, best first.
    why : str
        In words, what decided.
    """

    start: int
    end: int
    text: str
    use: str = "literal"
    place: Place | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
