"""Set the marks of comments into the main part of a .docx file, between the characters they name.

Marks stand beside runs (EG_RangeMarkupElements of ECMA-376 part 1, 17.13.4), so a run that holds the
edge of a comment is cut in two with the same properties. What cannot be cut is held as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from claimlint.errors import ReadError
from claimlint.readers.docx_cuts import text_cuts
from claimlint.readers.docx_package import PartError, attribute, tags
from claimlint.readers.docx_xml import Element, Insertion, PartXml, spelled


def _names(*names: str) -> frozenset[str]:
    return frozenset(tags(dict.fromkeys(names)))


_PARAGRAPH, _RUN, _TEXT, _CONTROL = map(_names, ("w:p", "w:r", "w:t", "w:sdt"))
_PROPERTIES = _names("w:pPr", "w:rPr")
# Between a paragraph and its runs; each may hold marks as the paragraph does.
_AROUND_RUNS = _CONTROL | _names(
    "w:sdtContent", "w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:fldSimple", "w:customXml",
    "w:dir", "w:bdo",
)  # fmt: skip
# Word fills these controls itself, or lets them hold a single plain value.
_FILLED = _names(
    "w:dataBinding", "w:text", "w:comboBox", "w:dropDownList", "w:date", "w:citation",
)  # fmt: skip
_BETWEEN_TAGS = re.compile(rb">\s+<")
_MARKS = _names("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")


def _namespace(element: Element) -> str:
    return element.name[1:].partition("}")[0]


class Edge(NamedTuple):
    """Where a comment begins or ends: before this character of an element's text.

    For the end that is the character after the last one, which may be the end of the text.
    """

    element: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    comment: int
    ends: bool


class Marked(NamedTuple):
    """A part with its marks; `wider` are the comments that hold more than their words."""

    data: bytes
    wider: frozenset[int]


class _Site(NamedTuple):
    """An element with edges: what marks can stand beside, and the element's branch in a run."""

    leaf: Element
    host: Element
    child: Element | None
    paragraph: Element


class _Cut(NamedTuple):
    """A place for marks, and what ends and begins anew around them."""

    at: int
    before: bytes = b""
    after: bytes = b""


class Vocabulary(NamedTuple):
    """How to write WordprocessingML at a place: the prefix, and its declaration where needed."""

    prefix: str
    declaration: str = ""

    @classmethod
    def at(cls, element: Element, xml: PartXml, spaces: Mapping[str, set[str]]) -> Vocabulary:
        """Take the prefix of an element around the place, if it means the same everywhere."""
        prefix = xml.tag_name(element).rpartition(b":")[0].decode()
        if prefix and len(spaces[prefix]) == 1:
            return cls(prefix)
        return cls("w", f' xmlns:w="{_namespace(element)}"')

    def starts(self, key: int) -> str:
        """Give the mark at which a comment starts."""
        return self._mark("commentRangeStart", key)

    def ends(self, key: int) -> str:
        """Give the mark at which a comment ends, and the run that refers to it.

        The run is small and not hidden, whatever stands beside it, and so moves no line.
        """
        w = self.prefix
        small = f'<{w}:rPr><{w}:sz {w}:val="16"/><{w}:szCs {w}:val="16"/></{w}:rPr>'
        reference = f'<{w}:commentReference {w}:id="{key}"/>'
        run = f"<{w}:r{self.declaration}>{small}{reference}</{w}:r>"
        return self._mark("commentRangeEnd", key) + run

    def _mark(self, name: str, key: int) -> str:
        return f'<{self.prefix}:{name}{self.declaration} {self.prefix}:id="{key}"/>'


class _Survey:
    """Finds the elements with edges, and the ids of comments that are taken."""

    def __init__(self, xml: PartXml, wanted: Iterable[int]) -> None:
        self.sites: dict[int, _Site] = {}
        self.taken: set[str] = set()
        self.namespace = ""
        self.indivisible: set[int] = set()  # runs with properties where no program writes them
        self.spaces: dict[str, set[str]] = defaultdict(set)
        self._data = xml.data
        self._wanted = frozenset(wanted)
        self._path: list[Element] = []
        self._filled: set[int] = set()
        xml.walk(self._start, self._end, lambda prefix, name: self.spaces[prefix].add(name))

    def _start(self, element: Element, attributes: Mapping[str, str]) -> None:
        path = self._path
        path.append(element)
        name = element.name
        if element.parent is None:
            self.namespace = _namespace(element)
        if name in _FILLED and len(path) > 2 and path[-3].name in _CONTROL:
            self._filled.add(path[-3].number)
        elif name in _MARKS:
            self.taken.add(attribute(spelled(attributes), "w:id") or "")
        if element.number in self._wanted:
            self.sites[element.number] = self._site()

    def _end(self, element: Element) -> None:
        self._path.pop()
        if element.name in _PROPERTIES and element.parent is not None:
            around = element.parent
            if not self._data[around.opened : element.start].strip():
                around.content = element.end
            else:
                self.indivisible.add(around.number)

    def _site(self) -> _Site:
        path = self._path
        first = len(path) - 1
        while first >= 0 and path[first].name not in _PARAGRAPH:
            first -= 1
        if first < 0:
            raise PartError(
                "the main part of the document is damaged: it has text outside of paragraphs; "
                "open the file in Word and save it again"
            )
        at = min(first + 1, len(path) - 1)
        while at < len(path) - 1 and self._lets_marks_in(path[at]):
            at += 1
        host = path[at]
        child = path[at + 1] if host.name in _RUN and at + 1 < len(path) else None
        return _Site(path[-1], host, child, path[first])

    def _lets_marks_in(self, element: Element) -> bool:
        return element.name in _AROUND_RUNS and element.number not in self._filled


class Marker:
    """The main part of a document, ready to take the marks of comments at these edges.

    `taken` are the ids of comments that it already has, `namespace` is that of its root. Raises
    ReadError when the properties of runs that are cut would be copied beyond `limit_bytes`.
    """

    def __init__(self, xml: PartXml, edges: Sequence[Edge], limit_bytes: int) -> None:
        self._xml = xml
        self._room_bytes = limit_bytes
        self._edges: dict[int, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._edges[edge.element].append(edge)
        self._survey = _Survey(xml, self._edges)
        self.taken = self._survey.taken
        self.namespace = self._survey.namespace

    def marked(self, ids: Sequence[int]) -> Marked:
        """Set the marks of every comment under its id."""
        insertions: list[Insertion] = []
        marks: dict[_Cut, list[Edge]] = defaultdict(list)
        words: dict[_Cut, Vocabulary] = {}
        wider: set[int] = set()
        for element, edges in self._edges.items():
            site = self._survey.sites[element]
            if site.host.number in self._survey.indivisible:
                site = site._replace(child=None)
            vocabulary = Vocabulary.at(site.paragraph, self._xml, self._survey.spaces)
            if site.leaf is site.paragraph:
                insertions.append(self._at_beginning(site.paragraph, edges, vocabulary, ids))
                continue
            text = site.leaf is site.child and site.leaf.name in _TEXT
            cuts = self._in_text(site, edges, insertions) if text else None
            if cuts is None:
                cuts = [self._beside(site, after=edge.ends) for edge in edges]
                if text or site.leaf is not site.child:
                    wider.update(edge.comment for edge in edges)
            for cut, edge in zip(cuts, edges, strict=True):
                marks[cut].append(edge)
                words[cut] = vocabulary
        insertions += (_marks(cut, edges, words[cut], ids) for cut, edges in marks.items())
        return Marked(self._xml.with_insertions(insertions), frozenset(wider))

    def _at_beginning(
        self, paragraph: Element, edges: list[Edge], vocabulary: Vocabulary, ids: Sequence[int]
    ) -> Insertion:
        keys = [ids[edge.comment] for edge in edges if edge.ends]
        text = "".join(vocabulary.starts(key) + vocabulary.ends(key) for key in keys).encode()
        if paragraph.opened == paragraph.end:
            return self._xml.last_child(paragraph, text)
        return Insertion(paragraph.content, text)

    def _in_text(
        self, site: _Site, edges: list[Edge], insertions: list[Insertion]
    ) -> list[_Cut] | None:
        """Find the places inside a text; what keeps its spaces from being lost is inserted."""
        xml, leaf, run = self._xml, site.leaf, site.host
        tag = xml.data[leaf.start : leaf.opened]
        content = xml.data[leaf.opened : leaf.closing]
        found = text_cuts(tag, content, [edge.index for edge in edges])
        if found is None:
            return None
        if found.addition:
            insertions.append(Insertion(leaf.opened - 1, found.addition))
        closing = xml.end_tag(leaf) + xml.end_tag(run)
        cuts = []
        for edge in edges:
            cut = found.cuts.get(edge.index)
            if cut is None:
                cuts.append(self._beside(site, after=edge.index > 0))
                continue
            after = self._reopened(run) + cut.tag + cut.opens
            cuts.append(_Cut(leaf.opened + cut.at, cut.closes + closing, after))
        return cuts

    def _beside(self, site: _Site, *, after: bool) -> _Cut:
        """Give the place before or after an element; at the edge of its run nothing is cut."""
        run, child = site.host, site.child
        if child is None:
            return _Cut(run.end if after else run.start)
        data = self._xml.data
        if after and not data[child.end : run.closing].strip():
            return _Cut(run.end)
        if not after and not data[run.content : child.start].strip():
            return _Cut(run.start)
        at = child.end if after else child.start
        return _Cut(at, self._xml.end_tag(run), self._reopened(run))

    def _reopened(self, run: Element) -> bytes:
        """Begin a run like this one; the white space between its tags is not text and stays single."""
        data = self._xml.data
        properties = data[run.opened : run.content].strip()
        opening = data[run.start : run.opened] + _BETWEEN_TAGS.sub(b"><", properties)
        self._room_bytes -= len(opening)
        if self._room_bytes < 0:
            raise ReadError(
                "the file describes the look of its text at such length that comments would make "
                "it too large; open it in Word and save it again"
            )
        return opening


def _marks(cut: _Cut, edges: list[Edge], vocabulary: Vocabulary, ids: Sequence[int]) -> Insertion:
    ends = [vocabulary.ends(ids[edge.comment]) for edge in edges if edge.ends]
    starts = [vocabulary.starts(ids[edge.comment]) for edge in edges if not edge.ends]
    text = "".join(ends + starts).encode()
    return Insertion(cut.at, cut.before + text + cut.after)
