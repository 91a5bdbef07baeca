"""Pages of the office: the queue by what is due, a case with form and materials side by side, moves, corrections, batches."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import whole, wholes
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Bulk, Column, Filter, Rows, Table, register_table
from keheng.matters.actions.moving import MoveWish, move_case, move_many
from keheng.matters.actions.reassigning import REASSIGN, reassign, reassignable
from keheng.matters.actions.working import drop_correction, note_correction, write_letter
from keheng.matters.enums import End
from keheng.matters.forms import seen_in, typed_with_move
from keheng.matters.models import Case, Correction, Letter, Material, Output
from keheng.matters.queries.asides import asides_of
from keheng.matters.queries.cases import Loaded, cases_for, given_by, lacking, loaded, world_of
from keheng.matters.queries.checklists import checklists_of
from keheng.matters.queries.claims import claim_said
from keheng.matters.queries.family import family_of
from keheng.matters.queries.holders import earlier_of_holder
from keheng.matters.queries.ratings import rating_of
from keheng.matters.queries.showing import clocks_said, loose_questions, moves_section, read_sections, timeline
from keheng.matters.rules.acting import ARRANGE, SEE, may_see, reaches, roles_of
from keheng.matters.rules.citing import cited_materials
from keheng.matters.rules.files.parts import Move
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.flow.situation import standing_hindrances
from keheng.matters.rules.follow_ups import FOLLOW
from keheng.matters.views.applying import done_or_told, typed_texts

UNPROCESSABLE = 422
_MOST_AT_ONCE = 100


def _matters() -> list[tuple[str, str]]:
    return [(name, versions[-1].matter.title) for name, versions in shelf().items()]


def _stds() -> list[tuple[str, str]]:
    return [(one, one) for one in dict.fromkeys(state.std for versions in shelf().values() for state in versions[-1].matter.states)]


def _open(rows: Rows) -> Rows:
    return rows.filter(ended_at=None)


def _numbered(rows: Rows, text: str) -> Rows:
    """By the whole number: a part of it would read every case."""
    return rows.filter(number=text.strip().upper())


def _about(rows: Rows, text: str) -> Rows:
    return holding(rows, "subject", text.strip())


def _late(rows: Rows) -> Rows:
    return _open(rows).filter(due_on__lt=localdate())


def _ended(rows: Rows) -> Rows:
    # Not ``exclude``: SQLite takes the index of ended cases for IS NOT NULL, not for NOT (IS NULL).
    return rows.filter(ended_at__isnull=False)


_PROGRESS = {"open": ("在办", _open), "late": ("已超承诺期限", _late), "ended": ("已办结", _ended)}


def _progress(rows: Rows, value: str) -> Rows:
    return _PROGRESS[value][1](rows)


def _state(case: Case) -> str:
    """The state's title, by the newest file that has it: the list reads no editions."""
    return _titles().get((case.matter, case.state), case.std)


@cache
def _titles() -> dict[tuple[str, str], str]:
    return {(name, state.id): state.title for name, versions in shelf().items() for read in versions for state in read.matter.states}


def _tone(case: Case) -> str:
    if case.end:
        return {"granted": "ok", "refused": "bad"}.get(case.end, "")
    return "bad" if case.due_on is not None and case.due_on < localdate() else "brand"


TABLE = register_table(Table(
    "matters.cases", "办件",
    columns=(
        Column("number", "编号", sort="number", cell="matters/work/number_cell.html"),
        Column("subject", "内容", sort="subject"), Column("title", "事项"), Column("unit", "单位", "unit.name"),
        Column("state", "环节", _state, tag=_tone), Column("due_on", "到期日", sort="due_on", kind="date"),
        Column("submitted_at", "提交时间", sort="submitted_at", kind="time"),
        Column("ended_at", "办结时间", sort="ended_at", kind="time", shown=False),
    ),
    filters=(
        Filter("number", "编号", apply=_numbered, hint="完整编号，如 BJ-2026-00001"),
        Filter("subject", "内容", apply=_about, hint="如项目名称"),
        Filter("matter", "事项", "choice", choices=_matters), Filter("std", "环节", "choice", choices=_stds),
        Filter(
            "progress", "进度", "choice", apply=_progress, otherwise=_open,
            choices=tuple((code, title) for code, (title, _) in _PROGRESS.items()),
        ),
        Filter("submitted_at", "提交时间", "dates"),
    ),
    order="due_on", empty_title="没有待办的办件", empty_text="申请提交后会出现在这里；换一个进度可以查看已办结的办件。",
    actions=(Bulk("batch", "批量办理", "casework:batch"),),
))  # fmt: skip


@needs(SEE)
def queue(request: HttpRequest) -> HttpResponse:
    """Cases within reach, the most urgent first."""
    rows = cases_for(actor_of(request)).select_related("unit").defer("unit__contact_phone", "answers", "private", "marks")
    return respond(request, TABLE, rows, "matters/work/queue.html")


def office_case(request: HttpRequest, pk: int) -> Loaded:
    """The case, for whoever may see it on the office's side; 404 for anybody else."""
    return _seen(request, pk)[0]


def _seen(request: HttpRequest, pk: int) -> tuple[Loaded, frozenset[str]]:
    case = get_object_or_404(
        Case.objects.select_related("edition", "unit", "parent__edition", "rating__follow_up").exclude(submitted_at=None), pk=pk
    )
    one, actor = loaded(case), actor_of(request)
    givers = given_by(actor.account, localdate())
    roles = roles_of(actor, case, one.matter, givers)
    if not may_see(actor, case, one.matter, givers) or any(one.matter.roles[name].applies for name in roles):
        raise Http404
    return one, frozenset(roles)


@signed_in
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: form beside materials, what may be done, what happened."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, problems: tuple[Problem, ...] = (), tried: str = "") -> HttpResponse:
    one, roles = _seen(request, pk)
    actor, case, matter = actor_of(request), one.case, one.matter
    world, state = world_of(one), matter.state_of[case.state]
    possible = [move for move in matter.moves_of(case.state) if roles & set(move.roles)]
    moves: list[dict[str, Any]] = [
        {
            "move": move,
            "questions": loose_questions(
                matter, move.ask, typed_with_move(move.ask, request.POST) if move.do == tried else {}, case.answers
            ),
            "hindered": standing_hindrances(matter, one.at, move, actor.account, roles, world),
            "tried": move.do == tried,
        }
        for move in possible
    ]
    rows = one.hung.of(Correction)
    people = {account for event in one.events for account in (event.by, event.instead_of)}
    shown = tried.startswith(REASSIGN) or any(each["tried"] and not each["hindered"] for each in moves)
    context = {
        "case": case,
        "left": [] if shown or not problems else typed_texts(request),
        "matter": matter,
        "state": state,
        "clocks": clocks_said(one),
        "moves": moves,
        "problems": problems,
        "opinion": request.POST.get("opinion", ""),
        "sections": list(read_sections(one, masked=True, asked={row.target: row.text for row in rows})),
        "corrects": any(each["move"].correct and not each["hindered"] for each in moves),
        "waiting": [row for row in rows if row.told_id is None],
        "told": [row for row in rows if row.told_id is not None],
        "targets": _targets(one),
        "materials": _handed_in(one),
        "lacking": lacking(one, localdate(), {code: len(files) for code, files in one.files.items()}) if not case.end else [],
        "claim": claim_said(one),
        "checklists": checklists_of(one),
        "asked": moves_section(one),
        "letters": one.hung.of(Letter),
        "outputs": one.hung.of(Output),
        "events": timeline(one, accounts().names(people - {""}), office=True),
        "end": End(case.end).label if case.end else "",
        "rated": rating_of(case) if matter.rate else None,
        "follows": actor.may(FOLLOW),
        "asides": asides_of(one, actor, office=True),
        "family": family_of(case, office=True),
        "earlier": earlier_of_holder(one, actor),
        "may_begin": actor.may(SEE),
        "named": _named(actor, one, tried),
    }
    return render(request, "matters/work/case.html", context, status=UNPROCESSABLE if problems else 200)


def _named(actor: Principal, one: Loaded, tried: str) -> list[dict[str, object]]:
    """Whom the case waits for by name, for who may ask somebody else."""
    if not reaches(actor, ARRANGE, one.case):
        return []
    roles = reassignable(one)
    names = accounts().names({one.case.named[role] for role in roles})
    return [
        {
            "role": role,
            "title": one.matter.roles[role].zh,
            "name": names.get(one.case.named[role], ""),
            "tried": tried == f"{REASSIGN}:{role}",
        }
        for role in roles
    ]


def _handed_in(one: Loaded) -> list[tuple[str, list[tuple[str, Material]]]]:
    """The materials by their titles, with what kind of file each is, and its number where lines of the form name it."""
    cited = cited_materials(one.matter)
    prefetch_related_objects([row for rows in one.files.values() for row in rows], "file")
    return [
        (each.title, [(f"第 {number} 份" if each.id in cited else "", row) for number, row in one.numbered(each.id).items()])
        for each in one.matter.materials
    ]


def _targets(one: Loaded) -> list[tuple[str, str]]:
    fields = [(field.id, field.label) for field in one.matter.fields if field.formula is None]
    return [("", "整体"), *fields, *((each.id, f"材料：{each.title}") for each in one.matter.materials)]


def _wish(request: HttpRequest, move: Move | None, do: str) -> MoveWish:
    typed = typed_with_move(move.ask, request.POST) if move is not None else {}
    return MoveWish(do, seen_in(request.POST), typed, request.POST.get("opinion", ""), "signed" in request.POST)


@signed_in
@require_POST
def make_move(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """Make a move; what stood in its way is told beside what was typed."""
    one = office_case(request, pk)
    wish = _wish(request, one.matter.move(one.case.state, do), do)
    problems = attempt(lambda: move_case(actor=actor_of(request), case=pk, wish=wish))
    if problems:
        return _page(request, pk, problems, do)
    messages.success(request, "已办理")
    return redirect("casework:case", pk)


@needs(ARRANGE)
@require_POST
def reassign_task(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """Ask another colleague for what one was asked for by name."""
    office_case(request, pk)
    typed = {name: request.POST.get(name, "") for name in ("login", "reason")}
    act = partial(reassign, actor=actor_of(request), case=pk, role=role, seen=seen_in(request.POST), **typed)
    problems = attempt(act)
    if problems:
        return _page(request, pk, problems, f"{REASSIGN}:{role}")
    messages.success(request, "已改派，双方都已收到消息")
    return redirect("casework:case", pk)


@signed_in
@require_POST
def correction_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Collect something to be put right."""
    office_case(request, pk)
    target, text = request.POST.get("target", ""), request.POST.get("text", "")
    problems = attempt(lambda: note_correction(actor=actor_of(request), case=pk, target=target, text=text))
    return _page(request, pk, problems) if problems else redirect(f"{reverse('casework:case', args=[pk])}#corrections")


@signed_in
@require_POST
def correction_drop(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    """Leave it out again."""
    office_case(request, pk)
    act = partial(drop_correction, actor=actor_of(request), case=pk, correction=correction)
    return done_or_told(request, act, "", f"{reverse('casework:case', args=[pk])}#corrections")


@signed_in
@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the applicant."""
    office_case(request, pk)
    problems = attempt(lambda: write_letter(actor=actor_of(request), case=pk, text=request.POST.get("text", "")))
    return _page(request, pk, problems) if problems else redirect(f"{reverse('casework:case', args=[pk])}#letters")


@signed_in
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """The same move of several cases that stand in one state of one matter: asked first, told one by one."""
    numbers = wholes(request.POST.getlist("rows"))[:_MOST_AT_ONCE]
    givers = given_by(actor_of(request).account, localdate())
    rows = list(cases_for(actor_of(request)).select_related("edition").filter(pk__in=numbers).order_by("pk"))
    if not rows or len({(row.edition_id, row.state) for row in rows}) > 1:
        messages.error(request, "请勾选同一事项、同一环节的办件")
        return redirect("casework:queue")
    one = loaded(rows[0])
    roles = frozenset(roles_of(actor_of(request), rows[0], one.matter, givers))
    moves = [move for move in one.matter.moves_of(one.case.state) if roles & set(move.roles) and not move.ask and not move.correct]
    results: list[tuple[Case, tuple[Problem, ...]]] = []
    do = request.POST.get("do", "")
    if do in {move.do for move in moves}:
        wish = MoveWish(do, 0, {}, request.POST.get("opinion", ""), "signed" in request.POST)
        seen = {row.pk: mark for row in rows if (mark := whole(request.POST.get(f"seen-{row.pk}", ""))) is not None}
        by_number = {row.pk: row for row in rows}
        results = [(by_number[each.case], each.problems) for each in move_many(actor=actor_of(request), cases=seen, wish=wish)]
    context = {"rows": rows, "moves": moves, "state": one.matter.state_of[one.case.state], "title": one.matter.title, "results": results}
    return render(request, "matters/work/batch.html", context)
