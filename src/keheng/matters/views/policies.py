"""Policies: what there is, for visitors; how one's unit stands, and what it tells of itself; how all units stand, for the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keheng.directory.service import districts
from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs, shared, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.money import Money
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import whole
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.awarding import AWARD
from keheng.matters.actions.policies import tell_facts
from keheng.matters.models import PolicyCase, PolicyRun
from keheng.matters.queries.cases import matter_of
from keheng.matters.queries.policies.known import Unit, units_by_number
from keheng.matters.queries.policies.looking import offices, policies_about
from keheng.matters.queries.policies.overview import Tally, clause_said, standings_for, tallies, why
from keheng.matters.queries.policies.own import facts_asked, for_visitors, own_policies, own_policy
from keheng.matters.queries.policies.stages import STAGES, Progress, in_publicity, last_told, policy_cases_for, progress_of_policies
from keheng.matters.rules.acting import APPLY, SEE
from keheng.matters.rules.matching.policy import MOST_CLAUSES, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.objections import objections_until

_UNPROCESSABLE, _LONGEST, _LONGEST_SOUGHT = 422, 200, 60
_MET, _NEAR = "met", "near"


def _unit_of(actor: Principal) -> Unit | None:
    """The unit acted for, where policies are matched against it."""
    if not actor.unit or not actor.may(APPLY):
        return None
    return next(iter(units_by_number([int(actor.unit)])), None)


def _policy(name: str) -> Policy:
    found = next((one for one in policy_shelf().in_force(localdate()) if one.id == name), None)
    if found is None:
        raise Http404
    return found


@shared
def policy_list(request: HttpRequest) -> HttpResponse:
    """Policies that were looked for, all at first; for somebody who acts for a unit how it stands to each."""
    unit, today = _unit_of(actor_of(request)), localdate()
    text, office = request.GET.get("q", "").strip()[:_LONGEST_SOUGHT], request.GET.get("office", "")[:_LONGEST]
    found = policies_about(today, text, office)
    asked = {"q": text, "office": office, "offices": offices(today), "narrowed": bool(text or office), "found": len(found)}
    if unit is None:
        context = {"policies": [for_visitors(one, today) for one in found], "signed_in": bool(actor_of(request).account), "asked": asked}
        return render(request, "matters/policies/list.html", context)
    return render(request, "matters/policies/own.html", {"own": own_policies(unit, found, today), "unit": unit, "asked": asked})


@shared
def policy_page(request: HttpRequest, name: str) -> HttpResponse:
    """A policy with its clauses; each met, unmet or unknown for somebody who acts for a unit."""
    unit, policy = _unit_of(actor_of(request)), _policy(name)
    said = for_visitors(policy, localdate()) if unit is None else own_policy(unit, policy, localdate())
    context = {"said": said, "policy": policy, "unit": unit, "public": [_published(row) for row in in_publicity(name)]}
    return render(request, "matters/policies/policy.html", context)


def _published(row: PolicyCase) -> dict[str, Any]:
    """Who is to have the policy, how much, until when anybody may object, and where while those days go on."""
    fen, until = row.case.answers.get(AWARD), objections_until(row.case, matter_of(row.case), working_calendar())
    return {
        "name": row.unit.name,
        "money": Money(fen) if isinstance(fen, int) else None,
        "until": until,
        "object_to": row.pk if until is not None and localdate() <= until else None,
    }


@signed_in
def unit_facts(request: HttpRequest) -> HttpResponse:
    """What a unit tells of itself; everything wrong at once, and what was typed stays."""
    unit, today = _unit_of(actor_of(request)), localdate()
    if unit is None:
        messages.error(request, _("您现在没有代表企业办事，请先切换单位。"))
        return redirect("matters:policies")
    typed = dict[str, str]()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        names = [one.id for one in policy_shelf().facts.values() if not one.shared and one.id in request.POST]
        typed = {name: request.POST[name].strip()[:_LONGEST] for name in names}
        problems = _told(request, typed)
        if not problems:
            messages.success(request, _("已保存，下面是按最新情况匹配的结果。"))
            return redirect("matters:policies")
    context = {
        "unit": unit,
        "sections": facts_asked(unit, today, typed, problems),
        "problems": problems,
        "draft": f"policies.facts.{unit.pk}",
    }
    return render(request, "matters/policies/facts.html", context, status=_UNPROCESSABLE if problems else 200)


def _told(request: HttpRequest, typed: dict[str, str]) -> tuple[Problem, ...]:
    seen = {name: request.POST.get(f"seen-{name}", "")[:_LONGEST] for name in typed}
    return attempt(lambda: tell_facts(actor=actor_of(request), typed=typed, seen=seen))


def _clause(row: Any) -> str:
    """What keeps a unit out, in words; what was judged by another version is not said in the words of this one."""
    policy = next((one for one in policy_shelf().in_force(localdate()) if (one.id, one.version) == (row.policy, row.version)), None)
    return "" if policy is None else clause_said(policy, row.lacks)


def _by_result(rows: Rows, given: str) -> Rows:
    return rows.filter(lacks=0) if given == _MET else rows.filter(lacks__gt=0)


def _by_clause(rows: Rows, given: str) -> Rows:
    return rows.filter(lacks=clause) if 1 <= (clause := whole(given) or 0) <= MOST_CLAUSES else rows


UNITS = register_table(Table(
    "matters.policy_units", "政策匹配的单位",
    columns=(
        Column("unit", "单位", "unit.name", link=lambda row: reverse("directory:organisation", args=[row.unit_id])),
        Column("district", "区", lambda row: districts().get(row.unit.district, row.unit.district)),
        Column("verdict", "结果", lambda row: "只差一条" if row.lacks else "符合", tag=lambda row: "" if row.lacks else "ok"),
        Column("lacks", "还差的条件", _clause),
        Column("since", "自", sort="since", kind="date"),
    ),
    filters=(
        Filter("q", "单位名称", apply="unit__name"),
        Filter("verdict", "结果", "choice", apply=_by_result, choices=((_MET, "符合"), (_NEAR, "只差一条"))),
        Filter("clause", "差第几条", apply=_by_clause),
    ),
    order="-since", empty_title="没有这样的单位", empty_text="这里列出符合的和只差一条的单位；换一个条件，或者在上面按名称查一家单位。",
))  # fmt: skip

TOLD = register_table(Table(
    "matters.policy_told", "已告知的单位",
    columns=(
        Column("unit", "单位", "unit.name", link=lambda row: reverse("directory:organisation", args=[row.unit_id])),
        Column("district", "区", lambda row: districts().get(row.unit.district, row.unit.district)),
        Column("at", "告知时间", sort="at", kind="time"),
        Column("told", "消息", kind="integer"),
        Column("now", "现在", lambda row: {None: "不符合或待定", 0: "符合"}.get(row.lacks, "只差一条")),
    ),
    filters=(Filter("q", "单位名称", apply="unit__name"),),
    order="-at", empty_title="没有这样的单位", empty_text="单位新符合这项政策时，平台给它的管理员发消息，之后列在这里。",
))  # fmt: skip


@needs(SEE)
def policy_overview(request: HttpRequest) -> HttpResponse:
    """Each policy: how many meet it, do not, are unknown; the clause that fails most often; near misses."""
    rows = tallies(actor_of(request), localdate())
    chart = Chart("符合与待定的单位", [one.policy.title for one in rows], [Series("符合", [one.met for one in rows]),
                  Series("待定", [one.unknown for one in rows])], kind=Shape.ROWS, unit="家")  # fmt: skip
    come = progress_of_policies(actor_of(request))
    applied = [(one.policy, one.met, come.get(one.policy.id, Progress())) for one in rows if one.policy.apply is not None]
    context = {"rows": rows, "chart": chart, "run": PolicyRun.objects.filter(pk=1).first(), "applied": applied}
    return render(request, "matters/work/policies.html", context)


@needs(SEE)
def policy_units(request: HttpRequest, name: str) -> HttpResponse:
    """The units behind a policy's figures, as far as the officer reaches; the list may be taken away."""
    policy, actor = _policy(name), actor_of(request)
    if "told" in request.GET:
        told = last_told(actor, policy).select_related("unit").defer("unit__contact_phone")
        return respond(request, TOLD, told, "matters/work/policy_told.html", {"policy": policy})
    rows = standings_for(actor).filter(policy=name).select_related("unit").defer("unit__contact_phone")
    tally: Tally | None = next((one for one in tallies(actor, localdate()) if one.policy is policy), None)
    text = request.GET.get("who", "").strip()[:_LONGEST_SOUGHT]
    asked = {"text": text, "found": why(actor, policy, text, localdate())}
    context = {"policy": policy, "tally": tally, "asked": asked, "run": PolicyRun.objects.filter(pk=1).first()}
    return respond(request, UNITS, rows, "matters/work/policy_units.html", context)


def _stage(rows: Rows, given: str) -> Rows:
    return rows.filter(STAGES[given][1])


def _office_address(row: PolicyCase) -> str:
    """The case on the office's side, once it was handed in."""
    return reverse("casework:case", args=[row.case_id]) if row.case.submitted_at is not None else ""


CASES = register_table(Table(
    "matters.policy_cases", "政策办件",
    columns=(
        Column("unit", "单位", "unit.name", link=lambda row: reverse("directory:organisation", args=[row.unit_id])),
        Column("number", "办件", lambda row: row.case.number or "—", kind="code", link=_office_address),
        Column("offered", "方式", lambda row: "免申即享" if row.offered else "申请", tag=lambda row: "brand" if row.offered else ""),
        Column("state", "环节", lambda row: matter_of(row.case).state_of[row.case.state].title),
        Column("award", "金额（元）", lambda row: row.case.answers.get(AWARD), kind="money"),
        Column("opened_at", "开始", "case.opened_at", sort="pk", kind="time"),
    ),
    filters=(
        Filter("q", "单位名称", apply="unit__name"),
        Filter("stage", "进展", "choice", apply=_stage, choices=tuple((code, title) for code, (title, _which) in STAGES.items())),
    ),
    order="-opened_at", empty_title="没有这样的办件", empty_text="换一个条件；符合政策的单位申请或确认以后出现在这里。",
))  # fmt: skip


@needs(SEE)
def policy_cases(request: HttpRequest, name: str) -> HttpResponse:
    """The cases behind a policy's figures, as far as the officer reaches."""
    policy = _policy(name)
    rows = policy_cases_for(actor_of(request)).filter(policy=name).select_related("unit", "case__edition")
    return respond(request, CASES, rows.defer("unit__contact_phone", "case__private"), "matters/work/policy_cases.html", {"policy": policy})
