"""The text of a file in force, kept with the first case that begins on it."""

from __future__ import annotations

from django.db import IntegrityError

from keheng.kernel.errors import Refused, problem
from keheng.matters.models import Edition
from keheng.matters.rules.files.reading import Read


def kept_edition(read: Read) -> Edition:
    """The row of a file's text; raises Refused where cases already run on another text of the same version."""
    facts = {"matter": read.matter.id, "version": read.matter.version, "text": read.text}
    try:
        edition, _ = Edition.objects.get_or_create(digest=read.digest, defaults=facts)
    except IntegrityError:
        raise Refused(problem("MATTER_FILE_CHANGED", title=read.matter.title)) from None
    return edition
