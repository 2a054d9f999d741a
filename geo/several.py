"""Several articles in one text: each is read by itself, and what they tell is put together.

The text stays one document, and all offsets are into it; but every article has its own day of publication,
its own source and its own places for the others to be told by (`geo.parts` says where one ends).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.frame import Incident, row_of
from geo.merging import clusters, joined
from geo.parts import split

if TYPE_CHECKING:
    from geo.articles import Article
    from geo.mentions import Mention

#: Longest text that is read in one go, in characters: the language model takes 5 KB of memory for each.
STRETCH = 100_000
#: What an incident that several articles tell takes from all of them.
SHARED = (
    "type", "status", "date", "date_end", "time", "time_end", "weapon", "killed", "wounded", "source", "url",
)  # fmt: skip


def articles_of(article: Article) -> list[tuple[int, Article]]:
    """Give the articles that a text holds, and where each begins in it.

    Parameters
    ----------
    article : Article

    Returns
    -------
    list of (int, Article)
        The article itself where it is one. Else each with its own text, in which the lines that only speak of
        it are left out or blanked; with its own title, and its own day, source and address where it states
        them, else those of the whole. A source that one article alone names is that of all.
    """
    parts = split(article.text, article.published)
    if len(parts) < 2 and len(article.text) <= STRETCH:
        return [(0, article)]
    of_all = article.source if sum(p.known.source is not None for p in parts) < 2 else None
    found = []
    for part in parts:
        text, said = article.text[part.start : part.end], part.known
        for start, end in part.fields:
            a, b = start - part.start, end - part.start
            text = text[:a] + " " * (b - a) + text[b:]
        title = article.title if len(parts) == 1 else said.title or ""
        own = replace(
            article, title=title, published=said.date or article.published, source=said.source or of_all,
            url=said.url or article.url,
        )  # fmt: skip
        for a, b in _stretches(text):
            told = text[a:b].lstrip()  # the language model reads worse after much white space
            found.append((part.start + b - len(told), replace(own, text=told)))
    return found


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text that is longer than the language model takes: at a paragraph, a line, a word."""
    start = 0
    while len(text) - start > STRETCH:
        low, high = start + STRETCH // 2, start + STRETCH
        end = next(
            (i + len(mark) for mark in ("\n\n", "\n", " ") if (i := text.rfind(mark, low, high)) > 0), high
        )
        yield start, end
        start = end
    yield start, len(text)


def shift_mentions(mentions: Iterable[Mention], start: int) -> list[Mention]:
    """Move mentions of an article to their place in the whole text."""
    return [replace(m, start=m.start + start, end=m.end + start) for m in mentions]


def put_together(whole: Article, told: Sequence[tuple[int, Article, Sequence[Incident]]]) -> list[Incident]:
    """Put together what the articles of one text tell; an incident that several tell is one.

    Parameters
    ----------
    whole : Article
    told : sequence of (int, Article, sequence of Incident)
        Where each article begins, the article, and its incidents.

    Returns
    -------
    list of Incident
        In order of the text.
    """
    moved = [(n, _moved(i, start, whole.text)) for n, (start, _, made) in enumerate(told) for i in made]
    articles = [_named(article) for _, article, _ in told]
    rows = [row_of(incident) | {"document": str(number)} for number, incident in moved]
    found = []
    for group in clusters(rows):
        best, row = joined([rows[i] for i in group])
        incident = moved[group[best]][1]
        if len(group) > 1:
            actors = dict.fromkeys(a for i in (group[best], *group) for a in moved[i][1].actors)
            incident = replace(incident, actors=tuple(actors), **{name: row[name] for name in SHARED})
        if len(set(articles)) > 1:
            where = " and ".join(dict.fromkeys(articles[moved[i][0]] for i in group))
            incident = replace(incident, description=f"Told in {where}. {incident.description}".strip())
        found.append(incident)
    found = list({i.id: i for i in reversed(found)}.values())  # one article given twice is read once
    return sorted(found, key=lambda i: (i.start or 0, i.id))


def _named(article: Article) -> str:
    """Name an article: its headline, and where and when it came out."""
    where = ", ".join(filter(None, (article.source, article.published)))
    title = f"“{article.title}”" if article.title else "an article without a headline"
    return title + (f" ({where})" if where else "")


def _moved(incident: Incident, start: int, text: str) -> Incident:
    """Move an incident of an article to its place in the whole text."""
    first, last = (incident.start or 0) + start, (incident.end or 0) + start
    roles = tuple(
        r if r.start is None or r.end is None else replace(r, start=r.start + start, end=r.end + start)
        for r in incident.places
    )
    return replace(incident, start=first, end=last, quote=text[first:last], places=roles)
