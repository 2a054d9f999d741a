"""The page around the map: one HTML file in which nothing is fetched and nothing unknown runs.

folium renders its children as it always does. This module then leaves out what folium would fetch,
inlines what is needed in its place, gives folium's random names fixed ones, and seals the whole with a
Content-Security-Policy that names the digest of every script and style.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from branca.element import CssLink, Element, Figure, JavascriptLink

from geo.files import write_text
from maps import assets, surroundings
from maps.errors import MapWriteError

if TYPE_CHECKING:
    from maps.incident_map import IncidentMap

#: folium's standard links that a page has no use for: Leaflet is inlined, the rest serves folium's pins.
_DROPPED = frozenset(
    ["leaflet", "jquery", "bootstrap", "leaflet_css", "bootstrap_css", "glyphicons_css", "meta_http"]
)
_PINS = frozenset(
    ["awesome_markers", "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css"]
)
_CLUSTER_LINK = re.compile(
    r"leaflet\.markercluster(\.min)?\.js|MarkerCluster(\.Default)?(\.min)?\.css", re.IGNORECASE
)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style[^>]*>(?P<code>.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{32}")


class Page(Figure):
    """A folium figure that renders as one sealed file.

    Parameters
    ----------
    main : IncidentMap
        The map, whose own header is left to the page's style.
    height : str
        Of the cell in a notebook.
    """

    def __init__(self, main: IncidentMap, *, height: str = "680px") -> None:
        super().__init__(height=height)
        self.main = main

    def render(self, **kwargs: object) -> str:
        """Return the whole page as HTML.

        Warns
        -----
        UserWarning
            When something added to the map needs files from the network.
        """
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]
        try:
            for child in list(self._children.values()):
                child.render(**kwargs)
            return self._sealed()
        finally:
            # folium piles up what it renders: put back what was there, so that the next time is the same.
            for part, children in zip(parts, before, strict=True):
                part._children = children

    def _sealed(self) -> str:
        """Put the page together from what folium has just rendered."""
        data = self.main.dataset.name
        body = "".join(c.render() for name, c in self.html._children.items() if name != data)
        script = assets.script_text(self.script.render())
        head, addresses = self._head(script)
        ours = {data, self.main.get_name()}
        guests = [c for name, c in self.html._children.items() if name not in ours]
        map_html = self.html._children[self.main.get_name()].render() + "".join(c.render() for c in guests)
        names = _fixed_names(self, head + body + script)
        script, map_html, head = (_rename(part, names) for part in (script, map_html, head))
        start = _rename(self.main.start_script(), names)
        leaflet, leaflet_style = assets.leaflet()
        cluster, cluster_style = assets.markercluster() if self._needs_cluster(script) else ("", "")
        styles = [leaflet_style + cluster_style, assets.style()]
        # A browser paints after a long script in the head, and after each in the body: all that draws the
        # map is one script in the body, parted only where what the user added has to stand between. What
        # furnishes the page is last: text, run when the map is painted.
        sealed_head = "".join(f"<style>{css}</style>\n" for css in styles)
        library = "\n".join((leaflet, cluster, assets.bundle(), _guest_support(script)))
        own = f"{script}\n{start}"
        sealed_scripts = _scripts(library) + head + _scripts(own) if head else _scripts(f"{library}\n{own}")
        addresses += self.main.tile_urls()
        furniture = f'<script type="text/plain" id="dateline-page">{assets.bundle(furnished=True)}</script>\n'
        policy = _policy(
            sealed_head + map_html + sealed_scripts + furniture,
            addresses,
            guests=bool(guests or head or self.main.guests),
        )
        # Filled by plain replacement, each mark once: what is put in is never read as a template.
        parts = {
            "policy": escape(policy), "head": sealed_head, "map": map_html, "scripts": sealed_scripts,
            "first": self.main.dataset.first, "later": self.main.dataset.later, "furniture": furniture,
            "undated": "" if self.main.dataset.built.first["dated"] else " hidden",
        }  # fmt: skip
        template = (assets.STATIC / "page.html").read_text("utf-8")
        return re.sub(r"\{\{ (\w+) \}\}", lambda mark: parts[mark[1]], template)

    def _needs_cluster(self, script: str) -> bool:
        return "arkerCluster" in script or self.main.clustered

    def _head(self, script: str) -> tuple[str, list[str]]:
        """Choose what of folium's header stays: what the user's own additions brought."""
        kept, addresses = [], []
        for name, child in self.header._children.items():
            if name in _DROPPED | {assets.STYLE, assets.SCRIPT, self.main.get_name()}:
                continue
            if name in _PINS and "AwesomeMarkers" not in script:
                continue
            if isinstance(child, (JavascriptLink, CssLink)):
                if _CLUSTER_LINK.search(child.url):
                    continue
                addresses.append(child.url)
            kept.append(child.render())
        if addresses:
            warnings.warn(
                "What was added to this map is fetched when the page opens, so it will lack it where there "
                f"is no network: {', '.join(addresses)}",
                UserWarning,
                stacklevel=3,
            )
        return "\n".join(kept), addresses


def _scripts(*codes: str) -> str:
    return "".join(f"<script>{code}</script>\n" for code in codes if code.strip())


def _guest_support(script: str) -> str:
    """Stand in for the little of jQuery that folium's own popups call."""
    if "$(" not in script:
        return ""
    return assets.script_text((assets.STATIC / "js" / "guests.js").read_text("utf-8"))


def _elements(element: Element, seen: set[int]) -> Iterator[Element]:
    """Walk over an element and all that it holds, as children or, like a popup its text, as attributes."""
    if id(element) in seen:
        return
    seen.add(id(element))
    yield element
    for child in (*element._children.values(), *vars(element).values()):
        if isinstance(child, Element):
            yield from _elements(child, seen)


def _fixed_names(figure: Figure, text: str) -> dict[str, str]:
    """Give folium's random ids numbers, in the order in which they are met."""
    ids = {element._id for element in _elements(figure, set())}
    met = dict.fromkeys(found for found in _HEX.findall(text) if found in ids)
    return {old: f"{number:04d}" for number, old in enumerate(met)}


def _rename(text: str, names: dict[str, str]) -> str:
    return _HEX.sub(lambda m: names.get(m.group(), m.group()), text)


def _policy(html: str, addresses: list[str], *, guests: bool) -> str:
    """Write a policy that lets run what is in the page, and nothing else.

    See https://www.w3.org/TR/CSP3/. A digest stands for each inline script and style; addresses are
    those of what the user added and of tiles that a reader may switch on.
    """
    scripts = [
        _digest(found["code"])
        for found in _SCRIPT.finditer(html)
        if not re.search(r"\bsrc=|application/", found["attributes"])
    ]
    styles = [_digest(found["code"]) for found in _STYLE.finditer(html)]
    images = ["data:"]
    fonts: list[str] = []
    for address in addresses:
        if re.search(r"[\s;,'\"]", address):
            continue  # it would end the rule that it stands in
        host = surroundings.hosts(address)
        if address.endswith(".js"):
            scripts.append(address)
        elif address.endswith(".css"):
            styles.append(address)
            fonts.append(host)
        images.append(host)
    rules = {
        "default-src": ["'none'"], "script-src": scripts, "style-src": styles, "img-src": images,
        "font-src": fonts or ["'none'"], "connect-src": ["'none'"], "base-uri": ["'none'"],
        "form-action": ["'none'"], "object-src": ["'none'"],
    }  # fmt: skip
    if guests:
        # What the user added may carry style attributes; they run nothing.
        rules["style-src-attr"] = ["'unsafe-inline'"]
    return "; ".join(
        f"{rule} {' '.join(dict.fromkeys(v for v in values if v))}" for rule, values in rules.items()
    )


def _digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def write(html: str, path: str | os.PathLike[str]) -> None:
    """Write a page whole and at once: a file that is there is replaced, never half overwritten.

    Raises
    ------
    MapWriteError
        When the file cannot be written there.
    """
    try:
        write_text(Path(path), html)
    except OSError as error:
        raise MapWriteError(
            f"{path}: the map cannot be written there ({error.strerror}); choose another file with -o."
        ) from error
