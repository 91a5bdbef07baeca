"""Archived cases: the list with what checks found, a package with its log, and how it is read."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.matters.actions.archiving import check_package
from keheng.matters.actions.retrieving import ask_retrieval, decide_retrieval, open_archive
from keheng.matters.enums import End
from keheng.matters.models import Case, Package, PackageCheck, Reading, Retrieval
from keheng.matters.queries.archives.packages import open_retrieval, packages_for
from keheng.matters.queries.cases import matter_of
from keheng.matters.rules.acting import APPROVE_ARCHIVE, READ_ARCHIVE, reaches
from keheng.matters.rules.archives.checks import KINDS
from keheng.matters.rules.archives.policy import is_private, policy
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.views.applying import done_or_told

UNPROCESSABLE = 422


def _numbered(rows: Rows, text: str) -> Rows:
    return rows.filter(case__number=text.strip().upper())


def _about(rows: Rows, text: str) -> Rows:
    return rows.filter(case__in=holding(Case.objects.all(), "subject", text))


def _of_matter(rows: Rows, matter: str) -> Rows:
    return rows.filter(matter=matter)


_STATES = {"sound": {"sound": True}, "damaged": {"sound": False}}


def _in_state(rows: Rows, value: str) -> Rows:
    return rows.filter(keep_until__lt=localdate(), destroyed_at=None) if value == "over" else rows.filter(**_STATES[value])


def _sound(package: Package) -> str:
    return "已销毁" if package.destroyed_at is not None else "通过" if package.sound else "有问题"


def _tone(package: Package) -> str:
    return "" if package.destroyed_at is not None else "ok" if package.sound else "bad"


def _address(package: Package) -> str:
    return reverse("casework:package", args=[package.pk])


TABLE = register_table(Table(
    "matters.packages", "办件档案",
    columns=(
        Column("number", "编号", "case.number", kind="code", link=_address), Column("subject", "内容", "case.subject"),
        Column("title", "事项", "case.title"), Column("unit", "单位", "case.unit.name"),
        Column("made_at", "归档时间", sort="made_at", kind="time"), Column("keep_until", "保管至", kind="date"),
        Column("sound", "四性检测", _sound, tag=_tone), Column("checked_at", "检测时间", sort="checked_at", kind="time"),
    ),
    filters=(
        Filter("number", "编号", apply=_numbered, hint="完整编号，如 BJ-2026-00001"),
        Filter("subject", "内容", apply=_about, hint="如项目名称"),
        Filter(
            "matter", "事项", "choice", apply=_of_matter,
            choices=lambda: [(name, versions[-1].matter.title) for name, versions in shelf().items()],
        ),
        Filter(
            "state", "检测", "choice", apply=_in_state,
            choices=(("sound", "通过"), ("damaged", "有问题"), ("over", "已过保管期限，待鉴定")),
        ),
    ),
    order="-made_at", empty_title="还没有归档的办件", empty_text="办件办结后，系统自动生成归档包并做四性检测，每年再检测一次。",
))  # fmt: skip


@needs(READ_ARCHIVE)
def packages(request: HttpRequest) -> HttpResponse:
    """Packages within reach, the latest first."""
    rows = packages_for(actor_of(request)).select_related("case__unit")
    hidden = ("case__answers", "case__private", "case__marks", "case__unit__contact_phone")
    return respond(request, TABLE, rows.defer(*hidden), "matters/archive/list.html")


def _package(request: HttpRequest, pk: int) -> Package:
    return get_object_or_404(
        packages_for(actor_of(request)).select_related("case__edition", "case__unit", "file", "destruction__disposal"), pk=pk
    )


@needs(READ_ARCHIVE)
def package_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A package: what it is, what checks found, who asked and who read."""
    return _page(request, _package(request, pk))


def _page(request: HttpRequest, package: Package, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor, case = actor_of(request), package.case
    checks = list(PackageCheck.objects.filter(package=package).order_by("-pk")[:10])
    retrievals = list(Retrieval.objects.filter(package=package).order_by("-pk")[:50])
    readings = list(Reading.objects.filter(retrieval__package=package).select_related("retrieval").order_by("-pk")[:50])
    names = accounts().names({account for one in retrievals for account in (one.by, one.decided_by)} - {""})
    may_decide = reaches(actor, APPROVE_ARCHIVE, case)
    mine = open_retrieval(actor, package)
    waiting = any(one.by == actor.account and one.state == Retrieval.State.ASKED for one in retrievals)
    context = {
        "package": package,
        "case": case,
        "end": End(case.end).label if case.end else "",
        "private": is_private(matter_of(case)),
        "over": package.keep_until < localdate(),
        "kinds": _findings(checks),
        "checks": checks,
        "retrievals": [_retrieval(one, names, decides=may_decide and one.by != actor.account) for one in retrievals],
        "readings": [(one.at, names.get(one.retrieval.by, ""), one.retrieval.reason) for one in readings],
        "open": mine,
        "may_ask": mine is None and not waiting,
        "standard": policy()["source"],
        "problems": problems,
        "typed": request.POST.get("reason", request.POST.get("note", "")) if problems else "",
    }
    return render(request, "matters/archive/package.html", context, status=UNPROCESSABLE if problems else 200)


def _findings(checks: list[PackageCheck]) -> list[tuple[str, bool, list[dict[str, Any]]]]:
    """The last check's findings in the order of the four."""
    rows = checks[0].findings if checks else []
    found = [(kind, [row for row in rows if row["kind"] == kind]) for kind in KINDS]
    return [(kind, all(row["holds"] for row in some), some) for kind, some in found if some]


def _retrieval(one: Retrieval, names: dict[str, str] | Any, *, decides: bool) -> dict[str, object]:
    return {
        "row": one, "by": names.get(one.by, ""), "decided_by": names.get(one.decided_by, ""), "state": str(one.get_state_display()),
        "tone": {"granted": "ok", "refused": "bad"}.get(one.state, "warn"), "decides": decides and one.state == Retrieval.State.ASKED,
    }  # fmt: skip


@needs(READ_ARCHIVE)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check it now."""
    _package(request, pk)
    return done_or_told(request, partial(check_package, actor=actor_of(request), package=pk), "已检测", _back(pk))


def _back(pk: int) -> str:
    return reverse("casework:package", args=[pk])


@needs(READ_ARCHIVE)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to read it."""
    package = _package(request, pk)
    problems = attempt(lambda: ask_retrieval(actor=actor_of(request), package=pk, reason=request.POST.get("reason", "")))
    if problems:
        return _page(request, package, problems)
    messages.success(request, "已提出，批准后通知您" if is_private(matter_of(package.case)) else "可以调阅了")
    return redirect("casework:package", pk)


@needs(APPROVE_ARCHIVE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a request, or refuse it."""
    row = Retrieval.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    package = _package(request, row.package_id)
    granted = request.POST.get("decision") == "grant"
    act = partial(decide_retrieval, actor=actor_of(request), retrieval=pk, granted=granted, note=request.POST.get("note", ""))
    problems = attempt(act)
    if problems:
        return _page(request, package, problems)
    messages.success(request, "已处理")
    return redirect("casework:package", row.package_id)


@needs(READ_ARCHIVE)
@require_POST
def open_package(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the opening, and go to the file."""
    package = _package(request, pk)
    problems = attempt(lambda: open_archive(actor=actor_of(request), package=pk))
    if problems:
        return _page(request, package, problems)
    return redirect("uploads:file", package.file_id or "", f"{package.case.number}.zip")
