"""What everyone may see: published lists, each with its objection form, and the draw that anyone can run again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keheng.kernel.asking import Asked, ask, posted
from keheng.kernel.doors import actor_of, public
from keheng.kernel.objections.forms import ObjectionForm
from keheng.review.actions.publicity import file_objection
from keheng.review.enums import RoundState
from keheng.review.models import Draw, Entry, Round
from keheng.review.queries.published import SHOWN, published_lists
from keheng.review.rules.publicity import takes_objections
from keheng.review.views.reaching import A_PAGE

_LONGEST = 60


@public
def lists(request: HttpRequest) -> HttpResponse:
    """All published lists: those that are open to objections first."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    page = Paginator(published_lists(localdate(), text), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "review/public_lists.html", {"page": page, "q": text, "query": urlencode({"q": text}) if text else ""})


@public
def published_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is proposed, until when one may object, and how."""
    row = get_object_or_404(Round, pk=pk, state__in=SHOWN, published_at__isnull=False)
    entries = row.entries.filter(proposed=True).select_related("unit").order_by("-official", "code")
    return render(request, "review/public_list.html", {"round": row, "entries": entries, "open": takes_objections(row, localdate())})


@public
def draw_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Digest and commitments from the moment they are fixed, key and files once it is revealed."""
    row = get_object_or_404(Round.objects.exclude(state=RoundState.DRAFT), pk=pk)
    return render(request, "review/public_draw.html", {"round": row, "draws": row.draws.order_by("number")})


@public
def draw_file(_request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A draw as the file that is run again; 404 before the key is revealed."""
    one = get_object_or_404(Draw, round=pk, number=number, drawn_at__isnull=False)
    file = {"sheet": one.sheet, "digest": one.digest, "halves": one.halves, "seats": one.seats}
    headers = {"Content-Disposition": f'attachment; filename="draw-{number}.json"'}
    return JsonResponse(file, json_dumps_params={"ensure_ascii": False, "indent": 1}, headers=headers)


@public
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a proposed entry."""
    entry = get_object_or_404(Entry.objects.select_related("round"), pk=pk, proposed=True, round__state__in=SHOWN)
    if entry.round.state == RoundState.CLOSED:
        raise Http404
    form = ObjectionForm(posted(request))
    asked = Asked(
        _("提出异议"), _("提交异议"), reverse("reviews:list", args=[entry.round_id]),
        _("请写明事实和依据。我们会在规定期限内书面答复。"), base="public.html", about=entry.title,
    )  # fmt: skip

    def act() -> object:
        given = form.cleaned_data
        return file_objection(actor=actor_of(request), entry=pk, name=given["name"], phone=given["phone"], body=given["body"])

    return ask(request, asked, form, act, _("异议已提交"))
