"""One's own cases: their list, what was begun and not handed in, a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import Refused
from keheng.kernel.powers import Principal
from keheng.kernel.row_numbers import whole
from keheng.kernel.spoken import in_a_line
from keheng.kernel.tables.paging import Order, Page, Place, page_of, read_cursor, write_cursor
from keheng.matters.actions.applying import open_case
from keheng.matters.models import Case
from keheng.matters.queries.cases import loaded, matter_of, own_cases
from keheng.matters.queries.missing import missing
from keheng.matters.queries.own import STANDS, WAITS, drafts_of, matters_of, speaking_of, standing, waits_for_applicant
from keheng.matters.queries.showing import words

_A_PAGE, _MOST_DRAFTS, _LONGEST = 20, 3, 60
_LATEST_FIRST = Order("touched_at", descending=True)
_SALT = "matters.mine"


@signed_in
def my_cases(request: HttpRequest) -> HttpResponse:
    """Cases one applied for oneself and those of the unit acted for, where something happened last first; narrowed by the address."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:_LONGEST] for name in ("q", "matter", "state")}
    every = own_cases(actor_of(request))
    known = matters_of(every)
    rows = standing(every, asked["state"])
    rows = rows.filter(matter=asked["matter"]) if asked["matter"] else rows
    rows = speaking_of(rows, asked["q"]) if asked["q"] else rows
    after, before = (_place(request, name) for name in ("after", "before"))
    page = page_of(rows.select_related("edition").defer("answers", "private", "marks"), _LATEST_FIRST, _A_PAGE, after=after, before=before)
    context = {
        "rows": [_line(case) for case in page.rows],
        "asked": asked,
        "matters": known if len(known) > 1 else [],
        "stands": _stands(asked, standing(every, WAITS).count()),
        "any": bool(known),
        **_turns(page, asked),
    }
    return render(request, "matters/mine.html", context)


def _line(case: Case) -> dict[str, Any]:
    matter = matter_of(case)
    state = matter.state_of[case.state]
    return {
        "case": case,
        "title": words(matter, matter.title),
        "state": words(matter, state.title),
        "waits": case.ended_at is None and waits_for_applicant(matter, state),
    }


def _stands(asked: dict[str, str], waiting: int) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "count": waiting if code == WAITS else 0, "url": f"?{_written(asked | {'state': code})}"}
        for code, name in (("", _("全部")), *STANDS)
    ]


def _place(request: HttpRequest, name: str) -> Place | None:
    text = request.GET.get(name, "")
    return read_cursor(text, _LATEST_FIRST, _SALT) if text else None


def _turns(page: Page, asked: dict[str, str]) -> dict[str, str]:
    """The addresses of the pages before and after; '' where there is none."""
    ways = (("before", page.has_before, page.first), ("after", page.has_after, page.last))
    return {
        name: f"?{_written(asked | {name: write_cursor(place, _LATEST_FIRST, _SALT)})}" if there and place is not None else ""
        for name, there, place in ways
    }


def _written(asked: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    return query.urlencode()


@signed_in
@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin an application; who has begun the same one already is asked first whether to go on with it."""
    actor, parent = actor_of(request), whole(request.POST.get("parent", ""))
    if "another" not in request.POST and drafts_of(actor, name, parent).exists():
        return redirect(f"{reverse('matters:begun', args=[name])}{'' if parent is None else f'?parent={parent}'}")
    try:
        case = open_case(actor=actor, matter=name, parent=parent)
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, in_a_line(one))
        return redirect("matters:matter", name)
    return redirect("matters:form", case.pk, 1)


@signed_in
def begun(request: HttpRequest, name: str) -> HttpResponse:
    """What was begun of a matter and not handed in: to go on with, or to begin another one beside it."""
    actor, parent = actor_of(request), whole(request.GET.get("parent", ""))
    drafts = list(drafts_of(actor, name, parent)[: _MOST_DRAFTS + 1])
    if not drafts:
        return redirect("matters:matter", name)
    matter = matter_of(drafts[0])
    context = {
        "title": words(matter, matter.title),
        "matter": name,
        "parent": parent,
        "drafts": [_begun(case, actor) for case in drafts[:_MOST_DRAFTS]],
        "more": len(drafts) > _MOST_DRAFTS,
    }
    return render(request, "matters/begun.html", context)


def _begun(case: Case, actor: Principal) -> dict[str, Any]:
    one = loaded(case)
    left = missing(one, actor)
    home = reverse("matters:case", args=[case.pk])
    return {
        "case": case,
        "state": words(one.matter, one.matter.state_of[case.state].title),
        "by": "" if case.applicant == actor.account else accounts().names([case.applicant]).get(case.applicant, ""),
        "left": len(left),
        # What is missing in the form comes first: files are handed in on the page of the case.
        "url": next((each.url for each in left if each.url and not each.url.startswith(home + "#")), home),
        "may_discard": not case.version,
    }
