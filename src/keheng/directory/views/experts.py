"""Pages of the expert pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.actions import experts as acts
from keheng.directory.enums import ExpertState, PersonStatus, fields_of_work
from keheng.directory.forms import AvoidanceForm, ConfirmForm, DirectoryForm, ExpertForm, ReasonForm
from keheng.directory.models import AvoidanceFact, Expert
from keheng.directory.queries.history import history_of
from keheng.directory.queries.people import SEE_EXPERTS, WantedExperts, experts_for, experts_matching, people_for
from keheng.directory.rules.experts import APPROVE, MAY, may_approve
from keheng.directory.views.answers import Ask, form_page, page_of, posted, query_of
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal

PROPOSE = "directory.expert.propose"
Decision = tuple[str, str, type[DirectoryForm], Callable[[HttpRequest, Principal, Expert, str], object], bool]


def _person_of(request: HttpRequest) -> int | None:
    """The natural person behind who is signed in."""
    return getattr(request.user, "person_id", None)


DECISIONS: Mapping[str, Decision] = {
    "approve": (
        "批准入库", "确认批准", ConfirmForm,
        lambda request, actor, one, _reason: acts.approve_expert(actor=actor, expert=one.pk, actor_person=_person_of(request)), False,
    ),
    "suspend": (
        "暂停", "确认暂停", ReasonForm,
        lambda _request, actor, one, reason: acts.suspend_expert(actor=actor, expert=one.pk, reason=reason), True,
    ),
    "resume": (
        "恢复", "确认恢复", ConfirmForm, lambda _request, actor, one, _reason: acts.resume_expert(actor=actor, expert=one.pk), False,
    ),
    "leave": (
        "出库或不予入库", "确认出库", ReasonForm,
        lambda _request, actor, one, reason: acts.leave_pool(actor=actor, expert=one.pk, reason=reason), True,
    ),
}  # fmt: skip


@needs(SEE_EXPERTS)
def expert_list(request: HttpRequest) -> HttpResponse:
    """The pool, by name, field and state."""
    wanted = WantedExperts(text=request.GET.get("q", "")[:100], field=request.GET.get("field", ""), state=request.GET.get("state", ""))
    records = experts_matching(experts_for(actor_of(request), localdate()), wanted)
    records = records.select_related("person").prefetch_related("fields", "person__affiliations__organisation")
    tree = fields_of_work()
    context = {
        "page": page_of(request, records), "query": query_of(request), "wanted": wanted, "tree": tree.values(),
        "states": ExpertState.choices, "names": {code: field.zh for code, field in tree.items()},
    }  # fmt: skip
    return render(request, "directory/experts.html", context)


@needs(SEE_EXPERTS)
def expert_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert: fields, state, facts for avoidance, and what can be decided now."""
    actor = actor_of(request)
    shown = get_object_or_404(experts_for(actor, localdate()).select_related("person"), pk=pk)
    decisions = [(name, decision[0]) for name, decision in DECISIONS.items() if actor.may(APPROVE) and shown.state in MAY[name]]
    context = {
        "shown": shown,
        "fields": [fields_of_work()[code].zh for code in shown.fields.values_list("code", flat=True) if code in fields_of_work()],
        "posts": shown.person.affiliations.select_related("organisation").order_by("-since", "pk"),
        "facts": AvoidanceFact.objects.filter(person=shown.person_id).select_related("organisation", "other").order_by("-since", "pk"),
        "decisions": [one for one in decisions if one[0] != "approve" or may_approve(actor, shown)],
        "waiting": shown.state == ExpertState.APPLIED and actor.account == shown.proposed_by,
        "proposable": actor.may(PROPOSE),
        "history": history_of("expert", pk),
    }
    return render(request, "directory/expert.html", context)


@needs(PROPOSE)
def expert_apply(request: HttpRequest, person: int) -> HttpResponse:
    """Propose a person for the pool."""
    actor = actor_of(request)
    candidate = get_object_or_404(people_for(actor, localdate(), PROPOSE).exclude(status=PersonStatus.MERGED), pk=person)
    back = reverse("directory:person", args=[person])
    ask = Ask(f"推荐入库：{candidate.name}", "提交", "提交后由另一位经办人批准。", back=back, crumbs=_crumbs())
    form = ExpertForm(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        made = list[Expert]()
        title, fields = form.cleaned_data["title"], form.cleaned_data["fields_of_work"]
        problems = attempt(lambda: made.append(acts.apply_expert(actor=actor, person=person, title=title, fields=fields)))
        if made:
            messages.success(request, "已提交，等待另一位经办人批准")
            return redirect("directory:expert", pk=made[0].pk)
    return form_page(request, ask, form, problems)


@needs(PROPOSE)
def expert_avoidance(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter why an expert should not judge somebody."""
    actor = actor_of(request)
    shown = get_object_or_404(experts_for(actor, localdate()).select_related("person"), pk=pk)
    back = reverse("directory:expert", args=[pk])
    ask = Ask(f"登记回避事实：{shown.person.name}", "登记", back=back, crumbs=(*_crumbs(), (shown.person.name, back)))
    form = AvoidanceForm(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: acts.add_avoidance_fact(actor=actor, person=shown.person_id, **form.cleaned_data))
        if not problems:
            messages.success(request, "回避事实已登记")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs(APPROVE)
def expert_decision(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """Approve, suspend, take back or let go."""
    if decision not in DECISIONS:
        raise Http404
    actor = actor_of(request)
    shown = get_object_or_404(experts_for(actor, localdate()).select_related("person"), pk=pk)
    title, button, form_class, decide, danger = DECISIONS[decision]
    back = reverse("directory:expert", args=[pk])
    ask = Ask(f"{title}：{shown.person.name}", button, danger=danger, back=back, crumbs=(*_crumbs(), (shown.person.name, back)))
    form = form_class(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: decide(request, actor, shown, form.cleaned_data.get("reason", "")))
        if not problems:
            messages.success(request, f"{title}已完成")
            return redirect(back)
    return form_page(request, ask, form, problems)


def _crumbs() -> tuple[tuple[str, str], ...]:
    return (("专家", reverse("directory:experts")),)
