"""Offsets in code points for parsers that count bytes."""

from __future__ import annotations


class Offsets:
    """Turns UTF-8 byte offsets that mostly go forwards into offsets."""

    __slots__ = ("_byte", "_data", "_offset")

    def __init__(self, text: str, base: int) -> None:
        self._data = text.encode()
        self._byte = 0
        self._offset = base

    def know(self, byte: int, offset: int) -> None:
        """Take the offset of a byte from somebody who knows it."""
        self._byte = byte
        self._offset = offset

    def at(self, byte: int) -> int:
        """Give the offset at a byte; the cost is the distance from the last question."""
        last = self._byte
        if byte == last:
            return self._offset
        if byte > last:
            self._offset += len(self._data[last:byte].decode())
        else:
            self._offset -= len(self._data[byte:last].decode())
        self._byte = byte
        return self._offset
