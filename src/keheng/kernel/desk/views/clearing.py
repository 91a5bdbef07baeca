"""Tasks that colleagues took, for whoever may free them or give them to somebody else."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from keheng.kernel.desk.clearing import ARRANGE, clear_tasks, holders, taken_tasks
from keheng.kernel.desk.views.messages import UNPROCESSABLE
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt

_LONGEST, _SHOWN = 200, 100


@needs(ARRANGE)
@require_http_methods(["GET", "POST"])
def colleagues(request: HttpRequest) -> HttpResponse:
    """Who has taken how many; one's tasks with the form. Everything wrong at once, and what was typed stays."""
    actor, problems = actor_of(request), tuple[Problem, ...]()
    typed = {name: (request.POST or request.GET).get(name, "").strip()[:_LONGEST] for name in ("giver", "login", "reason")}
    if request.method == "POST":
        problems = attempt(partial(clear_tasks, actor=actor, **typed))
        if not problems:
            messages.success(request, "已转给同事" if typed["login"] else "已退回，有权办理的同事都可以认领")
            return redirect("desk:colleagues")
    found = holders(actor)
    chosen = next((one for one in found if one.account == typed["giver"]), None)
    tasks = taken_tasks(actor, chosen.account).order_by("due_at", "pk")[:_SHOWN] if chosen else []
    context = {"holders": found, "chosen": chosen, "tasks": tasks, "typed": typed, "problems": problems}
    return render(request, "desk/colleagues.html", context, status=UNPROCESSABLE if problems else 200)
