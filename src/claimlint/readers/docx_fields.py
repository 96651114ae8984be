"""Field codes in a .docx file: which text is an instruction, and which field is a link."""

from __future__ import annotations

from claimlint.expressions import compiled
from claimlint.readers.docx_lines import Field

_INSTRUCTION_CHARACTERS = 8_192
_ARGUMENT = compiled(r'"((?:[^"\\]|\\.)*)"?|(\S+)')
_ESCAPE = compiled(r"\\(.)")
# Switches of HYPERLINK that take an argument which is no address (ECMA-376 part 1, 17.16.5.25).
_SWITCHES_WITH_ARGUMENT = frozenset((r"\o", r"\t"))


class FieldStack:
    """The fields that are open at a place.

    Word nests fields in instructions and lets them run over paragraphs. All text inside the
    outermost unfinished instruction is held against that field.
    """

    __slots__ = ("_coded", "_open")

    def __init__(self) -> None:
        self._open: list[Field] = []
        self._coded: Field | None = None

    @property
    def coded(self) -> Field | None:
        """The outermost field whose instruction has not come to its end."""
        return self._coded

    @property
    def address(self) -> str | None:
        """The address of the innermost open field, if that is a link."""
        return self._open[-1].address if self._open else None

    def begin(self) -> None:
        """Begin a field with its instruction."""
        field = Field()
        self._open.append(field)
        if self._coded is None:
            self._coded = field

    def instruct(self, text: str) -> None:
        """Add to the innermost field's instruction."""
        if self._open:
            self._open[-1].instruction.append(text)

    def separate(self) -> str | None:
        """End the instruction and begin the result; give the address if the field is a link."""
        if not self._open:
            return None
        field = self._open[-1]
        self._resolve(field)
        if self._coded is None:
            field.address = link_address("".join(field.instruction))
        return field.address

    def end(self) -> bool:
        """End the innermost field and say whether it was a link."""
        if not self._open:
            return False
        field = self._open.pop()
        self._resolve(field)
        return field.address is not None

    def _resolve(self, field: Field) -> None:
        field.resolved = True
        if field is self._coded:
            self._coded = None


def link_address(instruction: str) -> str | None:
    r"""Read the address in `HYPERLINK "address" \l "place"`, or None for another field."""
    words = _ARGUMENT.finditer(instruction[:_INSTRUCTION_CHARACTERS])
    first = next(words, None)
    if first is None or first[0].upper() != "HYPERLINK":
        return None
    address, anchor, switch = "", "", ""
    for word in words:
        if word[2] and word[2].startswith("\\"):
            switch = word[2].lower()
            continue
        value = _ESCAPE.sub(r"\1", word[1]) if word[1] is not None else word[2]
        if switch == r"\l":
            anchor = anchor or value
        elif switch not in _SWITCHES_WITH_ARGUMENT:
            address = address or value
        switch = ""
    return f"{address}#{anchor}" if anchor else address or None
