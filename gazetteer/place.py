"""A place as the gazetteer knows it, and a candidate: a place proposed for a name, with reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """One gazetteer entry.

    Attributes
    ----------
    id : str
        ``"geonames:587084"``, or ``"local:verin-shorzha"`` for an entry with no GeoNames id.
    name : str
        The name most used in English, in Latin script.
    lat, lon : float
        Degrees, WGS 84 (EPSG:4326).
    names : Mapping[str, tuple[str, ...]]
        Other names by language (ISO 639-1); ``""`` where the language is not recorded.
    feature : str
        GeoNames feature class and code, ``"P.PPLC"``.
        See https://www.geonames.org/export/codes.html.
    country : str
        ISO 3166-1 alpha-2, de jure; ``""`` for what lies in no country or in several.
    admin1, admin2 : str
        Names of the first- and second-level divisions; ``""`` where not known.
    population : int or None
        None where not known (GeoNames writes 0 for that).
    timezone : str
        IANA name, ``"Asia/Baku"``; ``""`` where not known.
    radius_km : float
        How far from the point, in kilometres, the named thing may reach.
    source : str
        Where the row comes from.
    note : str
        What a reader must know: rival names and claims, former status.
    """

    id: str
    name: str
    lat: float
    lon: float
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, hash=False)
    feature: str = ""
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    population: int | None = None
    timezone: str = ""
    radius_km: float = 5.0
    source: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """Name with what it lies in, ``"Zaylik, Kalbajar, AZ"``."""
        parts = [self.name, *(p for p in (self.admin2, self.admin1) if p and p != self.name), self.country]
        return ", ".join(p for p in parts if p)


Read = Callable[[], tuple[Place, str, tuple[str, ...]]]
_LATER = ("place", "match", "why")
_set = object.__setattr__


class Answer(Protocol):
    """Candidates in full, by row."""

    def __getitem__(self, row: int) -> Candidate: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place proposed for a name.

    Attributes
    ----------
    place : Place
    score : float
        0 to 1: the share of this reading among all candidates of the name, given what was asked.
        The scores of one list add up to at most 1.
    match : str
        The rung of the ladder that found it: ``exact``, ``folded``, ``transliterated`` or ``fuzzy``.
    why : tuple[str, ...]
        Reasons in words, strongest first.
    """

    place: Place
    score: float
    match: str = "exact"
    why: tuple[str, ...] = ()

    _read: Read | None = field(default=None, init=False, repr=False, compare=False)
    _answer: tuple[Answer, int] | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def later(cls, score: float, read: Read) -> Candidate:
        """Make a candidate whose place, rung and reasons are read when one of them is first asked for."""
        found = object.__new__(cls)
        # Rounded down, so that the shares never add up to more than the whole.
        _set(found, "score", int(score * 1e4) / 1e4)
        _set_read(found, read)
        _set_answer(found, None)
        return found

    @classmethod
    def ranked(cls, answer: Answer, row: int) -> Candidate:
        """Make a candidate of which only its rank is known: it becomes ``answer[row]`` when it is read."""
        found = object.__new__(cls)
        _set_answer(found, (answer, row))
        return found

    def with_score(self, score: float) -> Candidate:
        """Give the same candidate with another score."""
        return Candidate.later(score, lambda: (self.place, self.match, self.why))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name in ("score", "_read") and self._answer is not None:
                answer, row = self._answer
                full = answer[row]
                _set(self, "score", full.score)
                _set_read(self, full._read or (lambda: (full.place, full.match, full.why)))
                _set_answer(self, None)
                return getattr(self, name)
            if name not in _LATER or self._read is None:
                raise AttributeError(name)
            for part, value in zip(_LATER, self._read(), strict=True):
                _set(self, part, value)
            _set(self, "_read", None)
            return getattr(self, name)


# Quicker than `_set`, which looks the slot up by its name.
_set_read, _set_answer = (vars(Candidate)[slot].__set__ for slot in ("_read", "_answer"))
