"""A picture without what was noted beside it: where and when it was taken, by whose camera, its preview, comments, what hangs behind it.

Blind judges get pictures so. The picture itself stays as it is, byte for byte. Of a JPEG remain JFIF, the colour profile and Adobe's
colours (APP14), without which it looks different, and which way is up (EXIF 2.32, tag 0x0112); of a PNG the chunks that draw it.
"""

from __future__ import annotations

from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_JFIF, _EXIF, _PROFILE, _ADOBE, _COMMENT, _SCAN, _END = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xDA, 0xD9
_APPLICATION = range(0xE0, 0xF0)
# Within a scan these follow 0xFF: a stuffed zero, a restart, or filling.
_WITHIN = frozenset({0x00, *range(0xD0, 0xD8), 0xFF})
_DRAWS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split(),
)
_EXIF_HEAD, _PROFILE_HEAD = b"Exif\0\0", b"ICC_PROFILE\0"
_ORIENTATION, _UPRIGHT, _ENTRY = 0x0112, 1, 12
Segment = tuple[int, bytes]


def bare_picture(content: bytes) -> bytes:
    """The picture without its notes; anything but a JPEG or PNG as it is."""
    if content.startswith(_JPEG):
        return _bare_jpeg(content)
    return _bare_png(content) if content.startswith(_PNG) else content


def _bare_jpeg(content: bytes) -> bytes:
    segments = list(_segments(content, 2))
    scan = 2 + sum(4 + len(body) for _, body in segments)
    exif = next((body[6:] for marker, body in segments if marker == _EXIF and body.startswith(_EXIF_HEAD)), b"")
    kept = [_written(one) for one in segments if _looks(one)]
    if (way := _way_up(exif)) != _UPRIGHT:
        # JFIF comes first where it is there.
        kept.insert(1 if segments[0][0] == _JFIF else 0, _written((_EXIF, _EXIF_HEAD + _only_way_up(way))))
    return content[:2] + b"".join(kept) + content[scan : _end_of_picture(content, scan)]


def _looks(one: Segment) -> bool:
    """Whether the picture looks different without a segment."""
    marker, body = one
    if marker == _PROFILE:
        return body.startswith(_PROFILE_HEAD)
    return marker in {_JFIF, _ADOBE} or (marker not in _APPLICATION and marker != _COMMENT)


def _segments(content: bytes, at: int) -> Iterator[Segment]:
    """The segments from a place to the scan, by their markers."""
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:  # noqa: PLR2004 -- a marker and a length
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2 or at + 2 + length > len(content):  # noqa: PLR2004 -- the length counts itself
            return
        yield content[at + 1], content[at + 4 : at + 2 + length]
        at += 2 + length


def _end_of_picture(content: bytes, at: int) -> int:
    """Behind the end of the picture that begins with a scan: cameras hang previews and films behind it."""
    while at + 4 <= len(content):
        at = content.find(b"\xff", at)
        if at < 0 or at + 2 > len(content):
            break
        marker = content[at + 1]
        if marker == _END:
            return at + 2
        # Between scans stand segments with their lengths.
        at += 1 if marker in _WITHIN else 2 + int.from_bytes(content[at + 2 : at + 4])
    return len(content)


def _written(one: Segment) -> bytes:
    marker, body = one
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def _way_up(tiff: bytes) -> int:
    """The orientation that an EXIF block tells, 1 to 8; upright where it tells none."""
    if tiff[:2] not in {b"II", b"MM"}:
        return _UPRIGHT

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if tiff[:2] == b"II" else "big")

    first = number(4, 4)
    entries = [first + 2 + _ENTRY * place for place in range(number(first, 2))]
    found = next((number(entry + 8, 2) for entry in entries if number(entry, 2) == _ORIENTATION), _UPRIGHT)
    return found if found in range(1, 9) else _UPRIGHT


def _only_way_up(way: int) -> bytes:
    """An EXIF block that tells nothing else."""
    entry = _ORIENTATION.to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + way.to_bytes(2) + bytes(2)
    return b"MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + bytes(4)


def _bare_png(content: bytes) -> bytes:
    kept, at, kind = [content[: len(_PNG)]], len(_PNG), b""
    while at + 8 <= len(content) and kind != b"IEND":
        # A length, the kind, the body, a check sum.
        end, kind = at + 12 + int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if kind in _DRAWS:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
