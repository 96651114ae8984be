"""Offsets in code points for parsers that count bytes."""

from __future__ import annotations

_ASCII = bytes(range(128))


class Offsets:
    """Turns UTF-8 byte offsets that mostly go forwards into offsets."""

    __slots__ = ("_data", "byte", "offset")

    def __init__(self, data: bytes, base: int) -> None:
        self._data = data
        self.byte = 0  # whoever learns where a byte stands may set both
        self.offset = base

    def foreign_characters(self) -> frozenset[str]:
        """Find the characters that are not ASCII."""
        return frozenset(self._data.translate(None, _ASCII).decode())

    def at(self, byte: int) -> int:
        """Give the offset at a byte; the cost is the distance from the last question."""
        last = self.byte
        if byte == last:
            return self.offset
        if byte == last + 1:  # one byte is one character
            self.offset += 1
        elif byte > last:
            self.offset += len(self._data[last:byte].decode())
        else:
            self.offset -= len(self._data[byte:last].decode())
        self.byte = byte
        return self.offset
