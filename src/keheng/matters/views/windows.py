"""Windows: times to book, one's turns, the screen in the hall, and the board of those who serve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs, public, signed_in
from keheng.kernel.errors import Refused
from keheng.kernel.row_numbers import whole
from keheng.kernel.spoken import in_a_line
from keheng.matters.actions.booking import book_turn, cancel_turn, move_turn
from keheng.matters.actions.serving import SERVE, call_next, check_in, finish_turn, miss_turn, take_walk_in
from keheng.matters.enums import TurnState
from keheng.matters.models import Turn
from keheng.matters.queries.cases import own_cases
from keheng.matters.queries.points import in_words
from keheng.matters.queries.showing import words
from keheng.matters.queries.windows import board, offers, own_turns
from keheng.matters.queries.windows import screen as shown
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.windows import Window, windows
from keheng.matters.views.applying import done_or_told

_MOST = 50


def _window(name: str) -> Window:
    found = windows().get(name)
    if found is None:
        raise Http404
    return found


def _begins(request: HttpRequest) -> datetime:
    """The time that was chosen; one long ago for what is none, which is refused as every other time that cannot be booked."""
    try:
        found = parse_datetime(request.POST.get("begins", ""))
    except ValueError:
        found = None
    return found if found is not None and found.tzinfo is not None else datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@public
def window(request: HttpRequest, name: str) -> HttpResponse:
    """The times of a window that can be booked, day by day; whoever is signed in says for what."""
    place, actor = _window(name), actor_of(request)
    served = [read.matter for read in all_in_force(localdate()) if place.topic in read.matter.topics]
    cases = own_cases(actor).filter(ended_at=None, matter__in=[one.id for one in served])[:_MOST] if actor.account else []
    context = {
        "window": place, "title": in_words(place.title), "place": in_words(place.place),
        "days": offers(place, localdate(), place.ahead), "may": bool(actor.account),
        "matters": [(one.id, words(one, one.title)) for one in served], "cases": cases,
        "chosen": request.GET.get("matter", ""), "chosen_case": request.GET.get("case", ""),
        "action": reverse("matters:book", args=[name]),
    }  # fmt: skip
    return render(request, "matters/windows/window.html", context)


@signed_in
@require_POST
def book(request: HttpRequest, name: str) -> HttpResponse:
    """Book a time."""
    _window(name)
    kind, _sep, value = request.POST.get("what", "").partition(":")
    case = whole(value) if kind == "case" else None
    try:
        turn = book_turn(actor=actor_of(request), window=name, begins=_begins(request), case=case, matter=value if kind == "matter" else "")
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, in_a_line(one))
        return redirect("matters:window", name)
    messages.success(request, _("预约成功"))
    return redirect("matters:turn", turn.pk)


@signed_in
def turns(request: HttpRequest) -> HttpResponse:
    """One's appointments."""
    rows = [(one, in_words(windows()[one.window].title)) for one in own_turns(actor_of(request))[:_MOST] if one.window in windows()]
    return render(
        request, "matters/windows/turns.html", {"rows": rows, "windows": [(one.id, in_words(one.title)) for one in windows().values()]}
    )


def _own(request: HttpRequest, pk: int) -> Turn:
    return get_object_or_404(own_turns(actor_of(request)), pk=pk)


@signed_in
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """An appointment: its number, the time, another time, or none."""
    one = _own(request, pk)
    place = _window(one.window)
    open_still = one.state == TurnState.BOOKED
    context = {
        "turn": one, "title": in_words(place.title), "place": in_words(place.place), "window": place, "open": open_still,
        "days": offers(place, localdate(), place.ahead) if open_still and "move" in request.GET else {}, "may": True,
        "action": reverse("matters:turn-move", args=[pk]),
    }  # fmt: skip
    return render(request, "matters/windows/turn.html", context)


@signed_in
@require_POST
def turn_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Come at another time."""
    _own(request, pk)
    act = partial(move_turn, actor=actor_of(request), turn=pk, begins=_begins(request))
    return done_or_told(request, act, _("预约已改期"), reverse("matters:turn", args=[pk]))


@signed_in
def turn_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the time back, after a question."""
    one = _own(request, pk)
    if request.method == "POST":
        return done_or_told(request, partial(cancel_turn, actor=actor_of(request), turn=pk), _("预约已取消"), reverse("matters:turns"))
    return render(request, "matters/windows/cancel.html", {"turn": one, "title": in_words(_window(one.window).title)})


@public
def screen(request: HttpRequest, name: str) -> HttpResponse:
    """What hangs in the hall; it loads itself again. Tickets and counters, nothing else."""
    place = _window(name)
    called, waiting = shown(name, localdate())
    return render(request, "matters/windows/screen.html", {"title": in_words(place.title), "called": called, "waiting": waiting})


@needs(SERVE)
def windows_today(request: HttpRequest) -> HttpResponse:
    """The windows that are served."""
    return render(request, "matters/windows/windows.html", {"windows": [(one, one.title["zh"]) for one in windows().values()]})


@needs(SERVE)
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """The board of a window today."""
    place = _window(name)
    served = [(read.matter.id, read.matter.title) for read in all_in_force(localdate()) if place.topic in read.matter.topics]
    counter = request.GET.get("counter", "")
    context = {
        "window": place, "title": place.title["zh"], "board": board(name, localdate()), "matters": dict(served),
        "counter": counter if counter in place.counters else place.counters[0],
    }  # fmt: skip
    return render(request, "matters/windows/serve.html", context)


def _back(request: HttpRequest, name: str, act: Callable[[], Turn], done: str) -> HttpResponse:
    counter = request.POST.get("counter", "")
    suffix = f"?counter={counter}" if counter in _window(name).counters else ""
    return done_or_told(request, act, done, reverse("casework:serve", args=[name]) + suffix)


@needs(SERVE)
@require_POST
def arrive(request: HttpRequest, name: str) -> HttpResponse:
    """Check somebody in by number."""
    act = partial(check_in, actor=actor_of(request), window=name, number=request.POST.get("number", ""))
    return _back(request, name, act, "已取号")


@needs(SERVE)
@require_POST
def walk_in(request: HttpRequest, name: str) -> HttpResponse:
    """Give a ticket to somebody who came without an appointment."""
    act = partial(take_walk_in, actor=actor_of(request), window=name, matter=request.POST.get("matter", ""))
    return _back(request, name, act, "已取号")


@needs(SERVE)
@require_POST
def call(request: HttpRequest, name: str) -> HttpResponse:
    """Call the next one."""
    act = partial(call_next, actor=actor_of(request), window=name, counter=request.POST.get("counter", ""))
    return _back(request, name, act, "已叫号")


@needs(SERVE)
@require_POST
def end(request: HttpRequest, name: str, pk: int, how: str) -> HttpResponse:
    """Done, or missed."""
    acts = {"done": finish_turn, "missed": miss_turn}
    if how not in acts:
        raise Http404
    return _back(request, name, partial(acts[how], actor=actor_of(request), turn=pk), "已办完" if how == "done" else "已过号")
