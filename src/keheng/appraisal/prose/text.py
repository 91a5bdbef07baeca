"""Plain text functions: tidy up extracted prose, find facts, compare passages."""

from __future__ import annotations

import re
from functools import lru_cache

from keheng.appraisal.numerals import normalise

_TAG = re.compile(r"<[^<>]{1,80}>")
_BLANK = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
_NUMERAL = "[一二三四五六七八九十百千两]"
_NOT_FACTS = re.compile(
    rf"(?:19|20)\d\d年?度?|〔\d+〕\d*号?|\[\d{{4}}\]\d*号?|\d+号文|第?[\d一二三四五六七八九十]+(?:周年|届|次全会|中全会|次会议)|{_NUMERAL}+大(?=精神|报告|$)"
    rf"|(?:^|(?<=[\s。；;,，>]))[（(]?\d{{1,2}}[.、)）](?!\d)|12345|[2-6]G|AI\d|{_NUMERAL}[、.]|\d+次全会|\d{{1,2}}月(?:\d{{1,2}}日)?"
)
_FACT = re.compile(rf"\d|{_NUMERAL}+(?:份|场|次|篇|项|套|期|本|名|家|座|台|部|人|户|辆|件|条|根|处|万|亿)(?!全会)")
_PUNCTUATION = re.compile(r"[\s，,。；;：:、“”\"'（）()<>《》!！?？.\-—]+")
_SENTENCE = re.compile(r"[。；;！!？?\n]")


@lru_cache(maxsize=8_192)
def tidy(text: str) -> str:
    """Prose as one line: tags gone, look-alikes unified, blanks only between Latin words."""
    return _BLANK.sub("", normalise(_TAG.sub(" ", text)))


@lru_cache(maxsize=8_192)
def states_facts(text: str) -> bool:
    """Whether a text holds a number once years, list numbers, sessions and document numbers are set aside."""
    bare = _NOT_FACTS.sub(" ", tidy(text))
    return _FACT.search(bare) is not None


@lru_cache(maxsize=16_384)
def bare_words(text: str) -> str:
    """Text without blanks and punctuation, for comparison."""
    return _PUNCTUATION.sub("", tidy(text))


@lru_cache(maxsize=32_768)
def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def sentences(text: str) -> list[str]:
    """Sentences without punctuation, empty ones left out."""
    return [bare for bare in (bare_words(part) for part in _SENTENCE.split(_TAG.sub("\n", text))) if bare]


def shares_passage(goal: str, account: str, share: float) -> bool:
    """Whether a passage of at least ``share`` of the goal's length stands word for word in the account."""
    goal, account = bare_words(goal), bare_words(account)
    size = max(1, -(-int(len(goal) * share * 1000) // 1000))
    return any(goal[i : i + size] in account for i in range(len(goal) - size + 1))


@lru_cache(maxsize=65_536)
def likeness(name: str, noun: str) -> float:
    """How much of the shorter of two names is found, in order, in the longer one: 0 to 1.

    Both are compared as sequences of characters; a name inside the other counts fully, an accidental scattering little.
    """
    short, long = sorted((name, noun), key=len)
    if not short:
        return 0.0
    if short in long:
        return 1.0
    # The same words in another order (信息报送, 报送信息) are the same thing.
    common = len(short) if set(short) <= set(long) else _common_subsequence(short, long)
    pairs = bigrams(short)
    together = len(pairs & bigrams(long)) / len(pairs) if pairs else 0.0
    return (common / len(short) + together) / 2


def _common_subsequence(a: str, b: str) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]
