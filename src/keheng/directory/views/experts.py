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
from keheng.directory.queries.people import SEE_EXPERTS, experts_for, experts_in_field, experts_named, not_left, people_for
from keheng.directory.rules.experts import APPROVE, MAY, may_approve
from keheng.directory.views.answers import Ask, form_page, posted
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table

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


def _units(one: Expert) -> str:
    """Where an expert works now; those of a list are fetched beforehand."""
    return "；".join(post.organisation.name for post in one.person.affiliations.all() if post.until is None)


def _fields(one: Expert) -> str:
    return "、".join(f"{field.code} {field.zh}" for field in one.fields.all())


_TAGS = {ExpertState.POOL: "ok", ExpertState.SUSPENDED: "bad"}
TABLE = register_table(
    Table(
        "directory.experts", "专家库",
        columns=(
            Column("name", "姓名", "person.name", sort="person__name", link=lambda one: reverse("directory:expert", args=[one.pk])),
            Column("title", "职称"),
            Column("units", "任职单位", _units),
            Column("fields", "专业领域", _fields),
            Column("state", "状态", "get_state_display", tag=lambda one: _TAGS.get(one.state, "warn")),
            Column("entered_on", "入库日期", kind="date", shown=False),
        ),
        filters=(
            Filter("q", "姓名", apply=experts_named),
            Filter(
                "field", "专业领域", "choice", apply=experts_in_field,
                choices=lambda: ((one.code, f"{'　' if one.parent else ''}{one.zh}") for one in fields_of_work().values()),
            ),
            Filter("state", "状态", "choice", choices=tuple(ExpertState.choices), blank="未出库", otherwise=not_left),
        ),
        order="name", empty_title="专家库里还没有人", empty_text="推荐新专家，请从人员页面办理。", export=False,
    )
)  # fmt: skip


@needs(SEE_EXPERTS)
def expert_list(request: HttpRequest) -> HttpResponse:
    """The pool."""
    records = experts_for(actor_of(request), localdate()).select_related("person")
    return respond(request, TABLE, records.prefetch_related("fields", "person__affiliations__organisation"), "directory/experts.html")


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
