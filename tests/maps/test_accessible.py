"""Every view of the page under axe-core, which checks the rules of WCAG 2.2, level AA."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from maps import IncidentMap

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page) -> list[str]:
    """What axe-core finds wrong. The checks run beside the page's policy, which stays in force."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES)
    return [
        f"{v['id']}: {v['help']}: {n['html'][:160]} {n['failureSummary']}"
        for v in found["violations"]
        for n in v["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820, 360])
def test_no_view_breaks_a_rule(visit, incidents, article, mentions, theme, width) -> None:
    page = visit(
        IncidentMap(incidents, article=article, mentions=mentions), width=width, color_scheme=theme
    ).page
    page.locator(".filters").evaluate("filters => { filters.open = true; }")
    for view in ("reader", "table", "missing", "about"):
        page.locator(f"#tab-{view}").click()
        page.wait_for_timeout(300)  # the sheet comes to rest: axe-core reads colours as they are drawn
        assert violations(page) == [], view
    if width == 360:
        page.locator(".grip").click()
    page.locator(".dateline-pin[aria-label^='Firing']").focus()
    page.keyboard.press("Enter")
    page.locator(".card").first.wait_for()
    page.wait_for_timeout(300)
    assert violations(page) == [], "an open card"


def test_a_broken_rule_is_found(visit, incidents) -> None:
    page = visit(IncidentMap(incidents)).page
    page.locator("#legend input").first.evaluate("box => box.closest('label').replaceWith(box)")
    assert any("label" in found for found in violations(page))
