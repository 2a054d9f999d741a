"""The code and styles that go into the page: read from the package and from XStatic, made fit to inline."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path

from branca.element import Element, Figure

STATIC = Path(__file__).parent / "static"

#: Modules in the order of their imports, as `bundle` checks: those that a map is drawn with, then those that
#: furnish the page around it.
MODULES = (
    (
        "text.js", "dom.js", "pace.js", "blocks.js", "rows.js", "sieve.js", "unpack.js", "order.js",
        "store.js", "squares.js", "symbols.js", "plan.js", "nearest.js", "card.js", "crowd.js", "sheet.js",
        "canvas.js", "pins.js", "layers.js", "address.js", "view.js", "main.js",
    ),
    (
        "basemap.js", "picture.js", "locator.js", "paper.js", "labels.js", "reader.js", "sharing.js",
        "filters.js", "table.js", "timeline.js", "legend.js", "layout.js", "page.js",
    ),
)  # fmt: skip

#: Names of the header's children that hold our style and our script.
STYLE, SCRIPT = "dateline_style", "dateline_script"

#: What may not stand raw in a script element, nor in UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:(?:async )?function|const|class) (\w+)", re.MULTILINE)


class Raw(Element):
    """An element that renders exactly the text it holds: no template is run on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


def safe_json(value: object, *, ascii_alone: bool = False) -> str:
    """Write JSON that can stand in a script element: no ``<``, ``>``, ``&``, line separator or surrogate.

    Parameters
    ----------
    value : object
    ascii_alone : bool
        Whether to write all else that is not ASCII as an escape too.

    Raises
    ------
    ValueError
        For a number that is not finite: JSON has none.
    """
    text = json.dumps(value, ensure_ascii=ascii_alone, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


@cache
def bundle(*, furnished: bool = False) -> str:
    """Join modules of ``static/js`` into one script, each in a scope of its own.

    Parameters
    ----------
    furnished : bool
        Whether to give those that furnish a page, to run after the others.

    Raises
    ------
    ValueError
        When a module imports one that does not come before it in `MODULES`.
    """
    order = [name for part in MODULES for name in part]
    parts = ["" if furnished else "const datelineModules = {};\n"]
    for name in MODULES[furnished]:
        code = (STATIC / "js" / name).read_text("utf-8")
        known = set(order[: order.index(name)])
        if late := {module for _, module in _IMPORT.findall(code)} - known:
            raise ValueError(f"{name} imports {', '.join(sorted(late))}, which is not before it.")
        code = _IMPORT.sub(r'const {\1} = datelineModules["\2"];\n', code)
        exported = ", ".join(_EXPORT.findall(code))
        code = re.sub(r"^export ", "", code, flags=re.MULTILINE)
        parts.append(
            f'datelineModules["{name}"] = (() => {{\n"use strict";\n{code}return {{ {exported} }};\n}})();\n'
        )
    return _ascii("".join(parts))


def _ascii(code: str) -> str:
    """Write our own code with nothing but ASCII, which a browser reads soonest."""
    return re.sub(r"[^\x00-\x7f]", lambda mark: f"\\u{ord(mark[0]):04x}", script_text(code))


def script_text(code: str) -> str:
    """Make code fit to stand in a script element, with the line ends that its digest is taken of."""
    code = re.sub(r"^//# sourceMappingURL=.*$", "", code.replace("\r\n", "\n"), flags=re.MULTILINE)
    return re.sub(r"</(?=script)", r"<\\/", code, flags=re.IGNORECASE)


@cache
def style() -> str:
    """Return the page's own styles."""
    return "\n".join((STATIC / "css" / name).read_text("utf-8") for name in ("map.css", "page.css"))


@cache
def leaflet() -> tuple[str, str]:
    """Return Leaflet's script and style; images within the style as ``data:`` URLs."""
    from xstatic.pkg import leaflet as package

    base = Path(package.BASE_DIR)
    css = (base / "leaflet.css").read_text("utf-8")
    css = re.sub(r"url\((images/[\w.-]+)\)", lambda m: f"url({_data_url(base / m.group(1))})", css)
    # Leaflet guesses where its pin lies from a style that is now a data: URL; it is told instead.
    pin = {
        option: _data_url(base / "images" / file)
        for option, file in {
            "iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png",
            "shadowUrl": "marker-shadow.png",
        }.items()
    }  # fmt: skip
    pin_code = f"\nL.Icon.Default.imagePath='';L.Icon.Default.mergeOptions({json.dumps(pin)});\n"
    code = (base / "leaflet.js").read_text("utf-8")
    return script_text(code + pin_code), css


@cache
def markercluster() -> tuple[str, str]:
    """Return the script and the style of Leaflet.markercluster."""
    from xstatic.pkg import leaflet_markercluster as package

    base = Path(package.BASE_DIR)
    css = "".join((base / f"MarkerCluster{part}.css").read_text("utf-8") for part in ("", ".Default"))
    return script_text((base / "leaflet.markercluster.js").read_text("utf-8")), css


def _data_url(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def add_runtime(figure: Figure, name: str, records: str) -> None:
    """Put code, styles and one set of records into a figure, once.

    Parameters
    ----------
    figure : branca.element.Figure
    name : str
        Id of the records.
    records : str
        The elements that hold them.
    """
    figure.header.add_child(Raw(f"<style>{style()}</style>"), name=STYLE)
    figure.header.add_child(Raw(f"<script>{bundle()}</script>"), name=SCRIPT)
    figure.html.add_child(Raw(records), name=name)
