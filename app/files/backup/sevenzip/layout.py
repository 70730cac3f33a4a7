"""The headers of a 7z archive as bytes, written and read as 7-Zip's `7zFormat.txt` tells.

Only what backups need: packed streams with their CRCs, folders of one or two coders in a
row, and the facts of files. A "folder" is 7z's word for what is packed together; here it
is called a block.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.core.backup.manifest import Block
from app.files.backup.sevenzip.codecs import crc32, pack_pieces

SIGNATURE = b"7z\xbc\xaf\x27\x1c\x00\x04"
SIGNATURE_SIZE = 32
EPOCH = 116_444_736_000_000_000  # of Windows file times, in 100 ns, where ours begin

(END, HEADER, STREAMS, FILES, PACK_INFO, UNPACK_INFO, SUB_STREAMS, SIZE, CRC) = (
    0x00, 0x01, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A,
)  # fmt: skip
(FOLDER, UNPACK_SIZES, STREAM_COUNTS, EMPTY_STREAM, EMPTY_FILE, NAMES, MTIME, ATTRIBUTES) = (
    0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x11, 0x14, 0x15,
)  # fmt: skip
ENCODED_HEADER = 0x17
_IDS = {"copy": b"\x00", "deflate": b"\x04\x01\x08", "lzma2": b"\x21", "aes": b"\x06\xf1\x07\x01"}
_NAMES = {code: name for name, code in _IDS.items()}
_FOLDER_BIT, _FILE_BIT, _UNIX = 0x10, 0x20, 0x8000
_MANY = 1 << 24  # more blocks or coders than any archive of ours has


class Member(Struct, frozen=True):
    """One file as the archive's own list has it; ``crc`` is of its bytes, unpacked."""

    name: str
    size: int = 0
    mtime_ns: int = 0
    mode: int = 0o644
    crc: int = 0
    folder: bool = False


class Filled(Struct, frozen=True):
    """One block and the members in it, in their order."""

    block: Block
    members: tuple[Member, ...]


def number(value: int) -> bytes:
    """Write 7z's number of variable length: as many leading ones as bytes follow."""
    for extra in range(8):
        if value < 1 << (7 * (extra + 1)):
            first = (0xFF00 >> extra) & 0xFF | value >> (8 * extra)
            return bytes((first,)) + (value & ((1 << (8 * extra)) - 1)).to_bytes(extra, "little")
    return b"\xff" + value.to_bytes(8, "little")


def signature(header: bytes, offset: int) -> bytes:
    """Write the first 32 bytes: where the header is, and its CRC."""
    start = struct.pack("<QQI", offset - SIGNATURE_SIZE, len(header), crc32(header))
    return SIGNATURE + struct.pack("<I", crc32(start)) + start


def encoded_header(header: bytes | bytearray, offset: int, effort: int) -> tuple[bytes, bytes]:
    """Pack a header; answer the packed bytes, to stand at ``offset``, and what leads to them."""
    packed = pack_pieces((header,), effort)
    block = Block("deflate", offset, len(packed.data), packed.size, crc32(packed.data))
    return packed.data, leader(block, packed.crc)


def leader(block: Block, crc: int) -> bytes:
    """Write what leads to a packed header: its block, and the CRC-32 of it unpacked."""
    start = bytes((ENCODED_HEADER,)) + _pack_info([block]) + _unpack_info([block])
    return start[:-1] + bytes((CRC, 1)) + struct.pack("<I", crc) + b"\0\0"


def header(filled: Sequence[Filled], empty: Sequence[Member]) -> bytearray:
    """Write the whole header: blocks, the members in them, and those without bytes."""
    blocks = [each.block for each in filled]
    out = bytearray((HEADER,))
    if blocks:
        out.append(STREAMS)
        out += _pack_info(blocks) + _unpack_info(blocks) + _sub_streams(filled) + b"\0"
    _add_files(out, [member for each in filled for member in each.members], empty)
    out.append(END)
    return out


def _pack_info(blocks: Sequence[Block]) -> bytes:
    first = blocks[0].position - SIGNATURE_SIZE
    sizes = b"".join(number(block.packed) for block in blocks)
    crcs = struct.pack(f"<{len(blocks)}I", *(block.crc for block in blocks))
    start = bytes((PACK_INFO,)) + number(first) + number(len(blocks))
    return start + bytes((SIZE,)) + sizes + bytes((CRC, 1)) + crcs + b"\0"


def _unpack_info(blocks: Sequence[Block]) -> bytes:
    folders = b"".join(_folder(block.coders) for block in blocks)
    sizes = b"".join(number(size) for block in blocks for size in _sizes(block))
    start = bytes((UNPACK_INFO, FOLDER)) + number(len(blocks)) + b"\0"
    return start + folders + bytes((UNPACK_SIZES,)) + sizes + b"\0"


def _sizes(block: Block) -> list[int]:
    """Answer how much comes out of each coder, the outermost first."""
    spelled = [coder.split(":") for coder in block.coders.split("+")]
    return [int(each[2]) if each[0] == "aes" else block.size for each in spelled]


def _folder(coders: str) -> bytes:
    """Write the coders of a block, each of which takes what the one before it gives."""
    chain = coders.split("+")
    bound = b"".join(bytes((place + 1, place)) for place in range(len(chain) - 1))
    return bytes((len(chain),)) + b"".join(_coder(each) for each in chain) + bound


def _coder(spelled: str) -> bytes:
    name, _, rest = spelled.partition(":")
    code = _IDS[name]
    if not rest:
        return bytes((len(code),)) + code
    properties = bytes.fromhex(rest.split(":")[0]) if name == "aes" else bytes((int(rest),))
    return bytes((0x20 | len(code),)) + code + number(len(properties)) + properties


def _sub_streams(filled: Sequence[Filled]) -> bytes:
    counts = b"".join(number(len(each.members)) for each in filled)
    sizes = b"".join(number(one.size) for each in filled for one in each.members[:-1])
    crcs = [one.crc for each in filled for one in each.members]
    start = bytes((SUB_STREAMS, STREAM_COUNTS)) + counts
    middle = bytes((SIZE,)) + sizes if sizes else b""
    return start + middle + bytes((CRC, 1)) + struct.pack(f"<{len(crcs)}I", *crcs) + b"\0"


def _add_files(out: bytearray, members: Sequence[Member], empty: Sequence[Member]) -> None:
    """Write the facts of all members, in place: there may be hundreds of thousands."""
    all_of_them = [*members, *empty]
    count = len(all_of_them)
    out.append(FILES)
    out += number(count)
    if empty:
        out += _property(EMPTY_STREAM, _bits([False] * len(members) + [True] * len(empty)))
        out += _property(EMPTY_FILE, _bits([not each.folder for each in empty]))
    length = sum(len(each.name.encode("utf-16-le")) + 2 for each in all_of_them)
    out += bytes((NAMES,)) + number(length + 1) + b"\0"
    for each in all_of_them:
        out += each.name.encode("utf-16-le") + b"\0\0"
    times = struct.pack(f"<{count}Q", *(_file_time(each) for each in all_of_them))
    out += _property(MTIME, b"\1\0" + times)
    facts = struct.pack(f"<{count}I", *(_attributes(each) for each in all_of_them))
    out += _property(ATTRIBUTES, b"\1\0" + facts)
    out.append(END)


def _property(code: int, data: bytes) -> bytes:
    return bytes((code,)) + number(len(data)) + data


def _bits(flags: Iterable[bool]) -> bytes:
    """Write booleans, eight a byte, the first in the highest bit."""
    text = "".join("1" if flag else "0" for flag in flags)
    length = (len(text) + 7) // 8
    return int(text.ljust(length * 8, "0"), 2).to_bytes(length, "big")


def _file_time(member: Member) -> int:
    return min(max(member.mtime_ns // 100 + EPOCH, 0), (1 << 63) - 1)


def _attributes(member: Member) -> int:
    kind, bit = (0o040000, _FOLDER_BIT) if member.folder else (0o100000, _FILE_BIT)
    return ((kind | member.mode & 0o7777) << 16 | _UNIX | bit) & 0xFFFFFFFF
