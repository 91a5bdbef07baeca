"""Forms, rows and findings as a spreadsheet with links between the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.wording import advice, sentence, source, title
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy, choose_policy
from keheng.appraisal.reporting.phrases import SEVERITIES, phrase
from keheng.appraisal.scoring.engine import score

_FORMULA_STARTS = ("=", "+", "-", "@")
_WIDTHS = {
    "forms": (6, 24, 8, 34, 26, 8, 12, 10, 10, 8, 10),
    "rows": (24, 8, 6, 16, 18, 34, 18, 24, 8, 8, 10, 40),
    "findings": (24, 8, 10, 22, 22, 10, 70, 40, 40, 40, 10),
}


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading ``= + - @`` gets an apostrophe-like guard in front."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def write_workbook(
    forms: Sequence[EvaluationForm], findings: Sequence[Finding], *, lang: str = "zh", policy: Policy | None = None
) -> bytes:
    """Three sheets: forms (linked to their findings), rows with expected points, findings (linked to their rows)."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    head = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheets = {
        key: book.add_worksheet(phrase(key, lang) if key != "rows" else phrase("name", lang)) for key in ("forms", "rows", "findings")
    }
    for key, sheet in sheets.items():
        for column, width in enumerate(_WIDTHS[key]):
            sheet.set_column(column, column, width, wrap)
        sheet.freeze_panes(1, 0)
    row_lines = _write_rows(sheets["rows"], forms, head, lang, policy)
    first_finding = _write_findings(sheets["findings"], findings, head, lang, row_lines, sheets["rows"].get_name())
    _write_forms(sheets["forms"], forms, findings, head, lang, first_finding, sheets["findings"].get_name())
    book.close()
    return out.getvalue()


def _line(sheet: Any, row: int, values: Sequence[object], form: Any = None) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, form)
        else:
            sheet.write_string(row, column, safe_text(str(value if value is not None else "")), form)


def _write_forms(
    sheet: Any,
    forms: Sequence[EvaluationForm],
    findings: Sequence[Finding],
    head: Any,
    lang: str,
    first: dict[tuple[str, int], int],
    target: str,
) -> None:
    labels = ["number", "unit", "year", "project", "department", "rate", "annual", "executed", "total", "grade", "findings"]
    _line(sheet, 0, [phrase(label, lang) for label in labels], head)
    for index, form in enumerate(forms, 1):
        total = form.funds.total
        key = (form.file, form.form_index)
        count = sum((f.file, f.form_index) == key for f in findings)
        amounts = [m.fen / 100 if m else "" for m in (total.annual, total.executed)]
        points = "" if form.score_total.value is None else float(form.score_total.value)
        _line(
            sheet,
            index,
            [
                index,
                form.unit.text,
                form.year or "",
                form.project.text,
                form.department.text,
                total.rate.text,
                *amounts,
                points,
                form.grade.text,
            ],
        )
        if key in first:
            sheet.write_url(index, len(labels) - 1, f"internal:'{target}'!A{first[key] + 1}", string=str(count))
        else:
            sheet.write_number(index, len(labels) - 1, count)


def _write_rows(
    sheet: Any, forms: Sequence[EvaluationForm], head: Any, lang: str, policy: Policy | None
) -> dict[tuple[str, int, int], int]:
    labels = ["project", "forms", "number", "level1", "level2", "name", "target", "actual", "weight", "score", "expected", "reason"]
    _line(sheet, 0, [phrase(label, lang) for label in labels], head)
    places: dict[tuple[str, int, int], int] = {}
    line = 1
    for form in forms:
        card = score(form, policy or choose_policy(form))
        for row, result in zip(form.rows, card.rows, strict=True):
            numbers = ["" if value is None else float(value) for value in (row.weight.value, row.score.value, result.expected)]
            texts = [row.level1.text, row.level2.text, row.name.text, row.target.text, row.actual.text]
            _line(sheet, line, [form.file, form.form_index, row.ordinal, *texts, *numbers, row.reason.text])
            places[(form.file, form.form_index, row.ordinal)] = line
            line += 1
    return places


def _write_findings(
    sheet: Any,
    findings: Sequence[Finding],
    head: Any,
    lang: str,
    rows: dict[tuple[str, int, int], int],
    target: str,
) -> dict[tuple[str, int], int]:
    labels = ["file", "form", "severity", "code", "name", "rows", "detail", "formula", "clause", "advice", "confidence"]
    _line(sheet, 0, labels, head)
    first: dict[tuple[str, int], int] = {}
    for index, finding in enumerate(findings, 1):
        first.setdefault((finding.file, finding.form_index), index)
        texts = [sentence(finding, lang), finding.formula, source(finding), advice(finding.code, lang)]
        listed = ", ".join(map(str, finding.rows))
        severity = SEVERITIES[finding.severity.value][lang]
        _line(
            sheet,
            index,
            [finding.file, finding.form_index, severity, finding.code, title(finding.code, lang), listed, *texts, finding.confidence],
        )
        place = rows.get((finding.file, finding.form_index, finding.rows[0])) if finding.rows else None
        if place is not None:
            sheet.write_url(index, labels.index("rows"), f"internal:'{target}'!A{place + 1}", string=listed)
    return first
