"""Before a case: find a matter, read its guide, see whether one is eligible; and check a certificate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keheng.kernel.doors import actor_of, public
from keheng.matters.models import Output
from keheng.matters.queries.finding import find
from keheng.matters.queries.granted import listed_codes
from keheng.matters.queries.guide_prints import guide_pdf
from keheng.matters.queries.guides import OFFICE, public_matters
from keheng.matters.queries.points import in_words
from keheng.matters.queries.ratings import results_said
from keheng.matters.queries.showing import judged_said, loose_questions, words
from keheng.matters.queries.windows import windows_for
from keheng.matters.rules.files.codes import pieces_of
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.form.first_check import asked_first, facts_first, judged_first

AUDIENCES = (("", _("全部")), ("person", _("个人办事")), ("unit", _("单位办事")))
_LONGEST = 60


@public
def matter_list(request: HttpRequest) -> HttpResponse:
    """All matters that may be applied for, by audience and words."""
    audience, text = request.GET.get("audience", ""), request.GET.get("q", "")[:_LONGEST]
    finding = find(public_matters(localdate(), audience=audience), text)
    context = {
        "matters": [_card(read.matter) for read in finding.found],
        "near": [_card(read.matter) for read in finding.near],
        "audiences": AUDIENCES,
        "audience": audience,
        "q": text,
    }
    return render(request, "matters/list.html", context)


def _card(matter: Matter) -> dict[str, str]:
    return {"id": matter.id, "title": words(matter, matter.title), "about": words(matter, matter.about)}


@public
def matter_page(request: HttpRequest, name: str) -> HttpResponse:
    """The guide of a matter; with answers in the address its conditions are judged one by one."""
    read = in_force(name, localdate())
    if read is None or (read.matter.kind == OFFICE and not actor_of(request).may("matters.case.see")):
        raise Http404
    matter = read.matter
    context = {
        "matter": matter,
        "guide": _guide(matter),
        "check": _check(matter, request) if matter.eligible else None,
        "windows": [(one.id, in_words(one.title)) for one in windows_for(matter.topics)],
        "ratings": results_said(matter.id) if matter.rate else None,
        "granted": bool(listed_codes(matter.id)),
        "start": reverse("matters:start", args=[matter.id]),
    }
    return render(request, "matters/guide.html", context)


@public
def matter_print(request: HttpRequest, name: str) -> HttpResponse:
    """The guide as a sheet to be printed, in the page's language."""
    read = in_force(name, localdate())
    if read is None or read.matter.kind == OFFICE:
        raise Http404
    address = request.build_absolute_uri(reverse("matters:matter", args=[name]))
    headers = {"Content-Disposition": f'inline; filename="{name}-{get_language()}.pdf"'}
    return HttpResponse(guide_pdf(read, address), content_type="application/pdf", headers=headers)


def _guide(matter: Matter) -> dict[str, Any]:
    def said(text: str) -> str:
        return words(matter, text)

    return {
        "title": said(matter.title),
        "about": said(matter.about),
        "result": said(matter.result),
        "fee": said(matter.fee),
        "conditions": [said(one.say) for one in matter.eligible],
        "basis": matter.basis,
        "code": pieces_of(matter.code),
        "materials": [
            {
                "title": said(one.title),
                "hint": said(one.hint),
                "kinds": ", ".join(one.accept),
                "least": one.min,
                "always": one.need == "always",
                "waived": one.waive is not None,
            }
            for one in matter.materials
        ],
        "clocks": [
            {"title": said(_first_state(matter, name)), "promise": one.promise, "law": one.law} for name, one in matter.clocks.items()
        ],
        "steps": list(dict.fromkeys(said(one.title) for one in matter.states if one.end is None)),
    }


def _first_state(matter: Matter, clock: str) -> str:
    """The state in which a clock runs first: what people know it by."""
    return next(state.title for state in matter.states if state.clock == clock)


def _check(matter: Matter, request: HttpRequest) -> dict[str, Any]:
    """The first check: only what the conditions come down to is asked, and told which answer would settle most."""
    fields = asked_first(matter)
    typed = {field.id: request.GET.get(field.id, "") for field in fields}
    judged, following = judged_first(matter, facts_first(matter, fields, typed, localdate()))
    return {
        "questions": loose_questions(matter, fields, typed),
        "asked": any(typed.values()),
        "clauses": judged_said(matter, judged),
        "next": words(matter, following.label) if following is not None else "",
    }


@public
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a letter or certificate is ours and holds: what it says, until when, whether it was revoked."""
    output = get_object_or_404(Output.objects.select_related("case__unit"), token=token)
    over = output.valid_until is not None and output.valid_until < localdate()
    return render(request, "matters/verify.html", {"output": output, "holds": output.revoked_at is None and not over, "over": over})
