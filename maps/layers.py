"""Incidents as a folium layer, for `IncidentMap` and for any other `folium.Map`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from branca.element import Figure
from folium.map import Layer
from folium.template import Template

from maps import assets
from maps.columns import columns_of
from maps.dataset import Contents, Dataset, carried
from maps.errors import MapError
from maps.packing import along_curve
from maps.records import (
    KINDS,
    PACKED_FROM,
    STATIC,
    families,
    mention_groups,
    mention_record,
    place_records,
    strings,
)

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer
    from geo.mentions import Mention


class IncidentLayer(Layer):
    """Incidents with their cards, uncertainty circles, lines of fire and links, on any folium map.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Incidents; see `geo.frame.COLUMNS`.
    mentions : sequence of Mention, or of such sequences, optional
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
        mentions: Iterable[Mention | Sequence[Mention]] | None = None,
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
        assets.add_runtime(figure, self.dataset.name, self.dataset.first + self.dataset.later)
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _records(
    frame: geopandas.GeoDataFrame,
    mentions: Iterable[Mention | Sequence[Mention]] | None,
    places: Gazetteer | None,
) -> Contents:
    packed = len(frame) >= PACKED_FROM
    columns = columns_of(frame, long=packed)
    columns = along_curve(columns) if packed else columns
    groups = mention_groups(mentions if mentions is not None else frame.attrs.get("mentions", ()))
    named = [m for group in groups for m in group]
    told = place_records(columns.place_ids(), named, places)
    incidents, parts = carried(columns, told, packed=packed)
    mentioned = {m.place.id for m in named if m.place is not None}
    first = {
        "incidents": incidents,
        "mentions": [mention_record(m, n) for n, group in enumerate(groups) for m in group],
        "places": {k: v for k, v in told.items() if not packed or k in mentioned},
        "families": families(),
        "strings": strings(),
    }
    return Contents(first, packed=parts)
