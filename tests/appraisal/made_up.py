"""Made-up forms for tests: a full, faultless form to start from, and words to say what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keheng.appraisal.auditing import rules
from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.registry import FORM_RULES, Context
from keheng.appraisal.model import BLANK, Cell, Column, EvaluationForm, FundLine, Funds, Row
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.policy import choose_policy, load_policy
from keheng.appraisal.quantity import parse_quantity
from keheng.appraisal.reading.funds import money
from keheng.appraisal.scoring.engine import score

# Importing the package registers every rule.
REGISTERED = rules.__all__
COLUMNS = frozenset({Column.LEVEL1, Column.LEVEL2, Column.NAME, Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE, Column.REASON})


def cell(text: str) -> Cell:
    """A cell with the number it holds, if it holds one."""
    return Cell(text, value=plain_number(text)) if text else BLANK


def row(
    name: str = "开放实验室课程", target: str = "≥10次", actual: str = "12次", weight: str = "30", score: str | None = None, **more: Any
) -> Row:
    """One indicator row; the score is full unless given; further fields by name, texts become cells."""
    fields = {key: cell(value) if isinstance(value, str) else value for key, value in more.items()}
    fields.setdefault("level1", cell("产出指标"))
    fields.setdefault("level2", cell("数量指标"))
    printed = weight if score is None else score
    return Row(0, cell(name), target=cell(target), actual=cell(actual), weight=cell(weight), score=cell(printed), **fields)


def fund_line(
    initial: str = "",
    annual: str = "",
    executed: str = "",
    rate: str = "",
    weight: str = "",
    score: str = "",
    unit: str = "元",
    label: str = "",
) -> FundLine:
    """A line of the funds table as the reader builds it."""
    amounts = [money(cell(text), unit) if text else None for text in (initial, annual, executed)]
    percent = Cell(rate, value=parse_quantity(rate).value) if rate else BLANK
    return FundLine(cell(label), amounts[0], amounts[1], amounts[2], cell(weight), percent, cell(score))


FULL = fund_line("200000.00", "200000.00", "190000.00", "95.00%", "10", "9.50", label="年度资金总额")


def form(*rows: Row, total: FundLine = FULL, parts: tuple[FundLine, ...] = (), unit: str = "元", **more: Any) -> EvaluationForm:
    """A form of a fictional agency with three rows of 30 points unless rows are given; further fields by name."""
    chosen = rows or (row(), row("借阅读者", "≥500人", "600人"), row("设备完好率", "≥90%", "97.5%"))
    numbered = tuple(replace(each, ordinal=place) for place, each in enumerate(chosen, 1))
    fields = {
        key: cell(value) if isinstance(value, str) and key not in {"template", "file", "kind"} else value for key, value in more.items()
    }
    defaults: dict[str, Any] = {  # a fictional agency
        "file": "made_up.txt", "form_index": 1, "template": "mof", "title": cell("项目支出绩效自评表（2023年度）"), "year": 2023,
        "project": cell("社区科普站运行"), "unit": cell("云溪市科普中心"), "columns": COLUMNS,
        "weight_total": cell("100"), "score_total": cell("99.50"), "grade": cell("优"),
    }  # fmt: skip
    return EvaluationForm(**{**defaults, "funds": Funds(unit, total, parts), "rows": numbered, **fields})


def found(code: str, of: EvaluationForm, policy: str = "") -> list[Finding]:
    """What the rule of one code says of a form under a policy, or under the one in force for it."""
    chosen = load_policy(policy) if policy else choose_policy(of)
    return list(FORM_RULES[code](of, Context(chosen, score(of, chosen))))


def rows_of(code: str, of: EvaluationForm, policy: str = "") -> list[tuple[int, ...]]:
    """The rows each finding of a code names."""
    return [finding.rows for finding in found(code, of, policy)]
