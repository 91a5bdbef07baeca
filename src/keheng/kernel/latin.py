"""Latin letters without their marks, as people type a name whose marks their keyboard lacks: Müller as Muller, Nguyễn as Nguyen.

One letter stays one letter (ß, æ stay as they are). Marks of other scripts belong to their letters and stay: が, й, Thai and Arabic vowels.
"""

from __future__ import annotations

import re
import unicodedata

# Latin-1 letters, Latin Extended-A and B, Latin Extended Additional (Unicode 16, chapter 7.1).
_BLOCKS = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))
# Strokes and a missing dot are part of the letter for Unicode, not for who looks for it.
_STROKED = dict(zip("ĐđÐðŁłØøĦħŦŧƠơƯưı", "DdDdLlOoHhTtOoUui", strict=True))
# Marks that stand alone behind their letter (Combining Diacritical Marks).
_MARKS = "\u0300-\u036f"
_MARKED = re.compile(rf"([A-Za-z])[{_MARKS}]+")


def _table() -> dict[str, str]:
    """Each letter with marks, and the plain one."""
    bases = {chr(code): unicodedata.normalize("NFD", chr(code))[0] for block in _BLOCKS for code in block}
    return {letter: base for letter, base in bases.items() if base.isascii() and base.isalpha()} | _STROKED


MARKED = _table()
_TABLE = str.maketrans(MARKED)
# Letters or marks that may change, for the regular expressions of Python and of PostgreSQL.
SOME_MARKED = f"[\u00c0-\u024f\u1e00-\u1eff{_MARKS}]"


def is_mark(character: str) -> bool:
    """Whether a character is a mark that stands alone behind its letter."""
    return "\u0300" <= character <= "\u036f"


def unmarked(text: str) -> str:
    """The text with plain Latin letters."""
    return text if text.isascii() else _MARKED.sub(r"\1", text.translate(_TABLE))
