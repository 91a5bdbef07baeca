"""Pages of organisations: list, page, acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.actions import organisations as acts
from keheng.directory.actions import relations
from keheng.directory.enums import Status, districts, kinds
from keheng.directory.forms import (
    ChangeForm,
    CloseForm,
    ControlForm,
    DirectoryForm,
    EndForm,
    MoveForm,
    OrganisationForm,
    ParentForm,
    PartyForm,
    RenameForm,
    ShortNameForm,
)
from keheng.directory.models import Organisation
from keheng.directory.queries.history import history_of
from keheng.directory.queries.organisations import listed, named_or_coded, not_merged, organisations_for, tree_of
from keheng.directory.queries.people import affiliated_with, experts_of
from keheng.directory.rules.organisations import shape_problems, taken_problems
from keheng.directory.rules.scopes import reaches_district
from keheng.directory.views.answers import Ask, accepted, form_page, page_of, posted
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt, problem
from keheng.kernel.powers import Principal
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table

SEE, REGISTER, EDIT, EXPORT = (f"directory.organisation.{act}" for act in ("see", "register", "edit", "export"))
Apply = Callable[[Principal, Organisation, Any, frozenset[str]], object]


@dataclass(frozen=True, slots=True)
class OrganisationAct:
    """An act on an organisation's page: its words, its form, what it begins with, and the act."""

    title: str
    button: str
    form: type[DirectoryForm]
    apply: Apply
    initial: Callable[[Organisation], dict[str, Any]] = lambda _organisation: {}
    hint: str = ""
    danger: bool = False


def _facts(one: Organisation) -> dict[str, Any]:
    return {"code": one.credit_code or one.code_given, "kind": one.kind, "address": one.address}


ACTS: Mapping[str, OrganisationAct] = {
    "edit": OrganisationAct(
        "修改资料", "保存", ChangeForm,
        lambda actor, one, form, said: acts.change_organisation(actor=actor, organisation=one.pk, facts=form.facts(), accepted=said),
        initial=_facts,
        hint="联系电话不显示；不修改的，留空。",
    ),
    "rename": OrganisationAct(
        "更名", "更名", RenameForm,
        lambda actor, one, form, _said: acts.rename_organisation(actor=actor, organisation=one.pk, **form.cleaned_data),
        hint="原名称会保留，按原名称仍能查到本单位。",
    ),
    "short-name": OrganisationAct(
        "增加简称", "保存", ShortNameForm,
        lambda actor, one, form, _said: acts.add_short_name(actor=actor, organisation=one.pk, **form.cleaned_data),
    ),
    "move": OrganisationAct(
        "跨区迁移", "迁移", MoveForm,
        lambda actor, one, form, _said: acts.move_organisation(actor=actor, organisation=one.pk, **form.cleaned_data),
        hint="迁移后由迁入区县的经办人管理。",
    ),
    "close": OrganisationAct(
        "注销", "确认注销", CloseForm,
        lambda actor, one, form, _said: acts.close_organisation(actor=actor, organisation=one.pk, **form.cleaned_data),
        hint="注销后资料不能再变更；注销日仍有效的任职和持股随之终止。", danger=True,
    ),
    "parent": OrganisationAct(
        "变更上级", "保存", ParentForm,
        lambda actor, one, form, _said: relations.set_parent(actor=actor, organisation=one.pk, **form.cleaned_data),
        initial=lambda one: {"parent": (one.parent.credit_code or one.parent.name) if one.parent else ""},
        hint="没有上级的，留空后保存。",
    ),
    "control": OrganisationAct(
        "登记持股或控制方", "登记", ControlForm,
        lambda actor, one, form, _said: relations.add_control(actor=actor, controlled=one.pk, **form.cleaned_data),
    ),
    "party": OrganisationAct(
        "登记关联方", "登记", PartyForm,
        lambda actor, one, form, _said: relations.declare_related_party(actor=actor, organisation=one.pk, **form.cleaned_data),
    ),
}  # fmt: skip


TABLE = register_table(
    Table(
        "directory.organisations", "单位",
        columns=(
            Column("name", "单位名称", sort="name", link=lambda one: reverse("directory:organisation", args=[one.pk])),
            Column("code", "统一社会信用代码", lambda one: one.credit_code, sort="credit_code"),
            Column("kind", "单位类型", "kind_zh"),
            Column("district", "区县", "district_zh"),
            Column("status", "状态", "get_status_display", tag=lambda one: "ok" if one.status == Status.ACTIVE else "warn"),
            Column("registered_on", "登记日期", sort="registered_on", kind="date", shown=False),
            Column("address", "地址", shown=False),
            Column("parent", "上级单位", "parent.name", shown=False),
        ),
        filters=(
            Filter("q", "名称、曾用名、简称或信用代码", apply=named_or_coded),
            Filter("kind", "类型", "choice", choices=lambda: ((kind.code, kind.zh) for kind in kinds().values())),
            Filter("district", "区县", "choice", choices=lambda: districts().items()),
            Filter("status", "状态", "choice", choices=tuple(Status.choices), blank="正常和已注销", otherwise=not_merged),
        ),
        order="name", empty_title="还没有单位", empty_text="登记单位，或从表格导入。", export_permission=EXPORT,
        exports=lambda actor, _scope: listed(organisations_for(actor, EXPORT)),
    )
)  # fmt: skip


@needs(SEE)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations the actor may see."""
    return respond(request, TABLE, listed(organisations_for(actor_of(request))), "directory/organisations.html")


@needs(SEE)
def organisation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation with everything around it."""
    records = organisations_for(actor_of(request)).select_related("parent", "merged_into")
    shown, today = get_object_or_404(records, pk=pk), localdate()
    editable = shown.status == Status.ACTIVE and organisations_for(actor_of(request), EDIT).filter(pk=pk).exists()
    context = {
        "shown": shown,
        "names": shown.names.all(),
        "tree": tree_of(shown, today),
        "controls": shown.controllers.select_related("owner").order_by("-since", "pk"),
        "posts": page_of(request, affiliated_with(pk, today)),
        "experts": experts_of(pk, today)[:50],
        "parties": shown.related.select_related("other", "person").order_by("-since", "pk"),
        "history": history_of("organisation", pk),
        "acts": ACTS.items() if editable else (),
        "editable": editable,
        "today": today,
    }
    return render(request, "directory/organisation.html", context)


@needs(REGISTER)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    actor = actor_of(request)
    ask = Ask("登记单位", "登记", back=reverse("directory:organisations"), crumbs=_crumbs())
    form = OrganisationForm(posted(request), actor=actor)
    if request.method != "POST":
        return form_page(request, ask, form)
    facts, made = form.facts(), list[Organisation]()
    if form.is_valid() and reaches_district(actor, REGISTER, facts.district):
        problems = attempt(lambda: made.append(acts.register_organisation(actor=actor, facts=facts, accepted=accepted(request))))
    else:
        found = [*shape_problems(facts), *taken_problems(facts)]
        if facts.district in districts() and not reaches_district(actor, REGISTER, facts.district):
            found.append(problem("DIR_DISTRICT_OUTSIDE", "district"))
        problems = tuple(one for one in found if one.field not in form.errors)
    if not made:
        return form_page(request, ask, form, problems)
    messages.success(request, f"已登记：{made[0].name}")
    return redirect("directory:organisation", pk=made[0].pk)


@needs(EDIT)
def organisation_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act on one organisation."""
    if act not in ACTS:
        raise Http404
    actor, chosen = actor_of(request), ACTS[act]
    shown = get_object_or_404(organisations_for(actor, EDIT).select_related("parent"), pk=pk)
    back = reverse("directory:organisation", args=[pk])
    ask = Ask(f"{chosen.title}：{shown.name}", chosen.button, chosen.hint, chosen.danger, back, (*_crumbs(), (shown.name, back)))
    form = chosen.form(posted(request), actor=actor, initial=chosen.initial(shown))
    if request.method != "POST":
        return form_page(request, ask, form)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        problems = attempt(lambda: chosen.apply(actor, shown, form, accepted(request)))
    if problems or form.errors:
        return form_page(request, ask, form, problems)
    messages.success(request, f"{chosen.title}已完成")
    return redirect(back)


@needs(EDIT)
def control_end(request: HttpRequest, pk: int, control: int) -> HttpResponse:
    """End a holding of an organisation."""
    return _end(request, pk, "终止持股或控制", "controllers", control, relations.end_control, "control")


@needs(EDIT)
def party_end(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    """End a relation of an organisation."""
    return _end(request, pk, "终止关联方", "related", party, relations.end_related_party, "party")


def _end(request: HttpRequest, pk: int, title: str, rows: str, row: int, end: Callable[..., object], argument: str) -> HttpResponse:
    actor = actor_of(request)
    shown = get_object_or_404(organisations_for(actor, EDIT), pk=pk)
    get_object_or_404(getattr(shown, rows), pk=row)
    back = reverse("directory:organisation", args=[pk])
    ask = Ask(f"{title}：{shown.name}", "确认终止", danger=True, back=back, crumbs=(*_crumbs(), (shown.name, back)))
    form = EndForm(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: end(actor=actor, **{argument: row}, until=form.cleaned_data["until"]))
        if not problems:
            messages.success(request, f"{title}已完成")
            return redirect(back)
    return form_page(request, ask, form, problems)


def _crumbs() -> tuple[tuple[str, str], ...]:
    return (("单位", reverse("directory:organisations")),)
