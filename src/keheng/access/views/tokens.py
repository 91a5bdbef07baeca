"""Tokens of one's own for programs: made, shown once, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keheng.access.actions.tokens import grantable, make_token, withdraw_token
from keheng.access.forms import TokenForm
from keheng.access.queries import tokens_of
from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import Problem, Refused
from keheng.kernel.form_problems import all_problems
from keheng.kernel.powers import permissions


@signed_in
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that open something, and a form for another."""
    actor = actor_of(request)
    choices = [(code, permissions()[code].zh) for code in grantable(actor)]
    form = TokenForm(request.POST or None, scopes=choices)
    made, problems = None, tuple[Problem, ...]()
    if request.method == "POST" and form.is_valid():
        try:
            made = make_token(actor=actor, **form.cleaned_data)
            form = TokenForm(scopes=choices)
        except Refused as refusal:
            problems = refusal.problems
    shown = all_problems(form, problems)
    held = [(one, [permissions()[code].zh for code in one.scopes if code in permissions()]) for one in tokens_of(actor)]
    context = {"form": form, "problems": shown, "made": made, "held": held}
    return render(request, "access/tokens.html", context, status=422 if shown else 200)


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a token open nothing any more."""
    token = get_object_or_404(tokens_of(actor_of(request)), pk=pk)
    withdraw_token(actor=actor_of(request), token=token)
    messages.success(request, f"令牌 {token.start}… 已作废")
    return redirect("access:tokens")
