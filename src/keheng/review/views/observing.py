"""The observer's page: everything of one round, and nothing that changes it but half of the key, which is theirs."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from keheng.kernel.doors import actor_of, signed_in
from keheng.review.actions.draws import hand_in_half, pledge_half
from keheng.review.enums import RoundState
from keheng.review.forms import HalfForm
from keheng.review.models import Observer
from keheng.review.queries.reminders import with_reminders
from keheng.review.queries.results import entries_of, judges_of, lines_of
from keheng.review.views.answers import A_PAGE, Asked, ask, posted


def _own(request: HttpRequest, pk: int) -> Observer:
    return get_object_or_404(Observer.objects.select_related("round"), round=pk, account=actor_of(request).account)


@signed_in
def observe(request: HttpRequest, pk: int) -> HttpResponse:
    """All entries with their readings, all judges with their loads, all draws."""
    one = _own(request, pk)
    row = one.round
    page = Paginator(entries_of(row), A_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(row, list(page.object_list))
    context = {
        "observer": one, "round": row, "page": page, "lines": lines, "judges": with_reminders(judges_of(row)),
        "draws": row.draws.order_by("number"),
    }  # fmt: skip
    return render(request, "review/observe.html", context)


@signed_in
def half(request: HttpRequest, pk: int) -> HttpResponse:
    """Commit to half of the key before the draw, hand it in after the digest was published."""
    one, form = _own(request, pk), HalfForm(posted(request))
    if one.round.state not in {RoundState.DRAFT, RoundState.COMMITTED}:
        raise Http404
    pledging = one.round.state == RoundState.DRAFT
    hint = "请写一段别人猜不到的话并自己保存好：系统只留摘要，抽取时须一字不差地交出。" if pledging else "请交出当初承诺的密钥，一字不差。"
    asked = Asked("承诺密钥" if pledging else "交出密钥", "提交", reverse("review:observe", args=[pk]), hint)
    act = pledge_half if pledging else hand_in_half
    return ask(request, asked, form, lambda: act(actor=actor_of(request), pk=pk, half=form.cleaned_data["half"]), "已提交")
