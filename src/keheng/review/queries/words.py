"""The words of a text that is compared: an answer's own, or what can be read in a document."""

from __future__ import annotations

import pypdfium2

from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load_file
from keheng.kernel.uploads.receiving import store
from keheng.matters.service import HeldText

_PAGES = 300


def words_of(held: HeldText) -> str:
    """'' for a document without text, such as a picture or a scan: what it shows is compared with nothing."""
    if not held.file:
        return held.words
    path = store().path(held.file)
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError):
        return _of_office_file(held)
    try:
        return "\n".join(document[number].get_textpage().get_text_bounded() for number in range(min(len(document), _PAGES)))
    finally:
        document.close()


def _of_office_file(held: HeldText) -> str:
    try:
        return "\n".join(line.text for line in load_file(store().path(held.file), held.name).lines)
    except UnreadableError:
        return ""
