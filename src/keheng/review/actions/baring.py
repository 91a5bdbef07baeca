"""Files are laid down once more without what was noted in them, for judges who must not learn where they come from."""

from __future__ import annotations

from io import BytesIO

from keheng.kernel.files import OFFICE_KINDS, Limits
from keheng.kernel.uploads.receiving import store
from keheng.review.rules.bareness.contents import bared

_KINDS = Limits(400 << 20, frozenset({"image/jpeg", "image/png", "application/pdf", "application/zip", *OFFICE_KINDS}))


def bare(digest: str) -> str | None:
    """The digest of a kept file without notes and authors; the same where it has none; None where it is not there or cannot be opened."""
    path = store().path(digest)
    content = path.read_bytes() if path.is_file() else None
    without = None if content is None else bared(content)
    if without is None or without == content:
        return None if without is None else digest
    return store().keep(BytesIO(without), _KINDS).digest
