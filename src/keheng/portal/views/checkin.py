"""Pages at the door, made for a phone: scan or type a code, find somebody in the list, work without a connection."""

from __future__ import annotations

import json
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, Refused, attempt, problem
from keheng.portal.actions.checkin import Answer, Merged, Seen, merge_scans, scan_ticket, walk_in
from keheng.portal.actions.exports import export_offline_list
from keheng.portal.actions.online import check_online, import_online, moment_of
from keheng.portal.enums.activities import COMING, OVER, AttendedBy, ScanOutcome
from keheng.portal.forms.activities import ScanForm, WalkInForm
from keheng.portal.forms.outreach import FileForm
from keheng.portal.models import Session
from keheng.portal.queries.activities import expected_at, latest_scans, sessions_near
from keheng.portal.queries.checkin_lists import scans_in
from keheng.portal.rules.registrations import attendee
from keheng.portal.views.asking import Asked, form_page, posted
from keheng.portal.views.files import JSON, attachment

RECORD = "portal.attendance.record"
_FOUND, _MOST_BYTES, _FAULTS = 20, 5 << 20, 20
_TONES = {ScanOutcome.ACCEPTED: "ok", ScanOutcome.DOUBLED: "warn"}


@needs(RECORD)
def session_list(request: HttpRequest) -> HttpResponse:
    """Sessions of these days, to choose the one whose door one stands at."""
    return render(request, "portal/activities/checkin_list.html", {"sessions": sessions_near()})


@needs(RECORD)
def checkin(request: HttpRequest, pk: int) -> HttpResponse:
    """The door: one field that a keyboard scanner types into; the answer stands above it, in words and colour."""
    session = _session(pk)
    form, answer = ScanForm(posted(request)), None
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        answers: list[Answer] = []
        how = AttendedBy.LIST if "listed" in request.POST else AttendedBy.TICKET
        seen = Seen(form.cleaned_data["code"], now(), form.cleaned_data["gate"], f"web:{actor_of(request).account}"[:40])
        problems = attempt(lambda: answers.append(scan_ticket(actor=actor_of(request), session=pk, seen=seen, how=how)))
        answer = answers[0] if answers else None
    gate = request.POST.get("gate", "") or request.GET.get("gate", "")
    text = request.GET.get("q", "").strip()[:60]
    context = {
        "session": session, "form": ScanForm(initial={"gate": gate}), "answer": answer, "problems": problems, "gate": gate, "q": text,
        "tone": _TONES.get(answer.outcome, "bad") if answer else "", "label": ScanOutcome(answer.outcome).label if answer else "",
        "found": expected_at(session, text)[:_FOUND] if text else None, "scans": latest_scans(session),
        "came": session.attendances.count(), "expected": expected_at(session).count(),
    }  # fmt: skip
    return render(request, "portal/activities/checkin.html", context)


@needs(RECORD)
def walk_in_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody comes without a registration."""
    session = _session(pk)
    form = WalkInForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who = attendee(given["name"], given["phone"])
        problems = attempt(lambda: walk_in(actor=actor_of(request), session=pk, who=who, unit_title=given["unit_title"]))
        if not problems:
            messages.success(request, "已登记现场参加")
            return redirect("manage:checkin", pk=pk)
    return form_page(request, _asked(session, "现场报名", "登记", "现场报名的人计入到会人数，不计入到会率。"), form, problems)


@needs(RECORD)
def offline_list_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed list for a device without a connection; taking it out of the house is recorded."""
    session = _session(pk)
    content = export_offline_list(actor=actor_of(request), session=session)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return attachment(text.encode(), f"{session.activity.number}-{session.pk}.json", JSON)


@needs(RECORD)
def scans_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Scans of a device that had no connection; the same file may be sent again."""
    session = _session(pk)
    form = FileForm(posted(request), request.FILES or None)
    hint = "JSON 或 CSV 文件，含 code（票面二维码）、scanned_at（时间）、gate（签到口）、device（设备）。重复上传不会重复计数。"
    asked = _asked(session, "上传离线签到", "上传", hint)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        merged: list[Merged] = []
        try:
            seen = list(_seen(form.cleaned_data["file"].read(_MOST_BYTES)))
        except ValueError:
            problems = (problem("CHK_FILE", "file"),)
        else:
            problems = attempt(lambda: merged.append(merge_scans(actor=actor_of(request), session=pk, seen=seen)))
        if merged:
            parts = [f"{ScanOutcome(code).label} {count}" for code, count in sorted(merged[0].outcomes.items())]
            messages.success(request, f"新扫码 {merged[0].new} 条，已有 {merged[0].known} 条。{'，'.join(parts)}")
            return redirect("manage:checkin", pk=pk)
    return form_page(request, asked, form, problems)


@needs(RECORD)
def online_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Joins and leaves of an online room."""
    session = _session(pk)
    form = FileForm(posted(request), request.FILES or None)
    asked = _asked(session, "导入线上参会", "导入", "XLSX 或 CSV 表格，列：报名编号、加入时间、离开时间。重复导入不会重复计数。")
    if request.method != "POST" or not form.is_valid():
        return form_page(request, asked, form)
    try:
        checked = check_online(form.cleaned_data["file"].read(_MOST_BYTES), pk)
    except Refused as refusal:
        return form_page(request, asked, form, refusal.problems)
    if checked.problems:
        for fault in checked.problems[:_FAULTS]:
            form.add_error("file", f"第 {fault.row} 行 {fault.header}“{fault.printed}”：{fault.problem.zh}")
        return form_page(request, asked, form)
    new: list[int] = []
    problems = attempt(lambda: new.append(import_online(actor=actor_of(request), session=pk, rows=checked.rows)))
    if problems:
        return form_page(request, asked, form, problems)
    messages.success(request, f"已导入 {len(checked.rows)} 条，新增到会 {new[0]} 人")
    return redirect("manage:checkin", pk=pk)


def _session(pk: int) -> Session:
    """A session of an activity that people come to."""
    found = Session.objects.select_related("activity").filter(activity__state__in=sorted(COMING | OVER))
    return get_object_or_404(found, pk=pk)


def _seen(data: bytes) -> list[Seen]:
    """Scans of a file; raises ValueError for one whose times are none."""
    found = []
    for one in scans_in(data):
        at: datetime | None = moment_of(one["scanned_at"])
        if at is None:
            raise ValueError("no time")
        found.append(Seen(one["code"], at, one["gate"], one["device"] or "offline"))
    return found


def _asked(session: Session, title: str, button: str, hint: str) -> Asked:
    back = reverse("manage:checkin", args=[session.pk])
    crumbs = (("签到", reverse("manage:checkin-list")), (session.activity.title, back))
    return Asked(title, button, back, hint, crumbs=crumbs)
