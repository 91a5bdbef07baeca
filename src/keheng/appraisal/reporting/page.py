"""The findings report as one self-contained page: no request leaves it, it prints on A4, it works without a mouse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import Policy, choose_policy
from keheng.appraisal.reporting.form_section import form_section
from keheng.appraisal.reporting.phrases import SEVERITIES, phrase
from keheng.appraisal.scoring.engine import score

_HUNDRED = 100
_TEN_THOUSAND_YUAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, with its reason in both languages."""

    file: str
    zh: str
    en: str


def write_page(forms: Sequence[EvaluationForm], findings: Sequence[Finding], unreadable: Sequence[Unreadable] = (), *, lang: str = "zh",
               policy: Policy | None = None) -> str:  # fmt: skip
    """The whole report as HTML text."""
    by_form: dict[tuple[str, int], list[Finding]] = {(form.file, form.form_index): [] for form in forms}
    for finding in findings:
        by_form.setdefault((finding.file, finding.form_index), []).append(finding)
    sections = [
        form_section(form, score(form, policy or choose_policy(form)), by_form[(form.file, form.form_index)], number, lang)
        for number, form in enumerate(forms, 1)
    ]
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    script = files(__package__).joinpath("report.js").read_text(encoding="utf-8")
    title = phrase("title", lang)
    body = [_top(forms, lang), _overview(forms, by_form, findings, unreadable, lang), _filter(lang), *sections]
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}" id="top"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title} · 科衡</title><style>{style}</style>'
        f"<body>{''.join(body)}<footer class=wrap>{phrase('footer', lang)}</footer><script>{script}</script></body></html>"
    )


def _money(fen: int) -> str:
    return f"{fen / _TEN_THOUSAND_YUAN:,.2f}"


def _top(forms: Sequence[EvaluationForm], lang: str) -> str:
    units = list(dict.fromkeys(form.unit.text or form.department.text for form in forms if form.unit or form.department))
    years = sorted({form.year for form in forms if form.year})
    about = " · ".join([*(escape(unit) for unit in units[:3]), *(str(year) for year in years)])
    return f"<header class=top><div class=wrap><p class=mark>科衡 KEHENG</p><h1>{phrase('title', lang)}</h1><p>{about}</p></div></header>"


def _stat(label: str, value: str, note: str = "") -> str:
    return f"<div class=stat><dt>{label}</dt><dd>{value}{f'<small>{note}</small>' if note else ''}</dd></div>"


def _overview(
    forms: Sequence[EvaluationForm],
    by_form: dict[tuple[str, int], list[Finding]],
    findings: Sequence[Finding],
    unreadable: Sequence[Unreadable],
    lang: str,
) -> str:
    both = [(f.funds.total.annual.fen, f.funds.total.executed.fen) for f in forms if f.funds.total.annual and f.funds.total.executed]
    budget, spent = sum(b for b, _ in both), sum(s for _, s in both)
    counts = Counter(finding.severity for finding in findings)
    # Sums and rows overlap: the points at stake count each row of a form once, at the highest claim on it.
    points: dict[tuple[str, int, tuple[int, ...]], float] = {}
    for finding in findings:
        if finding.points is not None and finding.severity.rank <= Severity.HIGH.rank:
            key = (finding.file, finding.form_index, finding.rows)
            points[key] = max(points.get(key, 0.0), float(finding.points))
    rate = f"{spent / budget * _HUNDRED:.2f}%" if budget else "—"
    serious = counts[Severity.CRITICAL] + counts[Severity.HIGH]
    stats = [
        _stat(phrase("forms", lang), str(len(forms)), phrase("rows", lang, count=sum(len(form.rows) for form in forms))),
        _stat(phrase("budget", lang), _money(budget), phrase("spent", lang, spent=_money(spent), rate=rate)),
        _stat(phrase("findings", lang), str(len(findings)), phrase("serious", lang, count=serious)),
        _stat(phrase("at_stake", lang), f"{sum(points.values()):.2f}", phrase("at_stake_note", lang)),
    ]
    most = max(map(len, by_form.values()), default=1)
    rows = "".join(_overview_row(form, by_form[(form.file, form.form_index)], number, most) for number, form in enumerate(forms, 1))
    kinds = {"number": " class=num", "rate": " class=num", "total": " class=num"}
    head = "".join(
        f"<th scope=col{kinds.get(key, '')}>{phrase(key, lang)}</th>" for key in ("number", "project", "rate", "total", "grade", "findings")
    )
    legend = "".join(
        f'<span><span class="tag {s.value}">{SEVERITIES[s.value][lang]}</span> <b>{counts[s]}</b> {SEVERITIES[s.value][f"{lang}_note"]}</span>'
        for s in Severity
    )
    broken = "".join(
        f"<li><span class='tag high'>{escape(u.file)}</span> {escape(u.zh if lang == 'zh' else u.en)}</li>" for u in unreadable
    )
    broken = f"<section class=card><h2>{phrase('unreadable', lang)}</h2><ul>{broken}</ul></section>" if broken else ""
    return (
        f"<main class=wrap><dl class=stats>{''.join(stats)}</dl>{broken}<section class=card><h2>{phrase('overview', lang)}</h2>"
        f"<div class=scroll tabindex=0><table class=list><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div><div class=legend>{legend}</div></section></main>"
    )


def _rate(form: EvaluationForm) -> str:
    """The printed execution rate, with its sign in every form, so that the column compares."""
    rate = form.funds.total.rate
    return "—" if rate.value is None else f"{rate.value:.2f}%"


def _overview_row(form: EvaluationForm, findings: Sequence[Finding], number: int, most: int) -> str:
    counts = Counter(finding.severity for finding in findings)
    bar = "".join(f'<i class={s.value} style="width:{counts[s] / max(1, most) * _HUNDRED:.1f}%"></i>' for s in Severity if counts[s])
    tip = "，".join(f"{SEVERITIES[s.value]['zh']} {counts[s]}" for s in Severity if counts[s])
    return (
        f"<tr><td class=num>{number}</td><td><a href='#form-{number}'>{escape(form.project.text or form.title.text or '—')}</a><br>"
        f"<small>{escape(form.file)} #{form.form_index}</small></td><td class=num>{_rate(form)}</td>"
        f"<td class=num>{escape(form.score_total.text or '—')}</td><td>{escape(form.grade.text or '—')}</td>"
        f'<td><div class=bar role=img aria-label="{tip}">{bar}</div><small>{len(findings)}</small></td></tr>'
    )


def _filter(lang: str) -> str:
    boxes = "".join(
        f'<label><input type=checkbox value={s.value} checked><span class="tag {s.value}">{SEVERITIES[s.value][lang]}</span></label>'
        for s in Severity
    )
    text = phrase("shown", lang)
    return (
        f"<div class=filter><div class=wrap><fieldset><legend>{phrase('show', lang)}</legend>{boxes}"
        f'<span id=shown class=muted role=status data-text="{text}"></span></fieldset></div></div>'
    )
