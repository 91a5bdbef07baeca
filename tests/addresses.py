"""Every address of the site, and somebody of each role of the demo city who asks for it."""

import re
from uuid import UUID

from django.test import Client
from django.urls import URLResolver, get_resolver
from people import signed_in

from keheng.access.models import Account
from keheng.access.rules.roles import roles

VISITOR = "visitor"
VALUES = {"token": "t" * 20, "label": "directory.Organisation", "field": "contact_phone", "act": "edit", "decision": "approve", "model": "Organisation",
          "low": 1, "high": 2, "digest": "0" * 64, "name": "a.pdf", "slug": "news", "number": 1, "file_format": "pdf"}  # fmt: skip


def patterns(resolver=None, prefix="", space=""):
    """Every address: (name, path with its parameters, view)."""
    for one in (resolver or get_resolver()).url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, path, space + (f"{one.namespace}:" if one.namespace else ""))
        else:
            yield space + (one.name or ""), path, one.callback


def ours():
    return [(name, path, view) for name, path, view in patterns() if hasattr(view, "door")]


def filled(path, values):
    """The path with its parameters filled in."""
    path = re.sub(r"\^|\$|\\Z", "", path)
    path = re.sub(r"\(\?P<form>[^)]*\)", "json", path)
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda one: str(UUID(int=1) if one[1] == "uuid" else values.get(one[2], 1)), path)


def visitors():
    """A client for each role, and one for somebody who has not signed in."""
    found = {VISITOR: Client()}
    for code in roles():
        found[code] = signed_in(Account.objects.get(login=f"demo.{code.replace('_', '.')}"), proven=False)
    return found
