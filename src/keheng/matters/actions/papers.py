"""Letters and certificates: numbered, with the words as they stood, open to a check by anybody who holds them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.timezone import localdate, now

from keheng.kernel.numbers import draw, written
from keheng.matters.models import Case
from keheng.matters.models import Output as Issued
from keheng.matters.rules.files.parts import Matter, Output
from keheng.matters.rules.flow.situation import Situation
from keheng.matters.rules.form.values import shown_as


def issue(case: Case, matter: Matter, at: Situation, codes: Iterable[str]) -> list[Issued]:
    """Make the outputs of these names, in the caller's act."""
    return [_issued(case, matter, at, code, matter.outputs[code]) for code in codes]


def _issued(case: Case, matter: Matter, at: Situation, code: str, output: Output) -> Issued:
    today = localdate()
    series = f"{matter.id.partition('.')[0].upper()}-{output.series.upper()}" if output.series else ""
    number = written(series, today.year, draw(f"matters.{series}", today.year)) if series else ""
    content = [[matter.by_id[name].label, shown_as(matter.by_id[name], at.answers.get(name))] for name in output.shows]
    return Issued.objects.create(
        case=case, code=code, number=number, title=output.title, kind=output.kind, content=[row for row in content if row[1]],
        token=secrets.token_urlsafe(15), issued_at=now(), valid_until=_until(output, at.answers, today),
    )  # fmt: skip


def _until(output: Output, answers: Any, today: date) -> date | None:
    if output.until is not None and isinstance(answers.get(output.until), str):
        return date.fromisoformat(answers[output.until])
    return output.valid.after(today) if output.valid is not None else None


def revoke(case: Case, codes: Iterable[str], reason: str) -> None:
    """What was issued under these names holds no longer."""
    Issued.objects.filter(case=case, code__in=list(codes), revoked_at=None).update(revoked_at=now(), reason=reason[:300])
