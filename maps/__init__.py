"""Show what happened where: a folium map, its layers, and the page around it.

Examples
--------
>>> import geo, maps
>>> m = maps.IncidentMap(geo.to_frame([]))
>>> len(m.to_html()) > 0
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maps.incident_map import IncidentMap
    from maps.layers import IncidentLayer

__all__ = ["IncidentLayer", "IncidentMap"]

_HOME = {"IncidentMap": "incident_map", "IncidentLayer": "layers"}


def __getattr__(name: str) -> object:
    # folium is loaded at first use, so that the command line starts quickly.
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'maps' has no attribute {name!r}") from None
    return getattr(import_module(f"maps.{module}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
