"""Where the outlet of an article is at home: a hint at which of several places of one name it means.

Known outlets stand in ``geo/data/outlets.csv`` (an agency that reports on the whole world has no home there);
of others the name ("Tehran Times") or the country of the domain (``.am``) tells.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from gazetteer.names import normalize
from geo.toponyms.senses import CAPITAL, COUNTRY, DIVISION, TOWN, Array
from geo.toponyms.vocabulary import DATA, vocabulary

if TYPE_CHECKING:
    from geo.articles import Article
    from geo.toponyms.senses import Senses

#: Domains of countries that outlets everywhere use.
OPEN_DOMAINS = frozenset(("ai", "co", "cc", "fm", "io", "ly", "me", "nu", "to", "tv", "ws"))
#: How much a place in an outlet's name must matter (log10 of people), and how much more than its namesakes.
GREAT, AHEAD = 4.5, 0.7


@dataclass(frozen=True, slots=True)
class Home:
    """Where an outlet is at home.

    Attributes
    ----------
    country : int
        As `Senses.country` codes it.
    division : int
        Row of the first-level division, -1 where not known.
    """

    country: int
    division: int = -1


@cache
def _outlets() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Home (place, country) of outlets by normalised name and by domain."""
    names: dict[str, tuple[str, str]] = {}
    domains: dict[str, tuple[str, str]] = {}
    with (DATA / "outlets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            home = row["place"], row["country"]
            names[normalize(row["name"])] = domains[row["domain"]] = home
    return names, domains


def is_outlet(name: str) -> bool:
    """Whether a name is that of an outlet that is known."""
    return normalize(name) in _outlets()[0]


def home_of(article: Article, view: Senses) -> Home | None:
    """Tell where the outlet of an article is at home; None where that is not known.

    Parameters
    ----------
    article : Article
        Its `source` and `url` are looked at.
    view : Senses
    """
    names, domains = _outlets()
    host = (urlsplit(article.url).hostname or "").removeprefix("www.") if article.url else ""
    source = (article.source or "").strip()
    known = names.get(normalize(source)) if source else None
    parts = host.split(".")
    for i in range(len(parts) - 1):
        known = known or domains.get(".".join(parts[i:]))
    if known is not None:
        return _home(view, *known)
    if source and (home := _in_name(view, source)):
        return home
    if len(parts) > 1 and len(parts[-1]) == 2 and parts[-1] not in OPEN_DOMAINS:
        return _home(view, "", {"uk": "GB"}.get(parts[-1], parts[-1].upper()))
    return None


def _home(view: Senses, place: str, country: str) -> Home | None:
    code = view.country_names.get(country, -1)
    if not country or code < 0:
        return None
    if place:
        rows = view.hits(place).rows
        rows = rows[(view.country[rows] == code) & (view.kind[rows] != COUNTRY)]
        if len(rows):
            return Home(code, int(view.admin1[rows[int(view.prior[rows].argmax())]]))
    return Home(code)


def _divisions(view: Senses, rows: Array) -> Array:
    """First-level division of each row, itself where it is one."""
    return np.where(view.kind[rows] == DIVISION, rows, view.admin1[rows])


def _ahead(view: Senses, best: int, rivals: Array) -> bool:
    return not len(rivals) or bool(view.prior[best] - view.prior[rivals].max() >= AHEAD)


def _in_name(view: Senses, source: str) -> Home | None:
    """Read the place in an outlet's name: the longest that matters and has no rival of its name."""
    words = source.split()
    never = vocabulary()["never.words"]
    for size in range(min(3, len(words)), 0, -1):
        for i in range(len(words) - size + 1):
            name = " ".join(words[i : i + size])
            if not name[:1].isupper() or normalize(name) in never:
                continue
            alias = vocabulary().alias(name)
            if alias is not None and alias.country:
                return _home(view, alias.place, alias.country)
            hits = view.hits(name)
            rows = hits.rows[(hits.rung == 0) & hits.main]
            if not len(rows):
                continue
            best = int(rows[int(view.prior[rows].argmax())])
            if view.prior[best] < GREAT or view.kind[best] not in (COUNTRY, CAPITAL, DIVISION, TOWN):
                continue
            country, division = view.country[rows], _divisions(view, rows)
            if _ahead(view, best, rows[country != view.country[best]]):
                own = int(_divisions(view, np.array([best]))[0])
                sure = _ahead(view, best, rows[division != own])
                return Home(int(view.country[best]), own if sure else -1)
    return None
