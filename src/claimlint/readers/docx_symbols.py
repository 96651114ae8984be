"""Characters of symbol fonts, which a .docx file names by their place in the font."""

from __future__ import annotations

# Adobe's Symbol encoding, the letters and signs that occur in health writing.
_SYMBOL = dict(
    zip(
        range(0x61, 0x7B),
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
) | {
    0x44: "Δ", 0x47: "Γ", 0x53: "Σ", 0x57: "Ω", 0xA3: "≤", 0xAE: "→", 0xAD: "↑", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB9: "≠", 0xBB: "≈", 0xD2: "®",
    0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x76: "❖", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xE0: "→",
    0xFB: "✗", 0xFC: "✓", 0xFE: "✓",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_PRIVATE = 0xF000  # symbol fonts are mapped to F000..F0FF (ECMA-376 part 1, 17.3.3.30)
_SURROGATES = range(0xD800, 0xE000)


def symbol(font: str | None, code: str | None) -> str:
    """Give the character that a symbol shows, or a space where no letter or sign is known."""
    try:
        value = int(code or "", 16)
    except ValueError:
        return " "
    known = _FONTS.get((font or "").lower(), {}).get(value & 0xFF)
    if known is not None and value & ~0xFF in {0, _PRIVATE}:
        return known
    if value in _SURROGATES or not 0x20 <= value <= 0xFFFF or value >= 0xE000:
        return " "
    return chr(value)
