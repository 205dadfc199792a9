"""Reading a report as a reader would: its text, without style sheets and pictures."""

from __future__ import annotations

from html.parser import HTMLParser

_HIDDEN = ("style", "svg", "title")
_VOID = ("meta", "img", "br", "link", "path", "line", "rect", "circle")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        if tag in ("p", "h1", "h2", "h3", "h4", "h5", "li", "tr", "summary", "figcaption", "dt", "pre", "caption"):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden -= 1
        if tag in ("td", "th", "dt"):
            self.lines[-1] += " | "

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.lines[-1] += data


def text_of(html: str) -> str:
    """The visible text, one line a paragraph, heading, row or item."""
    reader = _Text()
    reader.feed(html)
    lines = (" ".join(line.split()).strip(" |") for line in reader.lines)
    return "\n".join(line for line in lines if line) + "\n"


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self.stack.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5"):
            self.headings.append(int(tag[1]))
        if found := given.get("id"):
            self.ids.append(found)
        if (target := given.get("href")) is not None:
            self.links.append(target)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


def outline_of(html: str) -> _Outline:
    """Headings, anchors and links, and tags that are not closed in order."""
    outline = _Outline()
    outline.feed(html)
    return outline
