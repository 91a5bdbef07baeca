"""One form in the report: its head, its table as printed, the sums, the findings anchored to their cells."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from itertools import groupby

from keheng.appraisal.auditing.damping import damp
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.auditing.wording import advice, sentence, source, title
from keheng.appraisal.model import Cell, Column, EvaluationForm, Row
from keheng.appraisal.reporting.phrases import SEVERITIES, phrase
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.scorecard import Membership, RowScore, Scorecard

_PLACES = ("name", "target", "actual", "weight", "score", "rule", "reason")
_MOST_RELATED = 8


class _Anchors:
    """Numbers of the findings of a form, by the cell they stand at."""

    def __init__(self, findings: Sequence[Finding], form_number: int) -> None:
        self._form = form_number
        self._at: dict[tuple[str, int], list[tuple[int, Severity]]] = {}
        for number, finding in enumerate(findings, 1):
            for row in finding.rows or (0,):
                self._at.setdefault((finding.place, row), []).append((number, finding.severity))

    def worst(self, place: str, row: int = 0) -> str:
        marks = self._at.get((place, row))
        return f' data-worst="{min(marks, key=lambda m: m[1].rank)[1].value}"' if marks else ""

    def refs(self, place: str, row: int = 0) -> str:
        marks = self._at.get((place, row), [])
        links = "".join(f'<a href="#f{self._form}-{n}" aria-label="发现 {n}">{n}</a>' for n, _ in marks)
        return f"<span class=refs>{links}</span>" if links else ""


def form_section(form: EvaluationForm, card: Scorecard, findings: Sequence[Finding], number: int, lang: str) -> str:
    """The section of one form."""
    shown = sorted(findings, key=lambda f: (f.severity.rank, f.rows, f.code))
    anchors = _Anchors(shown, number)
    parts = [
        f"<header><h2>{number}. {escape(form.project.text or form.title.text or '—')}</h2><small>{escape(form.file)} #{form.form_index}</small></header>",
        _facts(form, card, anchors, lang),
        _prose(form, anchors, lang),
        _table(form, card, anchors, lang),
        _strip(form, card, "weight", anchors, lang),
        _strip(form, card, "score", anchors, lang),
        _findings(shown, number, lang),
        _unread(form, lang),
    ]
    return f'<section class="card form wrap" id="form-{number}">{"".join(parts)}</section>'


def _facts(form: EvaluationForm, card: Scorecard, anchors: _Anchors, lang: str) -> str:
    total = form.funds.total
    unit = f" {form.funds.unit}" if form.funds.unit else ""
    amounts = {"initial": total.initial, "annual": total.annual, "executed": total.executed}
    execution = card.execution
    expected = f"（{phrase('expected', lang)} {plain(execution.expected)}）" if execution.expected is not None else ""
    given = "—" if execution.given is None else plain(execution.given)
    entries = [
        ("department", escape(form.department.text or "—")),
        ("unit", escape(form.unit.text or "—")),
        ("year", str(form.year or "—") + anchors.refs("form")),
        *((name, (escape(money.cell.text) + unit if money else "—") + anchors.refs(f"funds.{name}")) for name, money in amounts.items()),
        ("rate", escape(total.rate.text or "—") + anchors.refs("funds.rate") + anchors.refs("funds")),
        ("execution", f"{given} {expected}" + anchors.refs("funds.score")),
        ("total", escape(form.score_total.text or "—") + anchors.refs("score_total")),
        ("grade", escape(form.grade.text or "—") + anchors.refs("grade")),
        ("template", f"{escape(form.template)} / {escape(card.policy)}"),
        ("confidence", f"{form.confidence * 100:.0f}%"),
    ]
    return "<dl class=facts>" + "".join(f"<div><dt>{phrase(key, lang)}</dt><dd>{value}</dd></div>" for key, value in entries) + "</dl>"


def _prose(form: EvaluationForm, anchors: _Anchors, lang: str) -> str:
    account = form.achieved or form.extras.get("results", form.achieved)
    blank = phrase("blank", lang)
    boxes = "".join(
        f"<div><h3>{phrase(key, lang)}{anchors.refs(key)}</h3><p tabindex=0>{escape(cell.text) or blank}</p></div>"
        for key, cell in (("goal", form.goal), ("achieved", account))
    )
    return f"<div class=prose>{boxes}</div>"


def _columns(form: EvaluationForm) -> list[str]:
    optional = {"target": Column.TARGET, "actual": Column.ACTUAL, "rule": Column.RULE, "reason": Column.REASON}
    return [place for place in _PLACES if place not in optional or optional[place] in form.columns]


def _table(form: EvaluationForm, card: Scorecard, anchors: _Anchors, lang: str) -> str:
    columns = _columns(form)
    levels_shown = [place for place in ("level1", "level2") if any(getattr(row, place) for row in form.rows)]
    heads = list(levels_shown)
    for place in columns:
        heads.append(place)
        if place == "score":
            heads.append("expected")
    head = "".join(f"<th scope=col>{phrase(key, lang)}</th>" for key in heads)
    body: list[str] = []
    spans = {
        "level1": _spans([row.level1.text for row in form.rows]),
        "level2": _spans([f"{row.level1.text}/{row.level2.text}" for row in form.rows]),
    }
    for index, (row, score) in enumerate(zip(form.rows, card.rows, strict=True)):
        levels = "".join(
            f"<td class=level rowspan={spans[place][index]}>{escape(getattr(row, place).text)}</td>"
            for place in levels_shown
            if spans[place][index]
        )
        cells = "".join(_cell(row, place, anchors) + (_expected(score) if place == "score" else "") for place in columns)
        body.append(f"<tr>{levels}{cells}</tr>")
    return (
        f"<div class=scroll tabindex=0 style='margin-top:14px'><table class=sheet><caption>{phrase('as_printed', lang)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _spans(texts: Sequence[str]) -> list[int]:
    """How many rows each level name spans; 0 for rows covered by the one above."""
    spans: list[int] = []
    for _, group in groupby(texts):
        size = len(list(group))
        spans.extend([size, *[0] * (size - 1)])
    return spans


def _cell(row: Row, place: str, anchors: _Anchors) -> str:
    cell: Cell = getattr(row, place)
    kind = " class=num" if place in ("weight", "score") else (" class=name" if place == "name" else "")
    where = f' title="{cell.line}"' if cell.line else ""
    return f"<td{kind}{anchors.worst(place, row.ordinal)}{where}>{escape(cell.text)}{anchors.refs(place, row.ordinal)}</td>"


def _expected(score: RowScore) -> str:
    if score.weight is None or not score.known:
        return "<td class='num expected'>—</td>"
    low, high = score.legal_min, score.legal_max
    text = plain(score.expected.quantize(Decimal("0.01"))) if score.expected is not None else f"{plain(low)}–{plain(high)}"
    off = score.given is not None and not low - Decimal("0.01") <= score.given <= high + Decimal("0.01")
    return f'<td class="num expected{" off" if off else ""}" title="{escape(score.formula)}">{text}</td>'


def _strip(form: EvaluationForm, card: Scorecard, place: str, anchors: _Anchors, lang: str) -> str:
    """Each addend, the sum, the printed total, the gap."""
    values = [getattr(row, place).value for row in form.rows]
    printed: Cell = getattr(form, f"{place}_total")
    if not values or printed.value is None:
        return ""
    addends = ["?" if value is None else plain(value) for value in values]
    numbers = [value for value in values if value is not None]
    extra = getattr(form.funds.total, place).value
    counted = extra if extra is not None and card.membership is not Membership.OUT else None
    total = sum(numbers, start=counted or Decimal(0))
    gap = printed.value - total
    boxes = "<i>+</i>".join(f"<span>{addend}</span>" for addend in addends)
    if counted is not None:
        boxes += f"<i>+</i><span title='{phrase('execution', lang)}'>{plain(counted)}</span>"
    mark = "good" if gap == 0 else "critical"
    return (
        f"<div class=strip><b>{phrase(f'{place}s_strip', lang)}</b> {boxes}<i>=</i><span class=sum>{plain(total)}</span>"
        f'<i>{phrase("printed_total", lang)}</i><span class="gap {mark}">{escape(printed.text)}{"" if gap == 0 else f" ({gap:+})"}</span>{anchors.refs(f"{place}_total")}</div>'
    )


def _findings(findings: Sequence[Finding], number: int, lang: str) -> str:
    if not findings:
        return f"<p class='muted' style='margin-top:14px'>{phrase('no_findings', lang)}</p>"
    numbers = {id(finding): n for n, finding in enumerate(findings, 1)}
    items = []
    for card in damp(findings):
        items.append(_finding(card.finding, numbers, number, lang, card.folded))
        items.extend(_finding(other, numbers, number, lang) for other in card.others)
        items.extend(_finding(soft, numbers, number, lang) for soft in card.folded)
    return f"<h3 style='margin-top:18px'>{phrase('findings', lang)} {len(findings)}</h3>{''.join(items)}"


def _finding(finding: Finding, numbers: dict[int, int], form_number: int, lang: str, folded: Sequence[Finding] = ()) -> str:
    n = numbers[id(finding)]
    severity = finding.severity.value
    formula = f"<div><span class=formula>{escape(finding.formula)}</span></div>" if finding.formula else ""
    cells = "".join(f"<li>“{escape(cell.text[:160])}” <small>{_where(cell, lang)}</small></li>" for cell in finding.cells if cell)
    also = "、".join(f"{escape(file)} #{index}" for file, index, _ in finding.related[:_MOST_RELATED])
    also += "、".join(f"<a href='#f{form_number}-{numbers[id(soft)]}'>{numbers[id(soft)]}</a>" for soft in folded)
    also = f"<p>{phrase('also', lang)}：{also}</p>" if also else ""
    return (
        f'<article class=finding id="f{form_number}-{n}" data-severity={severity}><b>{n}</b><div>'
        f'<h3>{escape(title(finding.code, lang))} <span class="tag {severity}">{SEVERITIES[severity][lang]}</span> <small>{finding.code} · '
        f"{phrase('sure', lang, percent=round(finding.confidence * 100))}</small></h3><p>{escape(sentence(finding, lang))}</p>{formula}"
        f"<p class=do>{phrase('todo', lang)}：{escape(advice(finding.code, lang))}</p><details><summary>{phrase('cells', lang)} · {phrase('basis', lang)}</summary>"
        f"<ul>{cells}</ul><p>{phrase('basis', lang)}：{escape(source(finding))}</p>{also}</details></div></article>"
    )


def _where(cell: Cell, lang: str) -> str:
    parts = [phrase("page", lang, page=cell.page)] if cell.page else []
    return " ".join([*parts, phrase("line", lang, line=cell.line)] if cell.line else parts)


def _unread(form: EvaluationForm, lang: str) -> str:
    if not form.unread:
        return ""
    items = "".join(f"<li>“{escape(item.cell.text)}” <small>{_where(item.cell, lang)}</small></li>" for item in form.unread)
    return f"<details><summary>{phrase('unread', lang)} {len(form.unread)}</summary><ul>{items}</ul></details>"
