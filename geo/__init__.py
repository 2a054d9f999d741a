"""What happened, where, when, and says who: articles and tables in, a GeoDataFrame of incidents out.

Examples
--------
>>> import geo
>>> from gazetteer import Gazetteer
>>> places = Gazetteer.load()
>>> article = geo.read_article("seeds/dispatch.txt", published="2023-08-23")
>>> incidents = geo.find_incidents(article, places)
>>> list(incidents.sort_values(["date", "type"])["type"])[:2]
['call', 'meeting']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.articles import Article, read_article
    from geo.export import write_incidents
    from geo.frame import COLUMNS, Incident, Role, to_frame
    from geo.incidents import find_incidents
    from geo.mentions import Mention
    from geo.merging import combine
    from geo.resolution import locate
    from geo.tables.read import read_incidents, stream_incidents

__all__ = [
    "COLUMNS",
    "Article",
    "Incident",
    "Mention",
    "Role",
    "combine",
    "find_incidents",
    "locate",
    "read_article",
    "read_incidents",
    "stream_incidents",
    "to_frame",
    "write_incidents",
]

_HOME = {
    "Article": "articles",
    "read_article": "articles",
    "COLUMNS": "frame",
    "Incident": "frame",
    "Role": "frame",
    "to_frame": "frame",
    "Mention": "mentions",
    "locate": "resolution",
    "find_incidents": "incidents",
    "read_incidents": "tables.read",
    "stream_incidents": "tables.read",
    "combine": "merging",
    "write_incidents": "export",
}


def __getattr__(name: str) -> object:
    # Each name is fetched from its module at first use: `import geo` stays quick, and geopandas or spaCy
    # are loaded only by those who need them.
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'geo' has no attribute {name!r}") from None
    return getattr(import_module(f"geo.{module}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
