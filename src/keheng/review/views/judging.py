"""The judge's desk: only what one was drawn for, and nothing of what others gave."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from keheng.kernel.asking import UNPROCESSABLE, Asked, ask, beside, posted
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.review.actions.panel import declare_conflict, decline_round, state_independence
from keheng.review.actions.scoring import submit_scores
from keheng.review.enums import PanelistState, SeatState, rubric_from
from keheng.review.forms import ReasonForm, ScoreForm, StatementForm
from keheng.review.models import Evidence, Panelist, Seat
from keheng.review.queries.evidence import cited_shown
from keheng.review.queries.results import own_mean
from keheng.review.rules.rounds import JUDGE


@needs(JUDGE)
def desk(request: HttpRequest) -> HttpResponse:
    """The rounds one was called for, with one's own entries."""
    own = Panelist.objects.filter(account=actor_of(request).account).exclude(state=PanelistState.DECLINED)
    panel = list(own.select_related("round").order_by("-round__opened_at"))
    seats = (
        Seat.objects.filter(panelist__in=panel).exclude(state=SeatState.DROPPED).select_related("entry").order_by("state", "entry__code")
    )
    by_panelist: dict[int, list[Seat]] = {}
    for seat in seats:
        by_panelist.setdefault(seat.panelist_id, []).append(seat)
    return render(request, "review/desk.html", {"panel": [(one, by_panelist.get(one.pk, [])) for one in panel]})


def _own_panelist(request: HttpRequest, pk: int) -> Panelist:
    return get_object_or_404(Panelist.objects.select_related("round"), pk=pk, account=actor_of(request).account)


def _own_seat(request: HttpRequest, pk: int) -> Seat:
    own = Seat.objects.exclude(state=SeatState.DROPPED).select_related("entry", "panelist__round")
    return get_object_or_404(own, pk=pk, panelist__account=actor_of(request).account)


def _papers(one: Seat) -> list[Evidence]:
    """The files of the entry, once independence was stated: before that they do not open."""
    return list(one.entry.evidence.all()) if one.panelist.state == PanelistState.STATED else []


@needs(JUDGE)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the statement of independence."""
    one, form = _own_panelist(request, pk), StatementForm(posted(request))
    asked = Asked(f"参加评审：{one.round.title}", "声明并参加", reverse("review:desk"))
    return ask(
        request, asked, form, lambda: state_independence(actor=actor_of(request), panelist=pk, agreed=form.cleaned_data["agreed"]),
        "已声明，可以开始评审",
    )  # fmt: skip


@needs(JUDGE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a round."""
    one, form = _own_panelist(request, pk), ReasonForm(posted(request))
    asked = Asked(f"退出评审：{one.round.title}", "退出", reverse("review:desk"), "未提交的项目将改由其他专家评审，不能恢复。", danger=True)
    return ask(
        request, asked, form, lambda: decline_round(actor=actor_of(request), panelist=pk, reason=form.cleaned_data["reason"]), "已退出"
    )  # fmt: skip


@needs(JUDGE)
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a conflict with one entry."""
    one, form = _own_seat(request, pk), ReasonForm(posted(request))
    asked = Asked(f"申报回避：{one.entry.code}", "申报回避", reverse("review:desk"), "这个项目将改由其他专家评审，不能恢复。", danger=True)
    return ask(
        request, asked, form, lambda: declare_conflict(actor=actor_of(request), seat=pk, reason=form.cleaned_data["reason"]),
        "已申报回避",
    )  # fmt: skip


@needs(JUDGE)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The document beside the rubric; what was handed in can only be read."""
    one = _own_seat(request, pk)
    rubric = rubric_from(one.panelist.round.rubric)
    handed_in = one.state == SeatState.SUBMITTED
    given = dict(one.marks.values_list("criterion", "points")) if handed_in else {}
    form = ScoreForm(posted(request), rubric=rubric, initial={**given, "comment": one.comment})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(
            lambda: submit_scores(actor=actor_of(request), seat=pk, points=form.points(), comment=form.cleaned_data["comment"])
        )
        if not problems:
            messages.success(request, f"{one.entry.code} 已提交")
            following = one.panelist.seats.filter(state=SeatState.OPEN).order_by("entry__code").first()
            return redirect("review:score", following.pk) if following is not None else redirect("review:desk")
    papers = _papers(one)
    context = {
        "seat": one, "entry": one.entry, "round": one.panelist.round, "form": form, "problems": beside(form, problems),
        "papers": papers, "cited": cited_shown(one.entry, papers), "handed_in": handed_in, "mean": own_mean(one.panelist),
    }  # fmt: skip
    return render(request, "review/score.html", context, status=UNPROCESSABLE if form.errors or problems else 200)
