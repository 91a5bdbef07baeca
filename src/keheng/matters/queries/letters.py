"""A letter or certificate as a document: to whom, what it says, why, on what basis, what to put right, how to object, who issued it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import segno
from django.conf import settings
from django.utils.timezone import localdate

from keheng.kernel.accounts import accounts
from keheng.kernel.definitions import definitions_folder
from keheng.kernel.documents import typeset
from keheng.kernel.personal.masks import mask
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case, CaseEvent, Correction, Output
from keheng.matters.queries.addresses import address
from keheng.matters.queries.cases import matter_of
from keheng.matters.rules.files.parts import Matter


def check_address(output: Output, site: str = "") -> str:
    """Where anybody may check it: what its QR code holds. ``site`` is the origin a page was asked at; the installation's own goes first."""
    return f"{settings.SITE_ADDRESS or site}{address('verify', output.token)}"


def letter_pdf(output: Output, *, whole: bool, site: str = "") -> bytes:
    """A4 pages in Chinese, as letters are issued. ``whole`` is the copy of the applicant, the office and the archive.

    The public copy masks a person's name, and a certificate's shows no opinion of the case that led to it.
    """
    case = output.case
    matter, event = matter_of(case), _issued_by(output)
    data = {
        "title": output.title,
        "number": output.number,
        "issuer": issuer(),
        "to": _to(case, whole=whole),
        "opening": list(_opening(output, matter)),
        "rows": [list(row) for row in output.content],
        "sections": [one for one in _sections(output, matter, event, whole=whole) if one["lines"]],
        "revoked": _revoked(output),
        "day": _spelled(localdate(output.issued_at)),
        "check": "扫码核验",
        "qr": _qr(check_address(output, site)),
    }
    return typeset(Path(__file__).with_name("letter.typ"), data)


@cache
def issuer() -> str:
    """The body in whose name letters go out: the organ of the site (``definitions/portal/site.json``)."""
    found: str = json.loads((definitions_folder("portal") / "site.json").read_text(encoding="utf-8"))["organ"]["zh-hans"]
    return found


def _issued_by(output: Output) -> CaseEvent | None:
    """The event that issued it: the latest up to then whose move or state names it."""
    matter = matter_of(output.case)
    events = list(CaseEvent.objects.filter(case=output.case, at__lte=output.issued_at).order_by("-version"))
    return next((one for one in events if output.code in _issues(matter, one)), events[0] if events else None)


def _issues(matter: Matter, event: CaseEvent) -> tuple[str, ...]:
    move, state = matter.move(event.before, event.do), matter.state_of.get(event.after)
    return (*(move.outputs if move is not None else ()), *(state.outputs if state is not None else ()))


def _to(case: Case, *, whole: bool) -> str:
    if case.unit is not None:
        return case.unit.name
    name = accounts().names([case.applicant]).get(case.applicant, "")
    return (name if whole else mask("name", name)) or "申请人"


def _opening(output: Output, matter: Matter) -> Iterator[str]:
    case = output.case
    applied = _spelled(localdate(case.submitted_at)) if case.submitted_at is not None else ""
    numbered = f"（办件编号 {case.number}）" if case.number else ""
    if applied:
        yield f"{applied}提出的“{matter.title}”申请{numbered}，现将结果通知如下。"
    if said := matter.outputs[output.code].text:
        yield said
    if output.valid_until is not None:
        yield f"有效期至{_spelled(output.valid_until)}。"


def _sections(output: Output, matter: Matter, event: CaseEvent | None, *, whole: bool) -> Iterator[dict[str, object]]:
    if event is not None:
        yield {"title": "需要补正的内容", "numbered": True, "lines": [_correction(matter, row) for row in event.corrections.order_by("pk")]}
        yield {"title": "怎样补正", "numbered": False, "lines": _how_to_correct(matter, event)}
        yield {"title": "理由", "numbered": False, "lines": _reasons(output, matter, event, whole=whole)}
    basis = [f"{one.doc} {one.art}".strip() + ("" if one.confirmed else "（待核）") for one in matter.basis]
    yield {"title": "依据", "numbered": True, "lines": basis}
    objection = matter.outputs[output.code].objection
    yield {"title": "救济途径", "numbered": False, "lines": [objection.said] if objection is not None else []}


def _correction(matter: Matter, row: Correction) -> str:
    field = matter.by_id.get(row.target)
    label = field.label if field is not None else next((one.title for one in matter.materials if one.id == row.target), "")
    return f"{label}：{row.text}" if label else row.text


def _how_to_correct(matter: Matter, event: CaseEvent) -> list[str]:
    if not event.corrections.exists():
        return []
    state = matter.state_of[event.after]
    said = ["请在办件页逐项改正，全部完成后再次提交。"]
    if state.due is not None:
        said.append(f"最后一天是{_spelled(state.due.after(localdate(event.at), working_calendar()))}。")
    if state.late is not None:
        said.append(f"逾期不补正的，办件转入“{matter.state_of[state.late].title}”。")
    return ["".join(said)]


def _reasons(output: Output, matter: Matter, event: CaseEvent, *, whole: bool) -> list[str]:
    """What was written with the move, unless it is of a step inside or on the public copy of a certificate."""
    move, state = matter.move(event.before, event.do), matter.state_of.get(event.after)
    told = move is not None and bool(move.tell or move.reason or move.correct)
    ended = state is not None and state.end is not None
    shown = (told or ended) and (whole or output.kind == "letter")
    return [event.opinion] if shown and event.opinion else []


def _revoked(output: Output) -> str:
    if output.revoked_at is None:
        return ""
    return f"本文书已于{_spelled(localdate(output.revoked_at))}撤销，不再有效。" + (f"理由：{output.reason}" if output.reason else "")


def _spelled(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, border=1)
    return drawn.getvalue().decode()
