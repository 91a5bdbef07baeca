"""Drafts: what was typed into a form and not sent yet, kept while it is typed.

A form with ``data-draft`` saves itself (``desk/draft.js``); its draft is dropped when it was taken (``sending``). Saving leaves no entry
on the trail: it is no act, nobody else sees it, and it happens with every pause in typing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keheng.kernel.desk.models import Draft
from keheng.kernel.desk.policy import policy

KEY = re.compile(r"[a-z][a-z0-9._-]{0,119}")
# Never kept, whatever a page sends: the script leaves them out already.
_SECRET = re.compile(r"csrf|passw|pwd|captcha|token|secret", re.IGNORECASE)
_LONGEST_TITLE, _LONGEST_URL = 200, 300
Fields = Mapping[str, list[str]]


class UnusableDraftError(ValueError):
    """What was sent is no draft: it has another shape, a wrong key, or is too long."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sends: fields with their values, the title and path of the page."""

    fields: Fields
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it is kept; ``version`` 0: there is none."""

    key: str
    version: int
    saved_at: datetime | None
    typed: Typed


NOTHING = Kept("", 0, None, Typed({}, "", ""))


def typed_from(content: object) -> Typed:
    """What a page sent, without what is never kept; raises UnusableDraftError."""
    fields = content.get("fields") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(fields, dict):
        raise UnusableDraftError("no fields")
    kept = {}
    for name, values in fields.items():
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise UnusableDraftError(f"{name[:40]}: values are a list of texts")
        if not _SECRET.search(name):
            kept[name] = values
    title, url = str(content.get("title", ""))[:_LONGEST_TITLE], str(content.get("url", ""))[:_LONGEST_URL]
    typed = Typed(kept, title, url if url.startswith("/") and not url.startswith(("//", "/\\")) else "")
    if len(_text(typed)) > policy("drafts")["longest"]:
        raise UnusableDraftError("too long")
    return typed


def kept_draft(account: str, key: str) -> Kept:
    """The draft of an account for a form; ``NOTHING`` when there is none."""
    row = Draft.objects.filter(account=account, key=key).first()
    return NOTHING if row is None else _kept(row)


def drafts_of(account: str, most: int | None = None) -> list[Kept]:
    """The drafts of an account, the latest first; all without ``most``."""
    return [_kept(row) for row in Draft.objects.filter(account=account).order_by("-saved_at")[: most or policy("drafts")["most"]]]


def save_draft(account: str, key: str, typed: Typed, version: int) -> int | None:
    """Keep what was typed over ``version`` of the draft (0: the first); its new version, or None when a newer one is there.

    A version above 0 of a draft that is gone is None too: it was sent or discarded in another window.
    """
    if not KEY.fullmatch(key):
        raise UnusableDraftError("no such key")
    facts = {"content": _text(typed), "saved_at": now()}
    if version:
        # Of two windows that save at once from one version the database lets one through.
        changed = Draft.objects.filter(account=account, key=key, version=version).update(version=version + 1, **facts)
        return version + 1 if changed else None
    try:
        with transaction.atomic():
            Draft.objects.create(account=account, key=key, version=1, **facts)
            _forget_oldest(account)
    except IntegrityError:
        return None
    return 1


def drop_draft(account: str, key: str) -> bool:
    """The form was sent, or the draft discarded; whether there was one."""
    return bool(account) and Draft.objects.filter(account=account, key=key).delete()[0] > 0


def _forget_oldest(account: str) -> None:
    """So many drafts are kept: whoever opens more forms loses the oldest."""
    kept = Draft.objects.filter(account=account).order_by("-saved_at", "-pk").values_list("pk", flat=True)[: policy("drafts")["most"]]
    Draft.objects.filter(account=account).exclude(pk__in=list(kept)).delete()


def _text(typed: Typed) -> str:
    return json.dumps({"fields": typed.fields, "title": typed.title, "url": typed.url}, ensure_ascii=False)


def _kept(row: Draft) -> Kept:
    content = json.loads(row.content)
    return Kept(row.key, row.version, row.saved_at, Typed(content["fields"], content["title"], content["url"]))
