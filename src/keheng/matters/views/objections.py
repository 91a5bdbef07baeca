"""Objections to what units are to have by policies: anybody files one, the office reads it, who decides on the case answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keheng.kernel.accounts import accounts
from keheng.kernel.asking import UNPROCESSABLE, Asked, ask, beside, posted
from keheng.kernel.doors import actor_of, public, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.objections.forms import DecisionForm, ObjectionForm
from keheng.kernel.objections.stated import ObjectionState
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.objecting import answer_policy_objection, file_policy_objection
from keheng.matters.models import PolicyCase, PolicyObjection
from keheng.matters.queries.cases import given_by, matter_of
from keheng.matters.rules.acting import roles_of
from keheng.matters.rules.matching.making import PUBLIC
from keheng.matters.rules.objections import answering_roles, objections_until
from keheng.matters.views.working import office_case


@public
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a unit's having a policy, while its case is published; a form that comes too late is told so, with all that was typed."""
    rows = PolicyCase.objects.select_related("case__edition", "unit").defer("case__private", "unit__contact_phone")
    row = get_object_or_404(rows, pk=pk, case__submitted_at__isnull=False)
    until, published = objections_until(row.case, matter_of(row.case), working_calendar()), row.case.state == PUBLIC
    if request.method != "POST" and (until is None or localdate() > until):
        raise Http404
    form = ObjectionForm(posted(request))
    asked = Asked(
        _("提出异议"), _("提交异议"), reverse("matters:policy", args=[row.policy]) if published else reverse("matters:policies"),
        _("请写明事实和依据。我们会在规定期限内书面答复。"), base="public.html",
        # Of a case that is no longer published nothing is shown, whatever number was asked for.
        about=f"{row.unit.name}：{row.case.title}" if published else "",
    )  # fmt: skip

    def act() -> object:
        given = form.cleaned_data
        return file_policy_objection(actor=actor_of(request), policy_case=pk, name=given["name"], phone=given["phone"], body=given["body"])

    return ask(request, asked, form, act, _("异议已提交"))


@signed_in
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """An objection for whoever sees its case on the office's side; 404 for anybody else. Who decides on the case answers here."""
    row = get_object_or_404(PolicyObjection.objects.select_related("case__unit"), pk=pk)
    one, actor = office_case(request, row.case.case_id), actor_of(request)
    form = DecisionForm(posted(request), upheld="成立，不予兑现", rejected="不成立，继续兑现")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        problems = attempt(lambda: answer_policy_objection(actor=actor, objection=pk, upheld=given["upheld"], answer=given["answer"]))
        if not problems:
            messages.success(request, "异议已处理，请把答复告知提出人")
            return redirect("casework:case", one.case.pk)
    roles = roles_of(actor, one.case, one.matter, given_by(actor.account, localdate()))
    context = {
        "one": row,
        "case": one.case,
        "form": form,
        "answers": row.state == ObjectionState.OPEN and bool(roles.keys() & set(answering_roles(one.matter))),
        "late": row.state == ObjectionState.OPEN and row.due_on < localdate(),
        "decider": accounts().names([row.decided_by]).get(row.decided_by, "") if row.decided_by else "",
        "problems": beside(form, problems),
        "left": request.POST.get("answer", ""),
    }
    return render(request, "matters/work/objection.html", context, status=UNPROCESSABLE if form.errors or problems else 200)
