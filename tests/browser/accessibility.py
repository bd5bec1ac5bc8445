"""What axe-core finds on a page (WCAG 2.2, levels A and AA), and whether it fits its window."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, with the elements that break it.

    The script is evaluated, not added as an element: the page's own security policy stays in force.
    """
    page.wait_for_load_state()  # without its stylesheets it would be judged as a page that nobody sees
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "standards => axe.run(document, {runOnly: {type: 'tag', values: standards}})", STANDARDS
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
        + "\n".join(f"    {node['html']}" for node in rule["nodes"])
        for rule in found["violations"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with the list of violations when axe finds any on the page as it stands."""
    found = violations(page)
    assert not found, f"{page.url} breaks {len(found)} rules:\n" + "\n".join(found)


def sideways(page: Page) -> int:
    """By how many pixels the page, with its stylesheets, is wider than the window."""
    page.wait_for_load_state()
    assert page.viewport_size  # not window.innerWidth: on a phone that grows with what does not fit
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return max(width - page.viewport_size["width"], 0)
