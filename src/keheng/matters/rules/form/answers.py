"""All answers together: formulas computed, hidden questions left out, everything wrong told at once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from jsonschema_rs import Draft202012Validator

from keheng.kernel.credit_code import problems_of as code_problems
from keheng.kernel.errors import Problem, problem
from keheng.kernel.logic import Rule, Trace, Truth
from keheng.matters.rules.files.parts import Clause, FormField, Matter
from keheng.matters.rules.form.currencies import foreign_currency
from keheng.matters.rules.form.schema import schema_of
from keheng.matters.rules.form.values import computed, fact, taken

Answers = Mapping[str, Any]
Facts = dict[str, Any]
_WANTED = {
    "integer": ("整数", "a whole number", "整数", "정수"),
    "decimal": ("数字", "a number", "数", "수"),
    "money": ("金额（元，至多两位小数）", "an amount in yuan", "金額（元、小数は 2 桁まで）", "금액(위안, 소수 둘째 자리까지)"),
    "date": ("日期，如 2026-09-28", "a date such as 2026-09-28", "2026-09-28 のような日付", "2026-09-28과 같은 날짜"),
    "yesno": ("是或否", "yes or no", "「はい」か「いいえ」", "예 또는 아니요"),
    "email": ("电子邮箱", "an e-mail address", "メールアドレス", "이메일 주소"),
    "phone": ("电话号码", "a telephone number", "電話番号", "전화번호"),
}
_BOUNDS = {
    "minimum": ("不小于", "at least", "以上", "이상"),
    "maximum": ("不大于", "at most", "以下", "이하"),
    "minLength": ("不少于（字）", "at least (characters)", "文字以上", "자 이상"),
    "maxLength": ("不超过（字）", "at most (characters)", "文字以内", "자 이내"),
    "minItems": ("不少于（行）", "at least (rows)", "行以上", "행 이상"),
    "maxItems": ("不超过（行）", "at most (rows)", "行以内", "행 이내"),
}
_FEN_A_YUAN = 100


def take(fields: Sequence[FormField], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of what was typed, for the fields that were on the page; formulas are never taken."""
    return {field.id: taken(field, typed[field.id]) for field in fields if field.id in typed and field.formula is None}


def settled(fields: Sequence[FormField], answers: Answers, today: date) -> dict[str, Any]:
    """The answers with every formula computed anew, without empty ones."""
    made = {name: value for name, value in answers.items() if value is not None}
    for field in fields:
        if field.type == "table" and isinstance(made.get(field.id), list):
            made[field.id] = [settled(field.cols, row, today) for row in made[field.id]]
        elif field.formula is not None:
            made.pop(field.id, None)
            value = computed(field, field.formula(_facts(fields, made, today)))
            if value is not None:
                made[field.id] = value
    return made


def _facts(fields: Sequence[FormField], answers: Answers, today: date) -> Facts:
    return {"today": today} | {field.id: fact(field, answers[field.id]) if field.id in answers else None for field in fields}


def facts_of(matter: Matter, answers: Answers, today: date) -> Facts:
    """What rules know: the answers to questions that are asked, those of moves, and today."""
    facts = _facts((*matter.asked, *matter.fields), answers, today)
    for field in matter.fields:
        if field.show is not None and not is_shown(field, facts):
            facts[field.id] = None
    return facts


def is_shown(field: FormField, facts: Facts) -> bool:
    """Whether a question is asked; not as long as what it depends on is unknown."""
    return field.show is None or field.show(facts) is Truth.MET


def is_required(field: FormField, facts: Facts) -> bool:
    """Whether a question that is asked must be answered."""
    wanted = field.required
    return (wanted(facts) is Truth.MET) if isinstance(wanted, Rule) else wanted


def form_problems(matter: Matter, answers: Answers, today: date) -> list[Problem]:
    """Everything wrong with the answers to the form."""
    return problems_of(matter.fields, answers, facts_of(matter, answers, today))


def problems_of(fields: Sequence[FormField], answers: Answers, facts: Facts) -> list[Problem]:
    """Everything wrong with answers to those questions that are asked, in their order."""
    asked = [field for field in fields if is_shown(field, facts)]
    order = {field.id: number for number, field in enumerate(asked)}
    given = {name: value for name, value in answers.items() if name in order}
    found = [*_of_schema(fields, given), *_of_rules(asked, given, facts)]
    return sorted(found, key=lambda one: order[one.field.partition("-")[0]])


_validators: dict[int, tuple[Sequence[FormField], Draft202012Validator]] = {}


def _validator(fields: Sequence[FormField]) -> Draft202012Validator:
    """The validator of a part of a file: parts live as long as their file, and are known by which they are."""
    known = _validators.get(id(fields))
    if known is None or known[0] is not fields:
        known = _validators[id(fields)] = (fields, Draft202012Validator(schema_of(fields), validate_formats=True))
    return known[1]


def _of_schema(fields: Sequence[FormField], answers: Answers) -> Iterator[Problem]:
    by_id = {field.id: field for field in fields}
    for error in _validator(fields).iter_errors(dict(answers)):
        path, kind = list(error.instance_path), error.kind.name
        if kind == "required":
            continue
        field = by_id[str(path[0])]
        if len(path) > 2:  # noqa: PLR2004 -- field, row, column
            field = next((col for col in field.cols if col.id == path[2]), field)
        yield _told(field, "-".join(map(str, path)), kind, error)


def _told(field: FormField, place: str, kind: str, error: Any) -> Problem:
    if kind in _BOUNDS:
        zh, en, ja, ko = _BOUNDS[kind]
        bound = Decimal(error.kind.limit) / _FEN_A_YUAN if field.type == "money" else error.kind.limit
        return problem("MATTER_RANGE", place, label=field.label, zh=zh, en=en, ja=ja, ko=ko, bound=bound)
    if field.options:
        return problem("MATTER_OPTION", place, label=field.label)
    currency = foreign_currency(error.instance) if field.type == "money" and isinstance(error.instance, str) else None
    if currency is not None:
        zh, en, ja, ko = currency
        return problem("MATTER_CURRENCY", place, label=field.label, zh=zh, en=en, ja=ja, ko=ko)
    zh, en, ja, ko = _WANTED.get(field.type, ("文字", "text", "文字", "글자"))
    return problem("MATTER_TYPE", place, label=field.label, zh=zh, en=en, ja=ja, ko=ko)


def _of_rules(asked: Sequence[FormField], answers: Answers, facts: Facts) -> Iterator[Problem]:
    for field in asked:
        value = answers.get(field.id)
        if value is None:
            if field.formula is None and is_required(field, facts):
                yield problem("MATTER_REQUIRED", field.id, label=field.label)
            continue
        yield from _of_value(field, field.id, value)
        if field.check is not None and field.check(facts) is Truth.UNMET:
            yield problem("MATTER_CHECK", field.id, label=field.label, say=field.say)
        rows = value if field.type == "table" and isinstance(value, list) else []
        for number, row in enumerate(rows):
            for one in _of_rules(field.cols, row, {"today": facts["today"], **facts[field.id][number]}):
                yield problem_at(one, f"{field.id}-{number}-{one.field}", number + 1)


def problem_at(one: Problem, place: str, row: int) -> Problem:
    """The same problem in a row of a table, counted from 1."""
    japanese, korean = one.ja and f"{row} 行目：{one.ja}", one.ko and f"{row}행: {one.ko}"
    return replace(one, field=place, zh=f"第 {row} 行：{one.zh}", en=f"row {row}: {one.en}", ja=japanese, ko=korean)


def _of_value(field: FormField, place: str, value: Any) -> Iterator[Problem]:
    """What a schema cannot say of one value: check digits, bounds of decimals."""
    if field.type == "credit_code" and isinstance(value, str):
        yield from code_problems(value, place)[:1]
    if field.type == "id_number" and isinstance(value, str) and not sound_id_number(value):
        yield problem("MATTER_ID_NUMBER", place, label=field.label)
    if field.type == "decimal":
        number = fact(field, value)
        wrong = number is not None and [
            (kind, bound) for kind, bound, beyond in (("minimum", field.min, operator.lt), ("maximum", field.max, operator.gt))
            if bound is not None and beyond(number, bound)
        ]  # fmt: skip
        for kind, bound in wrong or ():
            zh, en, ja, ko = _BOUNDS[kind]
            yield problem("MATTER_RANGE", place, label=field.label, zh=zh, en=en, ja=ja, ko=ko, bound=bound)


def sound_id_number(number: str) -> bool:
    """Whether an identity number has 18 characters with the check digit of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    first, last = number[:17], number[17:].upper()
    if len(first) != 17 or not (first.isascii() and first.isdigit()):  # noqa: PLR2004 -- digits before the check digit
        return False
    return last == "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first)) % 11]


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause of eligibility with what is known of it."""

    clause: Clause
    trace: Trace


def eligibility(matter: Matter, facts: Facts) -> list[Judged]:
    """Every clause: met, unmet or unknown, and why."""
    return [Judged(clause, clause.rule.explain(facts)) for clause in matter.eligible]


def eligibility_problems(matter: Matter, facts: Facts) -> list[Problem]:
    """Clauses that are not met, and those that cannot be judged yet with what is missing."""
    found = []
    for number, judged in enumerate(eligibility(matter, facts)):
        say, truth = judged.clause.say, judged.trace.truth
        if truth is Truth.UNMET:
            found.append(problem("MATTER_NOT_ELIGIBLE", f"eligible-{number}", say=say, art=judged.clause.art or "—"))
        elif truth is Truth.UNKNOWN:
            labels = [matter.by_id[name].label for name in judged.trace.missing if name in matter.by_id]
            found.append(problem("MATTER_NOT_JUDGED", f"eligible-{number}", say=say, missing="、".join(labels) or "—"))
    return found


def material_problems(matter: Matter, facts: Facts, held: Mapping[str, int], waived: Callable[[str], bool]) -> list[Problem]:
    """Materials that are needed, not waived, and not all there; ``held`` counts the files of each."""
    found = []
    for material in matter.materials:
        count = held.get(material.id, 0)
        if count > material.max:
            found.append(problem("MATTER_MATERIAL_MANY", f"material-{material.id}", title=material.title, most=material.max))
        if not material_needed(matter, material.id, facts) or count >= material.min:
            continue
        if material.waive is None or not waived(material.waive):
            found.append(problem("MATTER_MATERIAL", f"material-{material.id}", title=material.title, least=material.min))
    return found


def material_needed(matter: Matter, name: str, facts: Facts) -> bool:
    """Whether a material must be handed in, as far as is known."""
    need = next(one.need for one in matter.materials if one.id == name)
    return need(facts) is Truth.MET if isinstance(need, Rule) else need == "always"
