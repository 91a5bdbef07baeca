"""Mail of the portal: codes for outside approvals, confirmations and news of subscriptions, by the installation's messenger."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from keheng.kernel.jobs.registry import job
from keheng.kernel.messenger import MESSENGER
from keheng.kernel.personal.sealed import open_text
from keheng.kernel.plugins import chosen
from keheng.portal.models import Article, OutsideApproval, Subscription
from keheng.portal.service import SEND_CODE, SEND_CONFIRMATION, SEND_NEWS, confirmation_token, ending_token


def site_address() -> str:
    """How mail leads back to the site: ``KEHENG_ADDRESS``, by default the first host."""
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return os.environ.get("KEHENG_ADDRESS") or f"{scheme}://{settings.ALLOWED_HOSTS[0]}"


@job(SEND_CODE, atomic=False)
def send_code(payload: Mapping[str, Any]) -> None:
    """Send the code of an outside approval."""
    approval = OutsideApproval.objects.filter(pk=payload["approval"], used_at__isnull=True).first()
    if approval is not None and approval.email:
        chosen(MESSENGER).send(
            approval.email, f"验证码 {open_text(payload['code'], SEND_CODE)}，十分钟内有效。不是您本人操作的，请不要理会。"
        )


@job(SEND_CONFIRMATION, atomic=False)
def send_confirmation(payload: Mapping[str, Any]) -> None:
    """Ask an address whether it wants to be told."""
    rows = list(Subscription.objects.filter(pk__in=payload["subscriptions"], confirmed_at__isnull=True).order_by("pk"))
    if not rows:
        return
    with override(rows[0].language):
        path = reverse("portal:subscription-confirm", args=[confirmation_token([row.pk for row in rows])])
        text = _("请打开链接确认订阅，七天内有效：")
    chosen(MESSENGER).send(rows[0].email, f"{text}\n{site_address()}{path}")


@job(SEND_NEWS, atomic=False)
def send_news(payload: Mapping[str, Any]) -> None:
    """Tell an address of a new article, with the link that ends all of it; nobody who ended it meanwhile is told."""
    row = Subscription.objects.filter(email_mark=payload["email_mark"], confirmed_at__isnull=False).first()
    article = Article.objects.select_related("public").filter(pk=payload["article"], public__isnull=False).first()
    if row is None or article is None or article.public is None:
        return
    with override(row.language):
        read = reverse("portal:article", args=[article.original_id or article.pk])
        end = reverse("portal:subscription-end", args=[ending_token(row.email_mark)])
        leave = _("退订：")
    text = f"{article.public.title}\n{site_address()}{read}\n\n{leave}{site_address()}{end}"
    chosen(MESSENGER).send(row.email, text)
