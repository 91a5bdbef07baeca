"""Which files editors may attach, and where they go."""

from __future__ import annotations

from keheng.kernel.files import MAGIC, Limits
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.places import Place
from keheng.portal.rules.content import WRITE

_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = frozenset(
    {
        MAGIC[b"%PDF-"],
        "image/png",
        "image/jpeg",
        "text/plain",
        "application/zip",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.presentationml.presentation",
    }
)
PICTURES = frozenset({"image/png", "image/jpeg"})


def may_attach(actor: Principal) -> bool:
    """Whether somebody may upload attachments."""
    return actor.may(WRITE)


def may_import(actor: Principal) -> bool:
    """Whether somebody may upload the file that shows the figures of pushes."""
    return actor.may("portal.push.import")


ATTACHMENTS = Place("portal.attachment", Limits(50 * 1024 * 1024, DOCUMENTS), may_attach)
PUSHES = Place("portal.push", Limits(20 * 1024 * 1024, DOCUMENTS), may_import)
