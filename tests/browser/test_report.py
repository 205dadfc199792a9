from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@contextmanager
def opened(browser: Browser, report: Path, width: int = 1100, **how: Any) -> Iterator[Page]:
    """The report in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **how)
    page = context.new_page()
    page.goto(report.as_uri())
    yield page
    context.close()


@pytest.fixture(params=["report", "pictured", "grouped"])
def each(request: pytest.FixtureRequest) -> Path:
    """The page of the sample run, that of the run on pictures, and that of the run of group measures."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_are_no_barriers(browser: Browser, each: Path, scheme: Literal["light", "dark"]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, each, color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()


def test_nothing_is_requested_and_nothing_goes_wrong(browser: Browser, report: Path) -> None:
    requests: list[str] = []
    problems: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
    assert problems == []


@pytest.mark.parametrize("width", [360, 720, 1100])
def test_the_page_never_scrolls_sideways(browser: Browser, each: Path, width: int) -> None:
    with opened(browser, each, width) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_width_of_every_figure_is_shown(browser: Browser, report: Path) -> None:
    for width, shown, hidden in ((1100, ".on-wide", ".on-narrow"), (360, ".on-narrow", ".on-wide")):
        with opened(browser, report, width) as page:
            assert page.locator(f"section .suite > figure > {shown}").first.is_visible()
            assert not page.locator(f"section .suite > figure > {hidden}").first.is_visible()


def test_the_fonts_are_the_report_s_own(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('16px Inter')")
        assert page.evaluate("document.fonts.check('16px \"Source Serif 4\"')")


def test_without_script_everything_can_be_read(browser: Browser, report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        assert page.locator("h1").inner_text() == "all-MiniLM-L6-v2"
        first = page.locator("article summary").first
        first.click()
        assert page.locator("article details[open]").count() == 1


def test_print_opens_every_fold(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        hidden = page.locator("article details .list").first
        assert not hidden.is_visible()
        page.emulate_media(media="print")
        assert hidden.is_visible()


def test_every_picture_is_drawn(browser: Browser, pictured: Path) -> None:
    """A symbol that is drawn again shows its picture, at its size, in print as well."""
    with opened(browser, pictured, color_scheme="dark") as page:
        page.locator("article").first.scroll_into_view_if_needed()
        shown = page.locator("svg.picture").first
        box = shown.bounding_box()
        assert box is not None
        assert box["width"] == box["height"] == 76
        assert len(_colours(shown.screenshot())) >= 4  # the white it stands on, and its three bands
        page.emulate_media(media="print")
        assert len(_colours(shown.screenshot())) >= 4


def _colours(png: bytes) -> set[object]:
    """Colours that cover more than a hundredth of a picture."""
    with Image.open(BytesIO(png)) as image:
        counted = image.convert("RGB").getcolors(maxcolors=image.width * image.height)
        assert counted is not None
        return {colour for count, colour in counted if count > image.width * image.height / 100}


def test_text_in_figures_does_not_overlap(browser: Browser, each: Path) -> None:
    overlaps = """() => [...document.querySelectorAll(
        '.suite figure svg.on-wide, .certificate figure svg.on-wide, article > figure svg.on-wide'
    )].flatMap(svg => {
      const boxes = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim())
        .map(t => [t.textContent, t.getBoundingClientRect()]);
      return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
        .filter(([b, q]) => p.left < q.right - 1 && q.left < p.right - 1)
        .filter(([b, q]) => p.top < q.bottom - 3 && q.top < p.bottom - 3)
        .map(([b]) => `${a} / ${b}`));
    })"""
    with opened(browser, each) as page:
        assert page.evaluate(overlaps) == []
