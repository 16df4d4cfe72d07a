"""
What would keep somebody from using a page: axe-core's word on it, by the rules of WCAG 2.2 A and AA.

The rules come with the package axe-playwright-python, so nothing is fetched.
"""

from importlib.resources import files

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK = """
async ([within, rules]) => {
  const found = await axe.run({ include: within }, { runOnly: { type: "tag", values: rules } });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
"""


def findings(page, *within):
    """What axe-core finds in the parts of *page* that the selectors *within* name; an empty list is good."""
    for selector in within:  # or nothing would be looked at, and nothing found
        assert page.locator(selector).count(), f"nothing on the page is {selector}"
    page.evaluate(SCRIPT)
    return page.evaluate(ASK, [[[selector] for selector in within], RULES])
