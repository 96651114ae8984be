"""The colours of text on a terminal."""

from __future__ import annotations

# SGR codes (ECMA-48): bold red, bold yellow, bold cyan; the colours of a terminal's own theme.
_COLOURS = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "pass": "32",
    "dim": "2",
    "bold": "1",
}


class Painter:
    """Colours words, or leaves them alone."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, style: str) -> str:
        """Give a text the colour of a severity, or `pass`, `dim` or `bold`."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self._colour and text else text
