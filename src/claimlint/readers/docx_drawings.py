"""The words in charts and diagrams (SmartArt) of a .docx file."""

from __future__ import annotations

from claimlint.readers.docx_package import Attributes, Events


class DrawingEvents(Events):
    """Reads the paragraphs of a drawing, and a chart's names of series and categories."""

    def __init__(self) -> None:
        super().__init__(
            {
                "a:p": self._start_paragraph,
                "a:t": self.listen,
                "a:br": self._break,
                "c:strCache": self._start_names,
                "c:v": self._value,
            },
            {
                "a:p": self._end_paragraph,
                "a:t": self._end_text,
                "c:strCache": self._end_names,
                "c:v": self._end_value,
            },
        )
        self.texts: list[str] = []
        self._paragraph: list[str] = []
        self._naming = False
        self._seen: set[str] = set()

    def _start_paragraph(self, _attributes: Attributes) -> None:
        self._paragraph = []

    def _end_text(self) -> None:
        self._paragraph.append(self.heard())

    def _break(self, _attributes: Attributes) -> None:
        self._paragraph.append(" ")

    def _end_paragraph(self) -> None:
        self.texts.append("".join(self._paragraph))

    def _start_names(self, _attributes: Attributes) -> None:
        self._naming = True

    def _end_names(self) -> None:
        self._naming = False

    def _value(self, attributes: Attributes) -> None:
        if self._naming:
            self.listen(attributes)

    def _end_value(self) -> None:
        name = self.heard()
        if name not in self._seen:  # every series repeats the names of the categories
            self._seen.add(name)
            self.texts.append(name)
