"""Pages of personal data for the public, for each person about themselves, and for those who look after them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.doors import actor_of, needs, public, signed_in
from keheng.kernel.errors import Problem, Refused
from keheng.kernel.personal import requests as own
from keheng.kernel.personal.catalogue import catalogue, notice
from keheng.kernel.personal.consents import give_consent, withdraw_consent
from keheng.kernel.personal.forms import AskForm, DecideForm, HoldForm, RevealForm
from keheng.kernel.personal.holders import keys_of
from keheng.kernel.personal.holds import in_force, lift_hold, place_hold
from keheng.kernel.personal.models import Consent, DataRequest, RetentionRun
from keheng.kernel.personal.pdf import draw_pdf
from keheng.kernel.personal.retention import all_bindings
from keheng.kernel.personal.retention_rules import rules
from keheng.kernel.personal.reveal import PERMISSION, OutOfReachError, masked, policy, reveal, subject
from keheng.kernel.row_numbers import whole
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table

_ON_A_PAGE = 20
_TITLE = "本平台持有的我的个人信息"


def _page(request: HttpRequest, rows: QuerySet[Any] | list[Any]) -> Page[Any]:
    return Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))


@public
@require_GET
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """What is held, why, on which basis, how long (个人信息保护法 art. 17)."""
    kinds = json.loads((definitions_folder("personal") / "kinds.json").read_text(encoding="utf-8"))
    rows = [
        {"table": table, "entry": entry, "kind": kinds[entry.kind], "rule": rules()[entry.keep]}
        for table in catalogue().values()
        for entry in table.fields.values()
    ]
    return render(request, "personal/catalogue.html", {"notice": notice(), "page": _page(request, rows)})


@needs(PERMISSION)
@never_cache
@require_http_methods(["GET", "POST"])
def reveal_page(request: HttpRequest, label: str, pk: str, field: str) -> HttpResponse:
    """Ask for the reason, then show the value once. With ``X-Fragment`` the answer is a part of a page, for ``reveal.js``."""
    actor, problems, value, shown = actor_of(request), list[Problem](), None, ""
    part = bool(request.headers.get("X-Fragment"))
    # Several parts may stand in one page: each has ids of its own, and no list of problems that links to them.
    form = RevealForm(request.POST or None, auto_id=f"id_{pk}_{field}_%s" if part else "id_%s")
    try:
        if request.method == "POST" and form.is_valid():
            value = reveal(actor=actor, model=label, pk=pk, field=field, reason=form.words())
    except Refused as refused:
        problems = [replace(one, field="") for one in refused.problems] if part else list(refused.problems)
    except OutOfReachError:
        raise Http404 from None
    if value is None:
        try:
            shown = masked(subject(actor, label, pk, field), field)
        except OutOfReachError:
            raise Http404 from None
    context = {"form": form, "problems": problems, "masked": shown, "value": value, "seconds": policy()["hide_after_seconds"]}
    response = render(request, "personal/reveal_part.html" if part else "personal/reveal.html", context)
    if value is not None and not part:
        # Without a script the page hides the value by going back to the question.
        response.headers["Refresh"] = f"{policy()['hide_after_seconds']}; url={request.path}"
    return response


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Everything held about oneself, one's requests and consents."""
    return _mine(request, AskForm(), [])


def _mine(request: HttpRequest, form: AskForm, problems: list[Problem]) -> HttpResponse:
    actor = actor_of(request)
    rows = [(section, row) for section in own.read_own(actor=actor) for row in section.rows]
    consents = Consent.objects.filter(person_key__in=keys_of(actor.account), withdrawn_at__isnull=True).order_by("pk")
    context = {
        "page": _page(request, rows),
        "form": form,
        "problems": problems,
        "requests": own.requests_of(actor.account)[:_ON_A_PAGE],
        "consents": consents,
        "notice": notice(),
        "consented": consents.filter(notice=notice()["code"], version=notice()["version"]).exists(),
    }
    return render(request, "personal/mine.html", context)


@signed_in
@never_cache
@require_POST
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """One's own data to take along; asks the person to prove again who they are."""
    if not request.proven():  # type: ignore[attr-defined]  # set by the middleware of the site
        return request.prove_again()  # type: ignore[attr-defined,no-any-return]  # set by it too
    sections = own.export_own(actor=actor_of(request), form=form)
    if form == "pdf":
        content, media = draw_pdf(_TITLE, f"{localtime():%Y-%m-%d %H:%M}", sections), "application/pdf"
    else:
        held = [{"code": one.code, "title": one.title_zh, "kept": one.keeps_zh, "records": one.rows} for one in sections]
        text = json.dumps({"made_at": localtime(), "held": held}, ensure_ascii=False, indent=1, default=str)
        content, media = text.encode(), "application/json"
    response = HttpResponse(content, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="personal-data-{localdate()}.{form}"'
    return response


@signed_in
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Open a request."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return _mine(request, form, [])
    try:
        made = own.ask_request(
            actor=actor_of(request), kind=DataRequest.Kind(form.cleaned_data["kind"]), detail=form.cleaned_data["detail"]
        )
    except Refused as refused:
        return _mine(request, form, list(refused.problems))
    messages.success(request, f"已提交，将在 {made.due_on} 前答复")
    return redirect("personal:mine")


@signed_in
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Give consent to the notice as it was read, or withdraw one."""
    actor, given = actor_of(request), whole(request.POST.get("withdraw", ""))
    try:
        if given is not None:
            withdraw_consent(actor=actor, person_keys=keys_of(actor.account), consent_id=given)
        else:
            give_consent(actor=actor, person_key=keys_of(actor.account)[0], version=request.POST.get("version", ""))
    except Refused as refused:
        return _mine(request, AskForm(), list(refused.problems))
    messages.success(request, "已撤回" if given else "已记录")
    return redirect("personal:mine")


def _late(one: DataRequest) -> bool:
    return one.state == "open" and one.due_on < localdate()


REQUESTS = register_table(
    Table(
        "personal.requests", "个人信息请求",
        columns=(
            Column("id", "编号", "pk", sort="pk", link=lambda one: reverse("personal:request", args=[one.pk])),
            Column("kind", "请求", "get_kind_display"),
            Column("asked_at", "提出", kind="time"),
            Column(
                "due_on", "期限", lambda one: f"{one.due_on}{' 逾期' if _late(one) else ''}", sort="due_on",
                tag=lambda one: "bad" if _late(one) else "",
            ),
            Column("state", "状态", "get_state_display"),
        ),
        filters=(
            Filter("state", "状态", "choice", choices=(("decided", "已答复"),), blank="待处理",
                   apply=lambda rows, _state: rows.exclude(state="open"), otherwise=lambda rows: rows.filter(state="open")),
        ),
        order="due_on", empty_title="没有请求", empty_text="个人提出的更正和删除请求会出现在这里，按期限排列。",
        exports=lambda _actor, _scope: DataRequest.objects.defer("detail", "answer"),
    )
)  # fmt: skip


@needs("personal.requests.decide")
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests to be answered, the most urgent first; or those that are done."""
    return respond(request, REQUESTS, DataRequest.objects.defer("detail", "answer"), "personal/requests.html")


@needs("personal.requests.decide")
@never_cache
@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, with the answer to give or as it was given."""
    asked = get_object_or_404(DataRequest.objects.prefetch_related("proofs"), pk=pk)
    form, problems = DecideForm(request.POST or None), list[Problem]()
    if request.method == "POST" and form.is_valid():
        approve = request.POST.get("decision") == "approve"
        try:
            own.decide_request(actor=actor_of(request), request_id=pk, approve=approve, reason=form.cleaned_data["reason"])
        except Refused as refused:
            problems = list(refused.problems)
        else:
            messages.success(request, "已办结" if approve else "已答复不同意")
            return redirect("personal:request", pk=pk)
    return render(request, "personal/request.html", {"asked": asked, "form": form, "problems": problems, "today": localdate()})


@needs("personal.holds.manage")
@require_http_methods(["GET", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """Holds in force; place and lift them."""
    form, problems, lifted = HoldForm(request.POST or None), list[Problem](), whole(request.POST.get("lift", ""))
    if request.method == "POST":
        try:
            if lifted is not None:
                lift_hold(actor=actor_of(request), hold_id=lifted)
            else:
                place_hold(actor=actor_of(request), target=request.POST.get("target", ""), document=request.POST.get("document", ""))
        except Refused as refused:
            problems = list(refused.problems)
        else:
            messages.success(request, "已解除" if lifted else "已设置")
            return redirect("personal:holds")
    return render(request, "personal/holds.html", {"page": _page(request, in_force().order_by("-pk")), "form": form, "problems": problems})


@needs("personal.retention.see")
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """Rules, what carries them out, and the log of runs."""
    bound = {binding.rule for binding in all_bindings()}
    context = {
        "rules": [{"rule": rule, "bound": rule.code in bound} for rule in rules().values()],
        "page": _page(request, RetentionRun.objects.order_by("-pk")),
    }
    return render(request, "personal/retention.html", context)
