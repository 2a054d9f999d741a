"""What the page carries: records as JSON, and rows as packed bytes where there are many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from maps import assets
from maps.columns import IncidentColumns, derived
from maps.packing import pack


@dataclass
class Dataset:
    """Records shared by several layers of a map, made when they are first asked for.

    Attributes
    ----------
    build : callable
        Makes the records, a dictionary fit for JSON, and bytes beside it: base64 by name.
    fixed_name : str
        The id of the element that holds the records; made from their digest when empty.
    """

    build: Callable[[], tuple[dict[str, Any], dict[str, str]]]
    fixed_name: str = field(default="")

    @cached_property
    def built(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The records, and the bytes."""
        return self.build()

    @cached_property
    def json(self) -> str:
        """The records as JSON that is safe within a script element."""
        return assets.safe_json(self.built[0])

    @cached_property
    def name(self) -> str:
        """Id of the element that holds the records."""
        if self.fixed_name:
            return self.fixed_name
        digest = hashlib.sha256(self.json.encode())
        for data in self.built[1].values():
            digest.update(data.encode())
        return f"dateline_{digest.hexdigest()[:12]}"

    def forget(self) -> None:
        """Make everything anew when it is next asked for."""
        for name in ("built", "json", "elements"):
            vars(self).pop(name, None)

    @cached_property
    def elements(self) -> str:
        """The elements that hold it all: nothing in them is run or read as HTML."""
        held = [f'<script type="application/json" id="{self.name}">{self.json}</script>']
        held += [
            f'<script type="application/octet-stream" id="{self.name}-{part}">{data}</script>'
            for part, data in self.built[1].items()
        ]
        return "\n".join(held) + "\n"


def carried(
    columns: IncidentColumns, places: Mapping[str, dict[str, Any]], *, packed: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Write incidents for the page, as JSON or packed.

    Parameters
    ----------
    columns : IncidentColumns
        Sorted by `maps.packing.along_curve` where they are to be packed.
    places : mapping
        Places by id, as `maps.records.place_records` gives them.
    packed : bool

    Returns
    -------
    contents : dict
        Fit for JSON, read by ``static/js/store.js``.
    data : dict of str to str
        Base64 of what is packed.
    """
    if "origin_id" in columns.coded:
        reach = derived(
            lambda place: places.get(place, {}).get("radius_km") or None, columns.coded["origin_id"]
        )
        columns.coded["origin_radius"] = reach
    if not packed:
        return {"count": len(columns), "columns": columns.plain()}, {}
    told = pack(columns, list(places.values()))
    return told.contents, {"rows": told.rows, "texts": told.texts}
