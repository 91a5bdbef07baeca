"""Chinese text for full-text search without a dictionary: every Han character a token, other words whole, Latin letters without marks.

The index holds ``index_text``; a search for adjoining characters is a phrase. SQLite (FTS5, tokenizer unicode61) and PostgreSQL
(configuration simple) both find exactly the texts that contain the characters one after the other. Punctuation and line ends
between characters do not count, so that words broken by a line end are found.
"""

from __future__ import annotations

import re
import unicodedata

from keheng.kernel.latin import unmarked

# Longer runs are data (hashes, encoded files), not words; PostgreSQL refuses lexemes above 2 kB.
_LONGEST = 64
# Han with its extensions and marks, kana, bopomofo, hangul, and the private use area where old systems keep rare names.
_SINGLE = (
    "\u1100-\u11ff\u3005\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\ue000-\uf8ff\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_RUN = re.compile(rf"[{_SINGLE}]+|[^\W_{_SINGLE}]+")
_IS_SINGLE = re.compile(rf"[{_SINGLE}]")


def _runs(text: str) -> list[list[str]]:
    """Adjoining characters of the split scripts are one run of several tokens, any other word a run of one."""
    found = _RUN.findall(unmarked(unicodedata.normalize("NFKC", text).lower()))
    return [list(run) if _IS_SINGLE.match(run) else [run[:_LONGEST]] for run in found]


def _last_ascii(runs: list[list[str]]) -> int:
    """Place of the last word in ASCII, which may still be being typed; -1 when there is none."""
    return max((place for place, run in enumerate(runs) if run[0].isascii()), default=-1)


def tokens(text: str) -> list[str]:
    """Tokens of a text in their order: single Han, kana and hangul characters, other words in lower case, Latin without marks; NFKC."""
    return [token for run in _runs(text) for token in run]


def index_text(text: str) -> str:
    """What the index stores: the tokens joined by blanks."""
    return " ".join(tokens(text))


def fts5_query(text: str) -> str:
    """Query for SQLite FTS5: all runs must occur, each as a phrase, the last ASCII word as a prefix; '' when nothing is asked.

    Tokens hold only letters, digits and characters and stand in quotes: nothing typed can break or change the query.
    """
    runs = _runs(text)
    last = _last_ascii(runs)
    return " AND ".join(f'"{" ".join(run)}"{"*" if place == last else ""}' for place, run in enumerate(runs))


def tsquery(text: str) -> str:
    """The same for PostgreSQL, to be cast with ``::tsquery`` or given to ``to_tsquery('simple', ...)``; '' when nothing is asked.

    PostgreSQL keeps positions up to 16,383: phrases beyond are not found in one text, so long texts are indexed in parts.
    """
    runs = _runs(text)
    last = _last_ascii(runs)
    return " & ".join(" <-> ".join(f"'{token}'" for token in run) + (":*" if place == last else "") for place, run in enumerate(runs))
