"""What the page carries: records as JSON, and rows as packed bytes where there are many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from maps import assets
from maps.columns import IncidentColumns, derived
from maps.packing import deflated, pack


@dataclass(frozen=True)
class Contents:
    """What a page carries.

    Attributes
    ----------
    first : dict
        Records that the map is drawn from, fit for JSON.
    later : dict
        All other records.
    packed : dict of str to str
        Base64 of packed rows by part, see `maps.packing.Packed`.
    """

    first: dict[str, Any]
    later: dict[str, Any] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)


@dataclass
class Dataset:
    """Records shared by several layers of a map, made when they are first asked for.

    Attributes
    ----------
    build : callable
        Makes the contents.
    fixed_name : str
        The id of the element that holds the records; made from their digest when empty.
    """

    build: Callable[[], Contents]
    fixed_name: str = field(default="")

    @cached_property
    def built(self) -> Contents:
        """The contents."""
        return self.build()

    @cached_property
    def json(self) -> str:
        """The first records as JSON that is safe within a script element."""
        return assets.safe_json(self.built.first, ascii_alone=bool(self.built.packed))

    @cached_property
    def name(self) -> str:
        """Id of the element that holds the records; others have it with the name of their part."""
        if self.fixed_name:
            return self.fixed_name
        digest = hashlib.sha256(self.json.encode())
        for data in self.built.packed.values():
            digest.update(data.encode())
        return f"dateline_{digest.hexdigest()[:12]}"

    def forget(self) -> None:
        """Make everything anew when it is next asked for."""
        for name in ("built", "json", "first", "later"):
            vars(self).pop(name, None)

    @cached_property
    def first(self) -> str:
        """The elements that the map is drawn from: nothing in them is run or read as HTML."""
        held = _element("json", self.name, self.json)
        if rows := self.built.packed.get("rows"):
            held += _element("octet-stream", f"{self.name}-rows", rows)
        return held

    @cached_property
    def later(self) -> str:
        """All other elements; where rows are packed, so are the records: ASCII is read soonest."""
        held = {part: data for part, data in self.built.packed.items() if part != "rows"}
        if not self.built.later:
            text = ""
        elif held:
            text = _element("octet-stream", f"{self.name}-later", deflated(self._later_json.encode()))
        else:
            text = _element("json", f"{self.name}-later", self._later_json)
        return text + "".join(
            _element("octet-stream", f"{self.name}-{part}", data) for part, data in held.items()
        )

    @property
    def _later_json(self) -> str:
        return assets.safe_json(self.built.later)


def _element(kind: str, name: str, content: str) -> str:
    return f'<script type="application/{kind}" id="{name}">{content}</script>\n'


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
    packed : dict of str to str
        Base64 of what is packed, by part.
    """
    if "origin_id" in columns.coded:
        reach = derived(
            lambda place: places.get(place, {}).get("radius_km") or None, columns.coded["origin_id"]
        )
        columns.coded["origin_radius"] = reach
    if not packed:
        return {"count": len(columns), "columns": columns.plain()}, {}
    told = pack(columns, list(places.values()))
    return told.contents, told.parts
