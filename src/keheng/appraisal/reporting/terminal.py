"""Tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from keheng.appraisal.auditing.codes import all_codes, code_entry
from keheng.appraisal.auditing.damping import damp
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.auditing.wording import advice, sentence, title
from keheng.appraisal.definitions import load_definition
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.reporting.phrases import SEVERITIES, phrase
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.scorecard import Scorecard

_COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}


def print_findings(console: Console, forms: Sequence[EvaluationForm], findings: Sequence[Finding], lang: str) -> None:
    """Findings form by form, worst first, and a line that sums up."""
    for form in forms:
        own = sorted(
            (f for f in findings if (f.file, f.form_index) == (form.file, form.form_index)), key=lambda f: (f.severity.rank, f.rows, f.code)
        )
        console.print(f"\n[bold]{escape(form.project.text or form.title.text or '—')}[/]  [dim]{escape(form.file)} #{form.form_index}[/]")
        for card in damp(own):
            finding = card.finding
            rows = ",".join(map(str, finding.rows))
            mark = f"[{_COLOURS[finding.severity.value]}]{SEVERITIES[finding.severity.value][lang]:<4}[/]"
            console.print(
                f"  {mark} [bold]{finding.code}[/]{f' [{rows}]'.replace('[', chr(92) + '[') if rows else ''} {escape(sentence(finding, lang))}"
            )
            if card.others or card.folded:
                console.print(f"       [dim]+{len(card.others) + len(card.folded)}[/]")
    counts = Counter(finding.severity for finding in findings)
    summary = "  ".join(f"[{_COLOURS[s.value]}]{SEVERITIES[s.value][lang]} {counts[s]}[/]" for s in Severity)
    console.print(f"\n{phrase('forms', lang)} {len(forms)} · {phrase('findings', lang)} {len(findings)}   {summary}")


def print_form(console: Console, form: EvaluationForm, lang: str) -> None:
    """A form as it was understood, with source lines and confidence."""
    total = form.funds.total
    console.print(
        f"\n[bold]{escape(form.project.text or form.title.text or '—')}[/]  {form.year or '—'}  [dim]{form.template} · {form.confidence:.0%}[/]"
    )
    console.print(
        f"{phrase('department', lang)} {escape(form.department.text or '—')} · {phrase('unit', lang)} {escape(form.unit.text or '—')}"
    )
    amounts = [m.cell.text if m else "—" for m in (total.initial, total.annual, total.executed)]
    console.print(f"{form.funds.unit} {' / '.join(map(escape, amounts))} · {phrase('rate', lang)} {escape(total.rate.text or '—')}")
    table = Table(
        "#", *(phrase(key, lang) for key in ("level1", "level2", "name", "target", "actual", "weight", "score", "confidence")), "line"
    )
    for row in form.rows:
        cells = (row.level1, row.level2, row.name, row.target, row.actual, row.weight, row.score)
        table.add_row(str(row.ordinal), *(escape(cell.text) for cell in cells), f"{row.confidence:.2f}", str(row.name.line or "—"))
    console.print(table)
    console.print(
        f"{phrase('total', lang)} {form.weight_total.text or '—'} / {form.score_total.text or '—'} · {phrase('grade', lang)} {form.grade.text or '—'}"
    )
    for item in form.unread:
        console.print(f"[yellow]{phrase('unread', lang)}[/] {escape(item.cell.text)} [dim]{item.cell.line}[/]")


def print_scorecard(console: Console, form: EvaluationForm, card: Scorecard, lang: str) -> None:
    """Given points beside the legal interval, with formula."""
    console.print(f"\n[bold]{escape(form.project.text or '—')}[/]  [dim]{card.policy} v{card.version}[/]")
    table = Table("#", phrase("name", lang), phrase("weight", lang), phrase("score", lang), phrase("expected", lang), "")
    execution = card.execution
    points = "—" if execution.points is None else plain(execution.points)
    given = "—" if execution.given is None else plain(execution.given)
    table.add_row(
        "",
        phrase("execution", lang),
        points,
        given,
        f"{plain(execution.legal_min)}–{plain(execution.legal_max)}",
        escape(execution.formula),
    )
    for row, result in zip(form.rows, card.rows, strict=True):
        table.add_row(
            str(row.ordinal),
            escape(row.name.text),
            row.weight.text,
            row.score.text,
            f"{plain(result.legal_min)}–{plain(result.legal_max)}",
            escape(result.formula),
        )
    console.print(table)
    sums = " – ".join("—" if v is None else plain(v) for v in (card.total_min, card.total_max))
    console.print(
        f"{phrase('total', lang)} {form.score_total.text or '—'} ({sums}) · {phrase('grade', lang)} {card.grade_printed or '—'} ({card.grade_expected or '—'})"
    )


def print_codes(console: Console, lang: str) -> None:
    """All audit codes, a line each."""
    for code, entry in all_codes().items():
        console.print(f"[{_COLOURS[entry['severity']]}]{entry['family']} {code:<24}[/] {escape(entry['name'][lang])}")


def print_code(console: Console, code: str, lang: str) -> None:
    """One code: rule, thresholds, source, example, advice."""
    entry = code_entry(code)
    thresholds = load_definition("tolerances.json")["thresholds"]
    console.print(f"[bold]{code}[/] {escape(title(code, lang))}  {SEVERITIES[entry['severity']][lang]}")
    lines = [(("规则", "Rule"), entry["definition"][lang]), (("依据", "Source"), entry["source"]), (("示例", "Example"), entry["example"][lang]),
             (("建议", "What to do"), advice(code, lang))]  # fmt: skip
    for labels, text in lines:
        console.print(f"{labels[0 if lang == 'zh' else 1]}：{escape(text)}")
    for name in entry["tolerances"]:
        console.print(f"{'阈值' if lang == 'zh' else 'Threshold'}：{name} = {thresholds[name]}")
