"""Turn the bytes of a draft into text, or say in one sentence why that is not possible."""

from __future__ import annotations

import codecs

from claimlint.errors import ReadError
from claimlint.model.digest import sha256
from claimlint.model.text import Source

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (a Word document has the suffix .docx)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document (save it as .docx)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document (save it as .docx or plain text)"),
)
# NUL and the other controls that no text has. A stray one (0x08 from a paste) is tolerated.
_CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_MOST_CONTROLS_PERCENT = 1


def decode(data: bytes, name: str) -> Source:
    """Decode UTF-8, or UTF-16 with its byte-order mark; raise ReadError for anything else."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"this is {what}, not text; export the draft as UTF-8 text")
    return Source(name=name, text=_text(data), sha256=sha256(data).hexdigest())


def encode(text: str, like: bytes) -> bytes:
    """Encode a text as the bytes that another one was decoded from: byte-order mark and encoding."""
    mark, encoding = _form(like)
    return mark + text.encode(encoding)


def _form(data: bytes) -> tuple[bytes, str]:
    """The byte-order mark, if there is one, and the encoding."""
    if data[:2] in _UTF16:
        return data[:2], _UTF16[data[:2]]
    return (codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""), "utf-8"


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ReadError("the file is UTF-32; save it as UTF-8")
    mark, encoding = _form(data)
    body = data[len(mark) :]
    if encoding == "utf-8":
        _refuse_binary(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(body, error) from None


def _refuse_binary(body: bytes) -> None:
    controls = len(body) - len(body.translate(None, _CONTROLS))
    if controls * 100 > len(body) * _MOST_CONTROLS_PERCENT:
        raise ReadError(
            "the file is binary, or UTF-16 without a byte-order mark; save the draft as UTF-8 text"
        )


def _undecodable(body: bytes, error: UnicodeDecodeError) -> ReadError:
    """Say where the first bad byte stands, as an editor counts lines and columns."""
    before = Source(name="", text=body[: error.start].decode(error.encoding, "replace"), sha256="")
    line, column, _ = before.position(len(before.text))
    kind = "UTF-8" if error.encoding == "utf-8" else "UTF-16"
    return ReadError(
        f"the file is not valid {kind} (byte 0x{body[error.start]:02x}); save it as UTF-8",
        line=line,
        column=column,
    )
