"""The observer's own page: half of the key, which is theirs. All else they see on the pages of the round itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from keheng.kernel.asking import Asked, ask, posted
from keheng.kernel.doors import actor_of, signed_in
from keheng.review.actions.draws import hand_in_half, pledge_half
from keheng.review.enums import RoundState
from keheng.review.forms import HalfForm
from keheng.review.models import Observer
from keheng.review.views.reaching import looked_into


def _own(request: HttpRequest, pk: int) -> Observer:
    return get_object_or_404(Observer.objects.select_related("round"), round=pk, account=actor_of(request).account)


@signed_in
def observe(request: HttpRequest, pk: int) -> HttpResponse:
    """What they hold of the key, and where all else is."""
    return render(request, "review/observe.html", {"observer": _own(request, pk), "round": looked_into(request, pk)})


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
