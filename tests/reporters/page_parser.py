"""Read the review page as a browser would, as far as the tests ask."""

from __future__ import annotations

import json
from collections import defaultdict
from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """The highlighted text of each finding, the links, tags, ids and data of a page.

    `marked` is what is highlighted in the draft, `sourced` in its source, without line ends.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marked: dict[tuple[str, int], str] = defaultdict(str)
        self.sourced: dict[tuple[str, int], str] = defaultdict(str)
        self.source_lines: dict[str, list[str]] = defaultdict(list)
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.text = ""
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._mark: list[tuple[str, int]] = []
        self._article = ""
        self._in_source = False
        self._in_sup = False
        self._own = ""
        self.feed(page)

    @property
    def data(self) -> Any:
        """What the page tells its script."""
        return next(json.loads(text) for given, text in self.scripts if given.get("id") == "data")

    def classes(self, tag: str) -> list[set[str]]:
        """The classes of every element of a name."""
        return [
            set(str(given.get("class") or "").split()) for name, given in self.tags if name == tag
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        classes = str(given.get("class") or "").split()
        if tag == "article":
            self._article = str(given["id"])
        if tag == "div" and ("source" in classes or "rendered" in classes):
            self._in_source = "source" in classes
        if tag == "span" and "l" in classes and self._in_source:
            self.source_lines[self._article].append("")
        if tag == "sup":
            self._in_sup = True
        if tag == "a":
            self.links.append(str(given["href"]))
            numbers = str(given.get("data-f") or "").split()
            self._mark = [(self._article, int(number)) for number in numbers]
        if tag in ("script", "style"):
            self._own = tag
            if tag == "script":
                self.scripts.append((given, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._mark = []
        if tag == "sup":
            self._in_sup = False
        if tag == "pre":
            self._in_source = False
        self._own = ""

    def handle_data(self, data: str) -> None:
        if self._own:
            if self._own == "script":
                given, text = self.scripts.pop()
                self.scripts.append((given, text + data))
            return
        self.text += data
        if self._in_source and not self._in_sup and self.source_lines[self._article]:
            self.source_lines[self._article][-1] += data
        for key in self._mark:
            (self.sourced if self._in_source else self.marked)[key] += data
