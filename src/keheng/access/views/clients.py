"""Connected systems: registered, shut out. The secret is shown once."""

from __future__ import annotations

from allauth.idp.oidc.models import Client
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keheng.access.actions.clients import register_client, withdraw_client
from keheng.access.forms import ClientForm
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, Refused
from keheng.kernel.form_problems import all_problems


@needs("access.clients.manage")
@never_cache
def clients(request: HttpRequest) -> HttpResponse:
    """Connected systems, and a form for another."""
    form = ClientForm(request.POST or None)
    made, problems = None, tuple[Problem, ...]()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = register_client(
                actor=actor_of(request), name=given["name"], addresses=given["addresses"].split(), trusted=given["trusted"]
            )
            form = ClientForm()
        except Refused as refusal:
            problems = refusal.problems
    shown = all_problems(form, problems)
    context = {
        "form": form,
        "problems": shown,
        "made": made,
        "clients": Client.objects.order_by("name"),
        "discovery": request.build_absolute_uri(reverse("idp:oidc:configuration")),
    }
    return render(request, "access/clients.html", context, status=422 if shown else 200)


@needs("access.clients.manage")
@require_POST
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Shut a system out."""
    client = get_object_or_404(Client, pk=pk)
    withdraw_client(actor=actor_of(request), client=client)
    messages.success(request, f"{client.name}不能再通过本平台登录")
    return redirect("access:clients")
