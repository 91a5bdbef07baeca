"""Pages of re-checks: drawing a sample with its memo, scores beside scores, sending back, rectifications."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal
from keheng.performance.actions.rechecks import (
    Opinion,
    answer_rectification,
    ask_rectification,
    close_recheck,
    draw_sample,
    score_recheck,
    send_back,
)
from keheng.performance.enums import RecheckState, Verdict
from keheng.performance.forms.base import ReasonForm
from keheng.performance.forms.evaluations import RectificationForm, ReplyForm, SeedForm
from keheng.performance.models import Recheck, Rectification, Sample
from keheng.performance.queries.evaluations import rows_of_evaluation, text_of
from keheng.performance.queries.projects import EDIT, projects_for
from keheng.performance.rules.targets import policy_for, target_of
from keheng.performance.views.asking import UNPROCESSABLE, Asked, act_and_return, answered, crumbs_of, posted

DO = "performance.recheck.do"
_FINDING = (("confirmed", "属实"), ("explained", "已说明"), ("withdrawn", "撤销"))


def _rechecks(actor: Principal) -> QuerySet[Recheck]:
    return Recheck.objects.filter(evaluation__project__in=projects_for(actor, DO)).select_related("evaluation__project__unit", "sample")


@needs(DO)
def rechecks(request: HttpRequest) -> HttpResponse:
    """Forms in re-check, and the samples drawn."""
    rows = _rechecks(actor_of(request)).order_by("state", "-pk")[:200]
    context = {
        "rows": [(one, RecheckState(one.state).label) for one in rows], "samples": Sample.objects.order_by("-at")[:20],
    }  # fmt: skip
    return render(request, "performance/rechecks.html", context)


@needs(DO)
def sample_new(request: HttpRequest) -> HttpResponse:
    """Draw a sample."""
    form = SeedForm(posted(request), initial={"year": localdate().year - 1})
    hint = "按“涉及金额 × 存疑分值”加权抽取；种子和清单写入抽查备忘录，任何人都能重现。"
    asked = Asked("抽取复核样本", "抽取", reverse("performance:rechecks"), hint, crumbs=(("复核", reverse("performance:rechecks")),))
    return answered(request, asked, form, lambda: draw_sample(actor=actor_of(request), **form.cleaned_data), "已抽取")


@needs(DO)
def sample_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The memo of a sample."""
    row = get_object_or_404(Sample, pk=pk)
    drawn = row.memo["drawn"]
    frame = sorted(({**one, "drawn": one["form"] in drawn} for one in row.memo["frame"]), key=lambda one: -one["risk"])
    return render(request, "performance/sample.html", {"sample": row, "frame": frame})


@needs(DO)
def recheck_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores beside scores; what is typed stays when something is wrong."""
    row = get_object_or_404(_rechecks(actor_of(request)), pk=pk)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = attempt(lambda: _score(request, row))
        if not problems:
            return redirect(reverse("performance:recheck", args=[pk]))
    mine = {one.row_id: one for one in row.rows.all()}
    rows = [
        {
            "row": one, "target": target_of(one.indicator).printed(), "actual": text_of(one), "mine": mine.get(one.pk),
            "score": request.POST.get(f"score-{one.place}", str(mine[one.pk].score if one.pk in mine else one.score)),
            "verdict": request.POST.get(f"verdict-{one.place}", mine[one.pk].verdict if one.pk in mine else Verdict.CONFIRMED),
            "note": request.POST.get(f"note-{one.place}", mine[one.pk].note if one.pk in mine else ""),
            "proofs": list(one.evidence.all()),
        }
        for one in rows_of_evaluation(row.evaluation)
    ]  # fmt: skip
    context = {
        "recheck": row, "project": row.evaluation.project, "evaluation": row.evaluation, "rows": rows, "verdicts": Verdict.choices,
        # What was typed into one that was closed meanwhile stays where it was typed.
        "open": row.state == RecheckState.OPEN, "writing": row.state == RecheckState.OPEN or problems,
        "clause": policy_for(row.evaluation.layout).clause,
        "state": RecheckState(row.state).label, "problems": problems,
        "findings": [
            (one, request.POST.get(f"finding-{place}", row.verdicts.get(one["mark"], "confirmed")))
            for place, one in enumerate(row.evaluation.findings)
        ],
        "decisions": _FINDING,
        "opinion": request.POST.get("opinion", row.opinion), "rectifications": row.rectifications.order_by("due_on"),
    }  # fmt: skip
    return render(request, "performance/recheck.html", context, status=UNPROCESSABLE if problems else 200)


def _score(request: HttpRequest, row: Recheck) -> None:
    typed = request.POST
    opinions = {one.place: _opinion(typed, one.place) for one in rows_of_evaluation(row.evaluation)}
    marks = [one["mark"] for one in row.evaluation.findings]
    known = dict(_FINDING)
    verdicts = {mark: typed.get(f"finding-{place}", "") for place, mark in enumerate(marks) if typed.get(f"finding-{place}", "") in known}
    score_recheck(actor=actor_of(request), recheck=row.pk, opinions=opinions, verdicts=verdicts, opinion=typed.get("opinion", ""))


def _opinion(typed: QueryDict, place: int) -> Opinion:
    score, verdict, note = (typed.get(f"{name}-{place}", "") for name in ("score", "verdict", "note"))
    return Opinion(score=_points(score), verdict=verdict, note=note)


def _points(text: str) -> Decimal:
    """What was typed as a score; something below nothing for what is no number, which is refused."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return Decimal(-1)
    return found if found.is_finite() else Decimal(-1)


@needs(DO)
@require_POST
def recheck_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The form stands."""
    get_object_or_404(_rechecks(actor_of(request)), pk=pk)
    back = reverse("performance:recheck", args=[pk])
    return act_and_return(request, lambda: close_recheck(actor=actor_of(request), recheck=pk), "复核完毕", back)


@needs(DO)
def recheck_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the form back."""
    row = get_object_or_404(_rechecks(actor_of(request)), pk=pk)
    form, back = ReasonForm(posted(request)), reverse("performance:recheck", args=[pk])
    hint = "原表保留存档；单位重新自评，并重新签署。"
    asked = Asked(f"退回：{row.evaluation.project.title}", "退回", back, hint, danger=True, crumbs=crumbs_of(row.evaluation.project))
    return answered(request, asked, form, lambda: send_back(actor=actor_of(request), recheck=pk, **form.cleaned_data), "已退回")


@needs(DO)
def rectification_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for something to be put right."""
    row = get_object_or_404(_rechecks(actor_of(request)), pk=pk)
    form, back = RectificationForm(posted(request)), reverse("performance:recheck", args=[pk])
    asked = Asked("提出整改", "下达整改", back, crumbs=crumbs_of(row.evaluation.project))
    return answered(request, asked, form, lambda: ask_rectification(actor=actor_of(request), recheck=pk, **form.cleaned_data), "已下达")


@needs(EDIT)
def rectification_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done."""
    found = Rectification.objects.filter(project__in=projects_for(actor_of(request), EDIT)).select_related("project")
    row = get_object_or_404(found, pk=pk)
    form, back = ReplyForm(posted(request)), reverse("performance:project", args=[row.project_id])
    asked = Asked("答复整改", "提交", back, f"{row.text}（期限 {row.due_on}）", crumbs=crumbs_of(row.project))
    return answered(
        request, asked, form, lambda: answer_rectification(actor=actor_of(request), rectification=pk, **form.cleaned_data), "已提交"
    )
