"""Letters and certificates as PDF: for whoever holds the token, for the applicant's side, for the office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from keheng.kernel.doors import public, signed_in
from keheng.matters.models import Output
from keheng.matters.queries.letters import letter_pdf
from keheng.matters.views.applying import own_case
from keheng.matters.views.working import office_case

_READ = ("case__edition", "case__unit")


@public
def public_letter(request: HttpRequest, token: str) -> HttpResponse:
    """The public copy, beside the page that checks it; 404 for an unknown token."""
    return _sent(request, get_object_or_404(Output.objects.select_related(*_READ), token=token), whole=False)


@signed_in
def own_letter(request: HttpRequest, pk: int, output: int) -> HttpResponse:
    """The whole letter, for the applicant's side."""
    return _sent(request, _of_case(own_case(request, pk).case.pk, output), whole=True)


@signed_in
def office_letter(request: HttpRequest, pk: int, output: int) -> HttpResponse:
    """The whole letter, for whoever may see the case on the office's side."""
    return _sent(request, _of_case(office_case(request, pk).case.pk, output), whole=True)


def _of_case(case: int, output: int) -> Output:
    return get_object_or_404(Output.objects.select_related(*_READ), pk=output, case=case)


def _sent(request: HttpRequest, output: Output, *, whole: bool) -> HttpResponse:
    made = letter_pdf(output, whole=whole, site=f"{request.scheme}://{request.get_host()}")
    headers = {"Content-Disposition": f'inline; filename="{output.number or output.code}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
