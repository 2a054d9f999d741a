"""Incidents as a folium layer, for `IncidentMap` and for any other `folium.Map`."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from branca.element import Figure
from folium.map import Layer
from folium.template import Template

from maps import assets
from maps.errors import MapError
from maps.records import KINDS, STATIC, families, incident_records, mention_record, place_records, strings

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer
    from geo.mentions import Mention


@dataclass
class Dataset:
    """Records shared by several layers of a map, made when they are first asked for.

    Attributes
    ----------
    build : callable
        Makes the records: a dictionary fit for JSON.
    fixed_name : str
        The id of the element that holds them; made from their digest when empty.
    """

    build: Callable[[], dict[str, Any]]
    fixed_name: str = field(default="")

    @cached_property
    def records(self) -> dict[str, Any]:
        """The records."""
        return self.build()

    @cached_property
    def json(self) -> str:
        """The records as JSON that is safe within a script element."""
        return assets.safe_json(self.records)

    @property
    def name(self) -> str:
        """Id of the element that holds the records."""
        return self.fixed_name or "dateline_" + hashlib.sha256(self.json.encode()).hexdigest()[:12]


class IncidentLayer(Layer):
    """Incidents with their cards, uncertainty circles, lines of fire and links, on any folium map.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Incidents; see `geo.frame.COLUMNS`.
    mentions : sequence of Mention, optional
        Places mentioned, drawn as small rings; by default ``frame.attrs["mentions"]``.
    places : Gazetteer, optional
        Where other names of a place are looked up.
    kinds : sequence of str, optional
        What to draw, from `maps.records.KINDS`; by default all but what is planned or denied.
    name : str
        Its name in a `folium.LayerControl`.
    overlay, control, show : bool
        As in `folium.map.Layer`.

    Examples
    --------
    >>> import folium, geo
    >>> m = folium.Map(tiles=None)
    >>> layer = IncidentLayer(geo.to_frame([])).add_to(m)
    >>> "dateline.layer" in m.get_root().render()
    True
    """

    _template = Template((STATIC / "layer.jinja").read_text("utf-8"))

    def __init__(
        self,
        frame: geopandas.GeoDataFrame | None = None,
        *,
        mentions: Iterable[Mention] | None = None,
        places: Gazetteer | None = None,
        kinds: Sequence[str] | None = None,
        name: str = "Incidents",
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
        dataset: Dataset | None = None,
    ) -> None:
        super().__init__(name=html.escape(name), overlay=overlay, control=control, show=show)
        self._name = "IncidentLayer"
        self.kinds = list(kinds if kinds is not None else (k for k, (_, on) in KINDS.items() if on))
        self.dataset = dataset or Dataset(lambda: _records(frame, mentions, places))

    def render(self, **kwargs: object) -> None:  # type: ignore[override]
        """Add the layer's script to the figure, with the code and the records that it needs."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise MapError("The layer is on no map: add it to a folium.Map before it is rendered.")
        assets.add_runtime(figure, self.dataset.name, self.dataset.json)
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _records(
    frame: geopandas.GeoDataFrame, mentions: Iterable[Mention] | None, places: Gazetteer | None
) -> dict[str, Any]:
    named = list(mentions if mentions is not None else frame.attrs.get("mentions", ()))
    incidents = incident_records(frame)
    return {
        "incidents": incidents,
        "mentions": [mention_record(m, 0) for m in named],
        "places": place_records(incidents, named, places),
        "families": families(),
        "strings": strings(),
    }
