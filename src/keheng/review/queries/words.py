"""The words of a text that is compared: an answer's own, or what can be read in a document."""

from __future__ import annotations

from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load_file
from keheng.kernel.uploads.pdfs import opened_pdf, texts_of_pages
from keheng.kernel.uploads.receiving import store
from keheng.matters.service import HeldText

_PAGES = 300


def words_of(held: HeldText) -> str:
    """'' for a document without text, such as a picture or a scan: what it shows is compared with nothing."""
    if not held.file:
        return held.words
    with opened_pdf(store().path(held.file)) as document:
        if document is not None:
            return "\n".join(texts_of_pages(document, _PAGES))
    try:
        return "\n".join(line.text for line in load_file(store().path(held.file), held.name).lines)
    except UnreadableError:
        return ""
