"""Feedback and subscriptions of visitors. Pages with forms are pages of their own: they open a session, others never do."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from keheng.kernel.doors import actor_of, public
from keheng.kernel.errors import Problem, attempt, problem
from keheng.kernel.form_problems import all_problems
from keheng.portal.actions.feedback import Message, receive_feedback
from keheng.portal.actions.outside import approval_of, decide_outside, send_code, try_code
from keheng.portal.actions.subscriptions import ask_by_mail, confirm, end_by_mail, set_topics
from keheng.portal.enums.content import definition
from keheng.portal.enums.feedback import FeedbackKind
from keheng.portal.forms.content import OutsideForm
from keheng.portal.forms.feedback import FeedbackForm, MailForm, QueryForm, TopicsForm
from keheng.portal.models import Feedback, Subscription
from keheng.portal.models.feedback import ABOUT_LENGTH
from keheng.portal.queries.feedback import by_code
from keheng.portal.queries.published import published_answers
from keheng.portal.rules.feedback import message_problems, page_of_site
from keheng.portal.views.answers import UNPROCESSABLE, posted
from keheng.portal.views.showing import A_PAGE, show, visitor_language

_SALT = "portal.feedback"


@public
def feedback(request: HttpRequest) -> HttpResponse:
    """Write to us. What is wrong is told at once, what was typed stays."""
    form = FeedbackForm(posted(request), initial=_asked(request))
    if request.method != "POST":
        return show(request, "portal/feedback/write.html", {"form": form})
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        if form.cleaned_data["website"]:
            # A machine fell into the trap: it is told nothing, and nothing is kept.
            return show(request, "portal/feedback/sent.html", {"number": "", "code": ""})
        problems = _pace_problems(form.cleaned_data["opened"])
    else:
        problems = tuple(message_problems(*(form.typed(name) for name in ("kind", "title", "body", "contact", "about"))))
    if form.is_valid() and not problems:
        said = {name: form.cleaned_data[name] for name in ("kind", "title", "body", "name", "contact", "about", "page")}
        message = Message(**said, language=visitor_language())
        made: list[tuple[Feedback, str]] = []
        problems = attempt(lambda: made.append(receive_feedback(actor=actor_of(request), message=message)))
        if made:
            row, code = made[0]
            return show(request, "portal/feedback/sent.html", {"number": row.number, "code": code, "due_on": row.due_on})
    # The form goes on from now: whoever was too quick need not load the page anew.
    typed = request.POST.copy()
    typed["opened"] = _now_signed()
    form.data = typed
    return show(request, "portal/feedback/write.html", {"form": form, "problems": all_problems(form, problems)}, status=UNPROCESSABLE)


@public
def feedback_query(request: HttpRequest) -> HttpResponse:
    """Look at the answer, by number and code."""
    form = QueryForm(posted(request))
    row, wrong = None, False
    if request.method == "POST" and form.is_valid():
        row = by_code(form.cleaned_data["number"], form.cleaned_data["code"])
        wrong = row is None
    problems = all_problems(form)
    context = {"form": form, "row": row, "wrong": wrong, "problems": problems}
    return show(request, "portal/feedback/query.html", context, status=UNPROCESSABLE if wrong or problems else 200)


@public
def feedback_answers(request: HttpRequest) -> HttpResponse:
    """Answers that were published."""
    page = Paginator(published_answers(), A_PAGE).get_page(request.GET.get("page"))
    return show(request, "portal/feedback/answers.html", {"page": page})


@public
def subscribe(request: HttpRequest) -> HttpResponse:
    """Choose topics: at once for who signed in, by a mail to confirm for visitors."""
    actor = actor_of(request)
    known = list(Subscription.objects.filter(account=actor.account).values_list("topic", flat=True)) if actor.account else []
    form = TopicsForm(posted(request), initial={"topics": known}) if actor.account else MailForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if actor.account:
            problems = attempt(lambda: set_topics(actor=actor, chosen=said["topics"]))
        else:
            problems = attempt(lambda: ask_by_mail(actor=actor, email=said["email"], chosen=said["topics"], language=visitor_language()))
        if not problems:
            return show(request, "portal/feedback/subscribed.html", {"by_mail": not actor.account, "count": len(said["topics"])})
    shown = all_problems(form, problems)
    context = {"form": form, "problems": shown, "by_mail": not actor.account}
    return show(request, "portal/feedback/subscribe.html", context, status=UNPROCESSABLE if shown else 200)


@public
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a button: a program that only looks at links confirms nothing."""
    return _by_link(request, token, confirm, "confirm")


@csrf_exempt
@public
def subscription_end(request: HttpRequest, token: str) -> HttpResponse:
    """End by a button, or by the mail program's own (RFC 8058: a POST without cookies)."""
    return _by_link(request, token, end_by_mail, "end")


@public
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """A step for somebody outside: first the code by mail, then the decision."""
    approval = approval_of(token)
    if approval is None:
        raise Http404
    actor, sent = actor_of(request), False
    problems: tuple[Problem, ...] = ()
    form = OutsideForm(request.POST if "decide" in request.POST else None)
    if request.method == "POST" and "send" in request.POST:
        problems = attempt(lambda: send_code(actor=actor, approval=approval.pk))
        sent = not problems
    elif request.method == "POST" and form.is_valid():
        problems = try_code(actor=actor, approval=approval.pk, code=form.cleaned_data["code"])
        if not problems:
            said = {name: form.cleaned_data[name] for name in ("decision", "reason")}
            problems = attempt(lambda: decide_outside(actor=actor, approval=approval.pk, **said))
            if not problems:
                return show(request, "portal/feedback/approved.html", {"approval": approval})
    context = {
        "approval": approval,
        "version": approval.version,
        "article": approval.version.article,
        "form": form,
        "problems": problems,
        "sent": sent,
    }
    return show(request, "portal/feedback/approve.html", context, status=UNPROCESSABLE if problems or form.errors else 200)


def _by_link(request: HttpRequest, token: str, act: Callable[..., int], what: str) -> HttpResponse:
    if request.method != "POST":
        return show(request, "portal/feedback/by_link.html", {"what": what})
    problems = attempt(lambda: act(actor=actor_of(request), token=token))
    return show(
        request,
        "portal/feedback/by_link.html",
        {"what": what, "problems": problems, "done": not problems},
        status=UNPROCESSABLE if problems else 200,
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {
        "kind": kind if kind in FeedbackKind.values else "",
        "about": request.GET.get("about", "")[:ABOUT_LENGTH],
        "page": page_of_site(request.GET.get("page", "")),
        "opened": _now_signed(),
    }


def _now_signed() -> str:
    return signing.dumps(int(time()), salt=_SALT)


def _pace_problems(opened: str) -> tuple[Problem, ...]:
    """People need some seconds for a form, and no day; the moment it was opened cannot be made up."""
    limits = definition("site")["feedback"]
    try:
        took = time() - int(signing.loads(opened, salt=_SALT))
    except (signing.BadSignature, ValueError):
        took = -1.0
    if limits["soonest_seconds"] <= took + 1 and took <= limits["longest_hours"] * 3600:
        return ()
    return (problem("PORTAL_FORM_STALE"),)
