"""Pages of people: list, page, posts."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.directory.actions.people import add_affiliation, change_person, end_affiliation, register_person
from keheng.directory.enums import PersonStatus
from keheng.directory.forms import EndForm, PersonForm, PostForm
from keheng.directory.models import Person
from keheng.directory.queries.history import history_of
from keheng.directory.queries.organisations import organisations_for
from keheng.directory.queries.people import SEE, not_merged, people_for, people_named
from keheng.directory.rules.people import person_problems
from keheng.directory.views.answers import Ask, form_page, posted
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table

EDIT = "directory.person.edit"


def _posts(one: Person) -> str:
    """Posts that still run, in words; those of a list are fetched beforehand."""
    return "；".join(f"{post.organisation.name} {post.position}".strip() for post in one.affiliations.all() if post.until is None)


TABLE = register_table(
    Table(
        "directory.people", "人员",
        columns=(
            Column("name", "姓名", sort="name", link=lambda one: reverse("directory:person", args=[one.pk])),
            Column("posts", "任职单位", _posts),
            Column("phone", "手机号码", "phone_masked"),
            Column("id_number", "身份证号码", "id_masked"),
            Column("registered_on", "登记日期", kind="date", shown=False),
        ),
        filters=(Filter("q", "姓名", apply=people_named, hint="也可以填写完整的手机号码或身份证号码"),),
        order="name", empty_title="还没有人员", empty_text="登记人员后，补充任职单位。", export=False,
    )
)  # fmt: skip


@needs(SEE)
def person_list(request: HttpRequest) -> HttpResponse:
    """People the actor may see; numbers are masked."""
    records = not_merged(people_for(actor_of(request), localdate())).prefetch_related("affiliations__organisation")
    return respond(request, TABLE, records, "directory/people.html")


@needs(SEE)
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; numbers are masked."""
    actor, today = actor_of(request), localdate()
    shown = get_object_or_404(people_for(actor, today).select_related("merged_into", "expert"), pk=pk)
    editable = shown.status == PersonStatus.ACTIVE and people_for(actor, today, EDIT).filter(pk=pk).exists()
    context = {
        "shown": shown,
        "posts": shown.affiliations.select_related("organisation").order_by("-since", "pk"),
        "parties": shown.related.select_related("organisation").order_by("-since", "pk"),
        "history": history_of("person", pk),
        "editable": editable,
        "proposable": actor.may("directory.expert.propose") and shown.status == PersonStatus.ACTIVE,
        "today": today,
    }
    return render(request, "directory/person.html", context)


@needs(EDIT)
def person_new(request: HttpRequest) -> HttpResponse:
    """Register a person with their post, so that they are within somebody's reach from the start."""
    actor = actor_of(request)
    ask = Ask("登记人员", "登记", "登记后请补充任职单位。", back=reverse("directory:people"), crumbs=_crumbs())
    form = PersonForm(posted(request), actor=actor)
    if request.method != "POST":
        return form_page(request, ask, form)
    made, facts = list[Person](), form.facts()
    if form.is_valid():
        problems = attempt(lambda: made.append(register_person(actor=actor, facts=facts)))
    else:
        problems = tuple(one for one in person_problems(facts) if one.field not in form.errors)
    if not made:
        return form_page(request, ask, form, problems)
    messages.success(request, f"已登记：{made[0].name}")
    return redirect("directory:person-post", pk=made[0].pk)


@needs(EDIT)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person's facts. Numbers are not shown: left blank they stay."""
    actor = actor_of(request)
    shown = get_object_or_404(_editable(request), pk=pk)
    back = reverse("directory:person", args=[pk])
    ask = Ask(
        f"修改资料：{shown.name}", hint="身份证号码和手机号码不显示；不修改的，留空。", back=back, crumbs=(*_crumbs(), (shown.name, back)),
    )  # fmt: skip
    form = PersonForm(posted(request), actor=actor, initial={"name": shown.name, "email": shown.email})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: change_person(actor=actor, person=pk, facts=form.facts()))
        if not problems:
            messages.success(request, "已保存")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs(EDIT)
def person_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a post in an organisation that the actor reaches."""
    actor = actor_of(request)
    shown = get_object_or_404(Person, Q(pk__in=_editable(request)) | Q(pk__in=_unplaced()), pk=pk)
    back = reverse("directory:person", args=[pk])
    ask = Ask(f"登记任职：{shown.name}", "登记", back=back, crumbs=(*_crumbs(), (shown.name, back)))
    form = PostForm(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        if not organisations_for(actor, EDIT).filter(pk=form.cleaned_data["organisation"]).exists():
            form.add_error("organisation", "这个单位不在您的管理范围内")
            return form_page(request, ask, form)
        problems = attempt(lambda: add_affiliation(actor=actor, person=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "任职已登记")
            return redirect(back)
    return form_page(request, ask, form, problems)


@needs(EDIT)
def post_end(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """End a post."""
    actor = actor_of(request)
    shown = get_object_or_404(_editable(request), pk=pk)
    get_object_or_404(shown.affiliations.filter(organisation__in=organisations_for(actor, EDIT)), pk=post)
    back = reverse("directory:person", args=[pk])
    ask = Ask(f"终止任职：{shown.name}", "确认终止", danger=True, back=back, crumbs=(*_crumbs(), (shown.name, back)))
    form = EndForm(posted(request), actor=actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: end_affiliation(actor=actor, affiliation=post, until=form.cleaned_data["until"]))
        if not problems:
            messages.success(request, "任职已终止")
            return redirect("directory:people")
    return form_page(request, ask, form, problems)


def _editable(request: HttpRequest) -> QuerySet[Person]:
    return people_for(actor_of(request), localdate(), EDIT)


def _unplaced() -> QuerySet[Person]:
    """People without any post: whoever may edit people may give them their first one."""
    return Person.objects.filter(affiliations__isnull=True)


def _crumbs() -> tuple[tuple[str, str], ...]:
    return (("人员", reverse("directory:people")),)
