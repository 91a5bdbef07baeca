"""Questions as values: read from a definition or from lines that staff type, and answers checked against them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.kernel.spoken import Translated
from keheng.portal.enums.surveys import QuestionKind

K = QuestionKind
CHINESE = "zh-hans"
SCALE = range(1, 6)
SATISFIED = 4
LONGEST_TEXT = 1000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_SATISFACTION = "满意度"
_CHOOSING = frozenset({K.SINGLE, K.MULTIPLE})
_LEAST_OPTIONS = 2
_LARGEST = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its words by language; ``satisfaction`` marks a scale that counts as satisfaction."""

    code: str
    kind: QuestionKind
    texts: Mapping[str, str]
    options: tuple[Mapping[str, str], ...] = ()
    satisfaction: bool = False

    def text(self, language: str = CHINESE) -> str:
        """The question in a language, in Chinese where nobody translated it."""
        return _said(self.texts, language)

    def labels(self, language: str = CHINESE) -> list[str]:
        """The options in a language."""
        return [_said(option, language) for option in self.options]


def _said(words: Mapping[str, str], language: str) -> str:
    translated = words.get(language)
    return Translated(translated) if translated else words[CHINESE]


def questions_from(content: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions of their JSON, as a definition holds them; raises KeyError or ValueError for what is none."""
    return tuple(
        Question(one["code"], K(one["kind"]), one["texts"], tuple(one.get("options", ())), bool(one.get("satisfaction", False)))
        for one in content
    )


def questions_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions as they are kept."""
    return [
        {"code": one.code, "kind": str(one.kind), "texts": dict(one.texts), "options": [dict(option) for option in one.options],
         "satisfaction": one.satisfaction}
        for one in questions
    ]  # fmt: skip


def read_lines(text: str) -> tuple[tuple[Question, ...], list[Problem]]:
    """Questions of lines ``单选 code 题目 选项 / 选项``, and everything wrong with them; ``满意度`` marks satisfaction."""
    found: list[Question] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split(maxsplit=3)
        if not parts:
            continue
        kind = K.SCALE if parts[0] == _SATISFACTION else next((one for one in K if one.label == parts[0]), None)
        options = [option.strip() for option in parts[3].split("/")] if len(parts) > 3 else []  # noqa: PLR2004 -- kind, code, question, options
        wrong = _line_problems(kind, parts, options, number)
        problems += wrong
        if kind is not None and not wrong:
            said = tuple({CHINESE: option} for option in options)
            found.append(Question(parts[1], kind, {CHINESE: parts[2]}, said, parts[0] == _SATISFACTION))
    codes = [one.code for one in found]
    if len(set(codes)) < len(codes):
        problems.append(problem("SUR_CODE_TWICE", "questions"))
    if not found and not problems:
        problems.append(problem("SUR_NO_QUESTION", "questions"))
    return tuple(found), problems


def _line_problems(kind: QuestionKind | None, parts: Sequence[str], options: Sequence[str], line: int) -> list[Problem]:
    chooses = kind in _CHOOSING
    if kind is None or len(parts) < 3 or not _CODE.fullmatch(parts[1]) or (options and not chooses):  # noqa: PLR2004 -- kind, code, question
        return [problem("SUR_LINE", "questions", line=line)]
    if chooses and (len(options) < _LEAST_OPTIONS or not all(options) or len(set(options)) < len(options)):
        return [problem("SUR_OPTIONS", "questions", line=line)]
    return []


def written_lines(questions: Sequence[Question]) -> str:
    """Questions as lines, in Chinese; reading them gives the same questions where no other language is told."""
    return "\n".join(
        " ".join(filter(None, [_SATISFACTION if one.satisfaction else str(one.kind.label), one.code, one.text(), " / ".join(one.labels())]))
        for one in questions
    )


def checked(questions: Sequence[Question], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What was answered, typed, and everything wrong with it; what was left out is left out. Satisfaction must be answered."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for one in questions:
        value = given.get(one.code)
        if value in (None, "", []):
            if one.satisfaction:
                problems.append(problem("SUR_MISSING", one.code))
            continue
        try:
            found[one.code] = _typed(one, value)
        except (ValueError, TypeError, InvalidOperation):
            problems.append(problem("SUR_VALUE", one.code))
    if not found and not problems:
        problems.append(problem("SUR_EMPTY"))
    return found, problems


def _typed(one: Question, value: Any) -> Any:
    """The value of an answer; raises ValueError for one that the question does not allow."""
    if one.kind is K.TEXT:
        return str(value).strip()[:LONGEST_TEXT]
    if one.kind is K.NUMBER:
        number = Decimal(str(value))
        return str(_within(number.is_finite() and 0 <= number <= _LARGEST, number))
    if one.kind is K.SCALE:
        return _within(int(value) in SCALE, int(value))
    if one.kind is K.SINGLE:
        return _within(0 <= int(value) < len(one.options), int(value))
    chosen = sorted({int(item) for item in value})
    return _within(all(0 <= item < len(one.options) for item in chosen), chosen)


def _within(allowed: bool, value: Any) -> Any:  # noqa: FBT001 -- a condition beside what it allows
    if not allowed:
        raise ValueError("not allowed")
    return value
