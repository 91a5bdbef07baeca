"""The sign-up of a unit."""

from __future__ import annotations

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.directory.actions.joining import SignUp, join, sign_up_problems
from keheng.directory.forms import JoinForm
from keheng.directory.views.answers import UNPROCESSABLE, accepted, posted
from keheng.kernel.desk.drafts import drop_draft
from keheng.kernel.doors import actor_of, public
from keheng.kernel.errors import attempt
from keheng.kernel.spoken import in_a_line
from keheng.kernel.trail.record import Actor


@public
def sign_up(request: HttpRequest) -> HttpResponse:
    """Sign a unit up: everything wrong is told at once, everything typed is kept but the password."""
    visitor = actor_of(request)
    form = JoinForm(posted(request), actor=visitor)
    if request.method != "POST":
        return render(request, "directory/join.html", {"form": form})
    typed = SignUp(
        facts=form.facts(),
        contact=form.typed("contact"),
        email=form.typed("email"),
        login=form.typed("login"),
        password=str(form.data.get("password", "")),
        agreed="agreed" in form.data,
        accepted=accepted(request),
    )
    if form.is_valid():
        problems = attempt(lambda: join(actor=Actor("", address=visitor.address), typed=typed))
        if not problems:
            drop_draft(visitor.account, "directory.join")
            address = EmailAddress.objects.get(email=typed.email.lower(), primary=True)
            send_verification_email_to_address(request, address, signup=True)
            return render(request, "directory/joined.html", {"email": typed.email})
    else:
        problems = tuple(sign_up_problems(typed))
    # The rules tell what is missing more exactly than the form: its own messages give way.
    form.errors.clear()
    for one in problems:
        form.add_error(one.field if one.field in form.fields else None, in_a_line(one))
    taken = any(one.code == "DIR_CODE_TAKEN" for one in problems)
    context = {"form": form, "problems": problems, "warnings": [one for one in problems if one.overridable], "taken": taken}
    return render(request, "directory/join.html", context, status=UNPROCESSABLE)
