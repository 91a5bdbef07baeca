"""Pages of those who work inside: what waits for oneself, what one may begin, who stands in for whom."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.doors import actor_of, needs, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Bulk, Table, register_table
from keheng.matters.actions.substituting import end_substitution, substitute
from keheng.matters.actions.telling import KIND, TASK_KEY
from keheng.matters.models import Case, Substitution
from keheng.matters.queries.guides import office_matters
from keheng.matters.queries.substitutions import choices
from keheng.matters.rules.acting import ARRANGE, SEE
from keheng.matters.views.applying import done_or_told
from keheng.matters.views.working import TABLE

UNPROCESSABLE = 422
_MOST = 100
WAITING = register_table(Table(
    "matters.waiting", "待我办理", columns=TABLE.columns, order="due_on", empty_title="没有等您办理的办件",
    empty_text="轮到您办理时会出现在这里和工作台的任务里。", actions=(Bulk("batch", "批量办理", "casework:batch"),),
))  # fmt: skip


@signed_in
def waiting(request: HttpRequest) -> HttpResponse:
    """The cases of one's tasks: the same as on the desk, to be handled together."""
    tasks = tasks_for(actor_of(request)).filter(kind=KIND, key__startswith=TASK_KEY).order_by()
    # A key is "case:17:window". The list is asked for three times: which tasks are one's own, only once.
    numbers = {int(key.split(":")[1]) for key in tasks.values_list("key", flat=True)}
    # Only what has not ended waits for somebody: said to the database, which has an index of just those.
    rows = Case.objects.filter(pk__among=numbers, submitted_at__isnull=False, ended_at=None)
    rows = rows.exclude(applicant=actor_of(request).account).select_related("unit")
    return respond(request, WAITING, rows.defer("unit__contact_phone", "answers", "private", "marks"), "matters/work/waiting.html")


@needs(SEE)
def begin(request: HttpRequest) -> HttpResponse:
    """Matters of the office that anybody inside may begin."""
    found = [read.matter for read in office_matters(localdate()) if read.matter.parent is None]
    return render(request, "matters/work/begin.html", {"matters": found})


@signed_in
def substitutions(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom: one's own, and all of them for whoever sees cases; and the form for a new one, also for another."""
    actor, problems = actor_of(request), tuple[Problem, ...]()
    if request.method == "POST":
        since, until = (
            parse_date(request.POST.get(name, "")[:10]) if _is_day(request.POST.get(name, "")) else None for name in ("since", "until")
        )
        today = localdate()
        act = partial(
            substitute, actor=actor, login=request.POST.get("login", ""), since=since or today - timedelta(days=1),
            until=until + timedelta(days=1) if until else today, reason=request.POST.get("reason", ""), giver=request.POST.get("giver", ""),
        )  # fmt: skip
        problems = attempt(act)
        if not problems:
            return redirect("casework:substitutions")
    own = Q(giver=actor.account) | Q(taker=actor.account)
    rows = Substitution.objects.filter(until__gt=localdate()) if actor.may(SEE) else Substitution.objects.filter(own)
    shown = list(rows.order_by("since", "pk")[:_MOST])
    names = accounts().names({account for row in shown for account in (row.giver, row.taker)})
    context = {
        "rows": [
            {
                "row": row, "giver": names.get(row.giver, ""), "taker": names.get(row.taker, ""), "last": row.until - timedelta(days=1),
                "may_end": row.giver == actor.account or actor.may(ARRANGE),
                "told": actor.account in {row.giver, row.taker},
                "now": row.since <= localdate() < row.until,
            }
            for row in shown
        ],
        "givers": choices() if actor.may(ARRANGE) else [],
        "problems": problems,
        "typed": request.POST,
    }  # fmt: skip
    return render(request, "matters/work/substitutions.html", context, status=UNPROCESSABLE if problems else 200)


def _is_day(text: str) -> bool:
    """Whether a text is a day that has a next one."""
    try:
        day = parse_date(text[:10])
    except ValueError:
        return False
    return day is not None and day < date.max


@signed_in
@require_POST
def substitution_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own, or another's for who may arrange them."""
    act = partial(end_substitution, actor=actor_of(request), substitution=pk)
    return done_or_told(request, act, "代理已结束，双方都已收到消息", reverse("casework:substitutions"))
