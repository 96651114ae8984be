"""Write a zip archive anew with some entries exchanged; the others keep their compressed bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from struct import Struct
from struct import error as StructError  # noqa: N812  `error` alone says nothing
from typing import TYPE_CHECKING, NamedTuple

from claimlint.errors import ReadError

if TYPE_CHECKING:
    from zipfile import ZipInfo

# The layouts of APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s4B4H3L5H2L")
_END = Struct("<4s4H2LH")
_DEFLATED, _UTF_8, _SIZES_FOLLOW, _ZIP64 = 8, 0x800, 0x8, 1
_VERSION = 20
_NEW_DATE = (1980, 1, 1, 0, 0, 0)  # the first that an archive can name: no clock decides the bytes


def part_key(name: str) -> str:
    """Give what two names of one part share; some programs write the separators of Windows."""
    return name.replace("\\", "/").lstrip("/").lower()


class _Entry(NamedTuple):
    """An entry and what stands in the archive for it."""

    info: ZipInfo
    local_extra: bytes
    packed: bytes


def rewritten(data: bytes, contents: Mapping[str, bytes]) -> bytes:
    """Write the archive with these contents, which replace those of the same name or are added.

    Raises ReadError when an entry that is to be kept lies outside of the archive.
    """
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as archive:
        infos, comment = archive.infolist(), archive.comment
    if sum(info.compress_size for info in infos) > len(data):
        raise _damaged()
    try:
        return _written(_entries(data, infos, contents), comment)
    except StructError as error:
        raise _damaged() from error  # a size or date that no archive can hold


def _written(entries: Iterator[_Entry], comment: bytes) -> bytes:
    out = bytearray()
    directory = bytearray()
    count = 0
    for entry in entries:
        at = len(out)
        out += _local(entry)
        out += entry.packed
        directory += _central(entry, at)
        count += 1
    at = len(out)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, len(comment))
    return bytes(out + directory + end + comment)


def _entries(data: bytes, infos: list[ZipInfo], contents: Mapping[str, bytes]) -> Iterator[_Entry]:
    """List the entries in the old order, then the new ones."""
    from zipfile import ZipInfo

    waiting = {part_key(name): (name, content) for name, content in contents.items()}
    for info in infos:
        _, content = waiting.pop(part_key(info.filename), (None, None))
        kept = _kept(data, info)
        yield kept if content is None else _exchanged(kept, content)
    for name, content in waiting.values():
        info = ZipInfo(name, _NEW_DATE)
        info.create_system = 0  # otherwise the system that this runs on
        yield _exchanged(_Entry(info, b"", b""), content)


def _kept(data: bytes, info: ZipInfo) -> _Entry:
    at = info.header_offset
    if not 0 <= at <= len(data) - _LOCAL.size:
        raise _damaged()
    mark, *_, name_bytes, extra_bytes = _LOCAL.unpack_from(data, at)
    start = at + _LOCAL.size + name_bytes
    packed = data[start + extra_bytes : start + extra_bytes + info.compress_size]
    if mark != b"PK\3\4" or len(packed) != info.compress_size:
        raise _damaged()
    return _Entry(info, data[start : start + extra_bytes], packed)


def _exchanged(entry: _Entry, content: bytes) -> _Entry:
    import zlib

    info = entry.info
    press = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = press.compress(content) + press.flush()
    info.compress_type = _DEFLATED
    info.flag_bits &= _UTF_8
    info.extract_version = max(info.extract_version, _VERSION)
    info.CRC, info.file_size, info.compress_size = zlib.crc32(content), len(content), len(packed)
    return entry._replace(packed=packed)


def _local(entry: _Entry) -> bytes:
    info = entry.info
    name, extra = _name(info), _without_sizes(entry.local_extra)
    header = _LOCAL.pack(
        b"PK\3\4", info.extract_version, info.flag_bits & ~_SIZES_FOLLOW, info.compress_type,
        *_dos_time(info), info.CRC, info.compress_size, info.file_size, len(name), len(extra),
    )  # fmt: skip
    return header + name + extra


def _central(entry: _Entry, at: int) -> bytes:
    info = entry.info
    name, extra = _name(info), _without_sizes(info.extra)
    header = _CENTRAL.pack(
        b"PK\1\2", info.create_version, info.create_system, info.extract_version, info.reserved,
        info.flag_bits & ~_SIZES_FOLLOW, info.compress_type, *_dos_time(info), info.CRC,
        info.compress_size, info.file_size, len(name), len(extra), len(info.comment), 0,
        info.internal_attr, info.external_attr, at,
    )  # fmt: skip
    return header + name + extra + info.comment


def _name(info: ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437")


def _dos_time(info: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_sizes(extra: bytes) -> bytes:
    """Leave out the field of 64-bit sizes: those in the header are true and enough."""
    kept = bytearray()
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return bytes(kept + extra[at:])


def _damaged() -> ReadError:
    return ReadError(
        "the file is damaged: its list of parts names one that is not there; "
        "open it in Word and save it again"
    )
