"""Read the review page as a browser would, as far as the tests ask."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser


class Page(HTMLParser):
    """The highlighted text of each finding, the links, tags and ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marked: dict[tuple[str, int], str] = defaultdict(str)
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.text = ""
        self._mark: list[tuple[str, int]] = []
        self._article = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "article":
            self._article = str(given["id"])
        if tag == "a":
            self.links.append(str(given["href"]))
            numbers = str(given.get("data-findings") or "").split()
            self._mark = [(self._article, int(number)) for number in numbers]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._mark = []

    def handle_data(self, data: str) -> None:
        self.text += data
        for key in self._mark:
            self.marked[key] += data
