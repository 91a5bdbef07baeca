"""Findings as Markdown, a section a form."""

from __future__ import annotations

from collections.abc import Sequence

from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.wording import advice, sentence, title
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.reporting.phrases import SEVERITIES, phrase


def write_markdown(forms: Sequence[EvaluationForm], findings: Sequence[Finding], lang: str = "zh") -> str:
    """The report as text that any editor shows; pipes inside cells are escaped."""
    lines = [f"# {phrase('title', lang)}", ""]
    for form in forms:
        own = [f for f in findings if (f.file, f.form_index) == (form.file, form.form_index)]
        own.sort(key=lambda f: (f.severity.rank, f.rows, f.code))
        lines += [f"## {_plain(form.project.text or form.title.text or '—')} — {_plain(form.file)} #{form.form_index}", ""]
        lines += [
            f"{phrase('total', lang)} {form.score_total.text or '—'} · {phrase('rate', lang)} {form.funds.total.rate.text or '—'}",
            "",
        ]
        if own:
            lines += ["| | code | rows | | |", "|---|---|---|---|---|"]
        for finding in own:
            rows = ", ".join(map(str, finding.rows)) or "—"
            detail = f"{title(finding.code, lang)}：{sentence(finding, lang)}"
            lines.append(
                f"| {SEVERITIES[finding.severity.value][lang]} | {finding.code} | {rows} | {_plain(detail)} | {_plain(advice(finding.code, lang))} |"
            )
        lines.append("" if own else f"{phrase('no_findings', lang)}\n")
    lines += [f"> {phrase('footer', lang)}", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
