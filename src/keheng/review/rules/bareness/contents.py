"""A file of any kind as blind judges get it: each kind has its own way to be bared."""

from __future__ import annotations

from keheng.review.rules.bareness.office import bare_zip
from keheng.review.rules.bareness.pdfs import bare_pdf
from keheng.review.rules.bareness.pictures import bare_picture

_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
# Packed otherwise, old or under a password: Word 97, 7z, RAR. Nobody looks into these.
_CLOSED = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"7z\xbc\xaf\x27\x1c", b"Rar!")


def bared(content: bytes) -> bytes | None:
    """The file without notes, properties and names of authors; None where it cannot be opened: damaged, encrypted, packed too big or old.

    What a document says stays as it is. Files of other kinds, such as plain text, have nothing beside their content and stay too.
    """
    if content.startswith(_PDF):
        return bare_pdf(content)
    if content.startswith(_ZIP):
        return bare_zip(content)
    return None if content.startswith(_CLOSED) else bare_picture(content)
