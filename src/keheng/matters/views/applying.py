"""Pages of applicants: a case with its form, materials, messages, the moves one may make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import Problem, Refused, attempt
from keheng.kernel.powers import Principal
from keheng.kernel.spoken import in_a_line
from keheng.matters.actions.applying import (
    add_material,
    discard_draft,
    editable,
    prefilled,
    remove_material,
    renew_draft,
    save_answers,
)
from keheng.matters.actions.moving import MoveWish, move_case
from keheng.matters.actions.working import write_letter
from keheng.matters.forms import seen_in, seen_marks, typed_answers, typed_with_move
from keheng.matters.models import Correction, Letter, Output
from keheng.matters.queries.asides import asides_of
from keheng.matters.queries.cases import Loaded, is_waived, lacking, loaded, own_cases
from keheng.matters.queries.claims import claim_said, claims_here
from keheng.matters.queries.family import family_of
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.missing import led_to, missing
from keheng.matters.queries.moves import open_moves
from keheng.matters.queries.policies.asides import sources_said
from keheng.matters.queries.printing import application_pdf
from keheng.matters.queries.ratings import asked_of, rating_of
from keheng.matters.queries.showing import Question, clocks_said, loose_questions, questions, read_sections, steps_said, timeline, words
from keheng.matters.rules.acting import roles_of
from keheng.matters.rules.citing import cited_materials
from keheng.matters.rules.files.differences import differences
from keheng.matters.rules.files.parts import Move
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.form.answers import facts_of, is_shown, material_needed
from keheng.matters.rules.form.values import typed_as
from keheng.matters.rules.validity import Validity

UNPROCESSABLE = 422
# Questions with more than one answer.
_SEVERAL = frozenset({"table", "choices"})


def own_case(request: HttpRequest, pk: int) -> Loaded:
    """The case, for the applicant's side; 404 for anybody else."""
    return loaded(get_object_or_404(own_cases(actor_of(request)).select_related("edition", "rating__follow_up"), pk=pk))


def done_or_told(request: HttpRequest, act: Any, done: str, back: str) -> HttpResponse:
    """Do it and go back, with what was done or everything that stood in the way."""
    problems = attempt(act)
    for one in problems:
        messages.error(request, in_a_line(one))
    if not problems and done:
        messages.success(request, done)
    return redirect(back)


def typed_texts(request: HttpRequest) -> list[str]:
    """Texts that were typed into a form which is no longer on the page: they are shown beside it, so that nothing is lost."""
    return [str(value) for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "seen", "signed", "target"} and value]


@signed_in
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a case stands, what is to be done, what was said."""
    return applicants_case(request, own_case(request, pk))


def applicants_case(request: HttpRequest, one: Loaded, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page of a case for its applicant, with what is wrong with something just posted."""
    actor, matter, case = actor_of(request), one.matter, one.case
    moves = [
        {"do": move.do, "title": words(matter, move.title), "main": move in matter.state_of[case.state].moves}
        for move in open_moves(one, actor)
    ]
    newest = in_force(case.matter, localdate())
    told_last = Correction.objects.filter(case=case, told__isnull=False).order_by("-told").values("told")[:1]
    context = {
        "problems": [in_a_line(each) for each in problems],
        "left": typed_texts(request) if problems else [],
        "case": case,
        "title": words(matter, matter.title),
        "state": words(matter, matter.state_of[case.state].title),
        "steps": steps_said(one),
        "clocks": clocks_said(one),
        "sections": list(read_sections(one, masked=False)),
        "claim": claim_said(one),
        "moves": moves,
        "lacking": missing(one, actor),
        "edits": bool(editable(case, matter)),
        "corrections": [
            (words(matter, _target(one, row.target)), row.text) for row in Correction.objects.filter(case=case, told__in=told_last)
        ]
        if matter.state_of[case.state].edit == "asked"
        else [],
        "materials": _materials(one),
        "letters": Letter.objects.filter(case=case).order_by("pk"),
        "events": timeline(one, {}, office=False),
        "outputs": Output.objects.filter(case=case).order_by("pk"),
        "rating": rating_of(case),
        "rates": asked_of(case, request.POST) if matter.rate and case.submitted_at is not None else None,
        "asides": asides_of(one, actor, office=False),
        "family": family_of(case, office=False),
        "newer": newest is not None and case.submitted_at is None and newest.digest != case.edition_id,
    }
    return render(request, "matters/case.html", context, status=UNPROCESSABLE if problems else 200)


def _target(one: Loaded, name: str) -> str:
    field = one.matter.by_id.get(name)
    return field.label if field is not None else next((each.title for each in one.matter.materials if each.id == name), "")


def _materials(one: Loaded) -> list[dict[str, Any]]:
    facts, may, cited = facts_of(one.matter, one.at.answers, localdate()), editable(one.case, one.matter), cited_materials(one.matter)
    return [
        {
            "id": each.id,
            "upload": f"upload-{each.id}",
            "title": words(one.matter, each.title),
            "hint": words(one.matter, each.hint),
            "kinds": ", ".join(each.accept),
            "accept": ",".join(f".{ending}" for ending in each.accept),
            "files": list(one.numbered(each.id).items()),
            "cited": each.id in cited,
            "valid": each.valid,
            "endless": each.endless,
            "needed": material_needed(one.matter, each.id, facts),
            "waived": each.waive is not None and is_waived(one, each.waive),
            "open": each.id in may,
        }
        for each in one.matter.materials
    ]


@signed_in
def form_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A section of the form; saved as a whole here, and field by field by the page's script."""
    one = own_case(request, pk)
    sections = one.matter.form
    if not 1 <= number <= len(sections):
        raise Http404
    section, may = sections[number - 1], editable(one.case, one.matter)
    conflicts: dict[str, Any] = {}
    if request.method == "POST":
        typed, seen = typed_answers(section.fields, request.POST), seen_marks(section.fields, request.POST)
        try:
            conflicts = dict(save_answers(actor=actor_of(request), case=pk, typed=typed, seen=seen).conflicts)
        except Refused as refused:
            for each in refused.problems:
                messages.error(request, in_a_line(each))
            return redirect("matters:case", pk)
        if not conflicts and "more" not in request.POST:
            following = number + 1 if "next" in request.POST and number < len(sections) else 0
            return redirect("matters:form", pk, following) if following else redirect("matters:case", pk)
        one = own_case(request, pk)
    wrong = {each.field.partition("-")[0]: in_a_line(each) for each in lacking(one, localdate())} if one.case.marks else {}
    asked = _with_sources(one, questions(one, section.fields, may, request.POST.get("more", "")))
    context = {
        "case": one.case,
        "title": words(one.matter, one.matter.title),
        "section": words(one.matter, section.section),
        "number": number,
        "sections": [words(one.matter, each.section) for each in sections],
        "last": number == len(sections),
        "rows": [(each, wrong.get(each.name, "") if each.value or each.rows else "", each.name in conflicts) for each in asked],
        "conflicts": conflicts,
        "claim": claim_said(one) if claims_here(one.matter, section) else None,
    }
    return render(request, "matters/form.html", context, status=409 if conflicts else 200)


def _with_sources(one: Loaded, asked: Sequence[Question]) -> list[Question]:
    """Questions about the unit say where what stands in them comes from."""
    sources = sources_said(one)
    return [replace(each, hint=" · ".join(filter(None, [each.hint, sources.get(each.name, "")]))) for each in asked]


@signed_in
@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was typed into one question: its new mark, what somebody else changed meanwhile, what is wrong, what is asked now."""
    one = own_case(request, pk)
    typed, seen = typed_answers(one.matter.fields, request.POST), seen_marks(one.matter.fields, request.POST)
    try:
        saved = save_answers(actor=actor_of(request), case=pk, typed=typed, seen=seen)
    except Refused as refused:
        return JsonResponse({"problems": [in_a_line(each) for each in refused.problems]}, status=UNPROCESSABLE)
    one = own_case(request, pk)
    facts = facts_of(one.matter, one.at.answers, localdate())
    wrong: dict[str, str] = {}
    for each in lacking(one, localdate()):
        if each.field.partition("-")[0] in typed:
            wrong.setdefault(each.field.partition("-")[0], in_a_line(each))
    computed = {row.name: row.said for row in questions(one, [field for field in one.matter.fields if field.formula], ())}
    return JsonResponse(
        {
            "marks": saved.marks,
            "conflicts": list(saved.conflicts),
            "wrong": wrong,
            "computed": computed,
            "shown": [field.id for field in one.matter.fields if is_shown(field, facts)],
        }
    )


@signed_in
@require_POST
def material_add(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Hand in a file."""
    one = own_case(request, pk)
    try:
        number = UUID(request.POST.get(f"upload-{code}", ""))
    except ValueError:
        messages.error(request, _("请先选择文件，等上传完成后再提交"))
        return redirect("matters:case", one.case.pk)
    valid = Validity(_day_of(request.POST.get("valid", "")), endless=bool(request.POST.get("endless")))
    act = partial(add_material, actor=actor_of(request), case=pk, code=code, upload=number, place=MATERIAL, valid=valid)
    return done_or_told(request, act, _("材料已上传"), f"{reverse('matters:case', args=[pk])}#materials")


def _day_of(text: str) -> date | None:
    """A day as a browser sends it; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@signed_in
@require_POST
def material_remove(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Take a file back."""
    own_case(request, pk)
    act = partial(remove_material, actor=actor_of(request), case=pk, material=material)
    return done_or_told(request, act, _("材料已移除"), f"{reverse('matters:case', args=[pk])}#materials")


@signed_in
def make_move(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """Confirm a move, or read everything that stands in its way."""
    one = own_case(request, pk)
    move = one.matter.move(one.case.state, do)
    if move is None or not set(roles_of(actor_of(request), one.case, one.matter)) & set(move.roles):
        raise Http404
    problems: tuple[Problem, ...] = tuple(lacking(one, localdate())) if move.complete and request.method != "POST" else ()
    if request.method == "POST":
        typed = typed_with_move(move.ask, request.POST)
        wish = MoveWish(do, seen_in(request.POST), typed, request.POST.get("opinion", ""), "signed" in request.POST)
        problems = attempt(lambda: move_case(actor=actor_of(request), case=pk, wish=wish))
        if not problems:
            messages.success(request, _("已提交：%(title)s") % {"title": words(one.matter, move.title)})
            return redirect("matters:case", pk)
    return render(
        request,
        "matters/move.html",
        _move_context(one, move, request, problems),
        status=UNPROCESSABLE if request.POST and problems else 200,
    )


def _answered_before(one: Loaded, move: Move, actor: Principal) -> dict[str, Any]:
    """What stands in the questions of a move when its page is opened: what was answered last, or what is known."""
    known = prefilled(actor, one.case.unit_id, localdate())
    return {
        field.id: typed_as(field, one.at.answers.get(field.id)) or known.get(field.prefill or "", "")
        for field in move.ask
        if field.type not in _SEVERAL
    }


def _move_context(one: Loaded, move: Move, request: HttpRequest, problems: tuple[Problem, ...]) -> dict[str, Any]:
    typed = typed_with_move(move.ask, request.POST) if request.method == "POST" else _answered_before(one, move, actor_of(request))
    return {
        "case": one.case,
        "title": words(one.matter, one.matter.title),
        "move": move,
        "move_title": words(one.matter, move.title),
        "problems": led_to(one, problems),
        "questions": loose_questions(one.matter, move.ask, typed, one.case.answers),
        "opinion": request.POST.get("opinion", ""),
        "sections": list(read_sections(one, masked=False)) if move.complete else [],
        "blocked": bool(problems) and request.method != "POST",
    }


@signed_in
@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the office."""
    own_case(request, pk)
    problems = attempt(lambda: write_letter(actor=actor_of(request), case=pk, text=request.POST.get("text", "")))
    if problems:
        return applicants_case(request, own_case(request, pk), problems)
    messages.success(request, _("留言已发送"))
    return redirect(f"{reverse('matters:case', args=[pk])}#letters")


@signed_in
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at what a newer version of the matter changes, and move the draft to it."""
    one = own_case(request, pk)
    newest = in_force(one.case.matter, localdate())
    if newest is None or newest.digest == one.case.edition_id or one.case.submitted_at is not None:
        raise Http404
    if request.method == "POST":
        act = partial(renew_draft, actor=actor_of(request), case=pk, digest=request.POST.get("digest", ""))
        return done_or_told(request, act, _("已改用新版本，请核对填写内容"), reverse("matters:case", args=[pk]))
    changes = differences(one.matter, newest.matter)
    return render(request, "matters/renew.html", {"case": one.case, "changes": changes, "newest": newest})


@signed_in
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after a question."""
    one = own_case(request, pk)
    if request.method == "POST":
        return done_or_told(request, partial(discard_draft, actor=actor_of(request), case=pk), _("草稿已删除"), reverse("matters:mine"))
    return render(request, "matters/discard.html", {"case": one.case})


@signed_in
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as a PDF."""
    one = own_case(request, pk)
    name = one.case.number or f"draft-{pk}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(application_pdf(one), content_type="application/pdf", headers=headers)
