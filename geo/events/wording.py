"""How an incident is put into words: its title, what it was read from, and how sure that is."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.events.sites import Site
    from geo.events.stories import Story
    from geo.events.timing import Timing


@cache
def type_table() -> dict[str, dict[str, str]]:
    """Return the table of types: label, preposition, and the ACLED and PLOVER codes each maps to."""
    text = resources.files("geo").joinpath("data/types.csv").read_text("utf-8")
    return {row["type"]: row for row in csv.DictReader(text.splitlines())}


def title_of(type_: str, group: list[Site]) -> str:
    """Say what and where in a few plain words."""
    row = type_table()[type_]
    named = [s.mention.place.name if s.mention.place else s.mention.text for s in group]
    if not named:
        return row["label"]
    if type_ == "call":
        return f"{row['label']} between {' and '.join(named)}"
    first = group[0]
    place = first.mention.place
    inside = (place.admin2 or place.admin1) if place and place.feature.startswith("P") else ""
    preposition = "near" if first.near and row["preposition"] != "toward" else row["preposition"]
    where = " and ".join(dict.fromkeys(named))
    return f"{row['label']} {preposition} {where}" + (
        f", {inside}" if inside and normal(inside) != normal(where) else ""
    )


def normal(text: str) -> str:
    """Return text without case, for comparing names."""
    return text.casefold().strip()


def description_of(story: Story, *, shared: bool, source: str | None) -> str:
    """Say who is named as the source, how often it is told, and what the numbers count."""
    parts = []
    if source:
        parts.append(f"Source named: {source}.")
    if len(story.tellings) > 1:
        parts.append(f"Told in {len(story.tellings)} places of the text.")
    for word, value in (("killed", story.casualties.killed), ("wounded", story.casualties.wounded)):
        if value and shared:
            low, high = value
            parts.append(f"{low if low == high else f'{low} to {high}'} {word} at all sites together.")
    return " ".join(parts)


def confidence_of(story: Story, site: Site | None, timing: Timing) -> float:
    """Say from 0 to 1 how plainly it is told, dated and located."""
    value = {"verb": 0.95, "noun": 0.9}.get(story.main.event.kind, 0.8)
    value *= {
        "stated": 1.0,
        "sentence": 0.95,
        "speaker": 0.85,
        "told before": 0.8,
        "unresolved": 0.8,
        "": 0.75,
    }[timing.basis]
    if site is not None:
        value *= (0.4 + 0.6 * site.weight) * (0.3 + 0.7 * site.mention.confidence)
    return round(value, 2)


def why_of(site: Site | None, timing: Timing) -> str:
    """Say in words what was read from what."""
    date = {
        "stated": "dated in its own clause",
        "sentence": "dated in its sentence",
        "speaker": "dated only by the day of the statement",
        "told before": "date taken from the event told before",
        "unresolved": "its date cannot be known without the day of publication",
        "": "no date stated",
    }[timing.basis]
    place = f"placed by {site.why}" if site else "no place stated"
    return f"{date}; {place}"
