"""Where is X? Places, their names in every spelling, and the reasons for each answer; all of it offline.

>>> from gazetteer import Gazetteer
>>> places = Gazetteer.load()
>>> [c.place.label for c in places.find("Baku")][:1]
['Baku, Baku City, AZ']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from gazetteer.errors import DatelineError, GazetteerError, GazetteerMissingError
from gazetteer.place import Candidate, Place

if TYPE_CHECKING:
    from gazetteer.gazetteer import Gazetteer
    from gazetteer.geocoder import LocalGeocoder
    from gazetteer.names import normalize
    from gazetteer.ranking import is_ambiguous

__all__ = [
    "Candidate",
    "DatelineError",
    "Gazetteer",
    "GazetteerError",
    "GazetteerMissingError",
    "LocalGeocoder",
    "Place",
    "is_ambiguous",
    "normalize",
]

#: Loaded when first asked for: importing the package costs next to nothing.
_LAZY = {
    "Gazetteer": "gazetteer.gazetteer",
    "LocalGeocoder": "gazetteer.geocoder",
    "is_ambiguous": "gazetteer.ranking",
    "normalize": "gazetteer.names",
}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
