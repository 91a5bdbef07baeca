"""PDFs that people handed in. PDFium serves one thread at a time: whatever reads one in this process waits its turn here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import pypdfium2

_TURN = RLock()


@contextmanager
def opened_pdf(source: Path | bytes) -> Iterator[pypdfium2.PdfDocument | None]:
    """A document, closed afterwards; None where it is no PDF, is damaged, under a password or not there."""
    with _TURN:
        try:
            document = pypdfium2.PdfDocument(source)
        except (pypdfium2.PdfiumError, OSError):
            yield None
            return
        try:
            yield document
        finally:
            document.close()


def texts_of_pages(document: pypdfium2.PdfDocument, most: int) -> Iterator[str]:
    """The text of each page, of the first ``most``."""
    for number in range(min(len(document), most)):
        yield document[number].get_textpage().get_text_bounded()
