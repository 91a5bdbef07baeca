"""What the platform knows goes into a case again when it is handed in. Part of the move around it."""

from __future__ import annotations

from dataclasses import replace

from django.utils.timezone import localdate

from keheng.matters.actions.keeping import put_answers
from keheng.matters.queries.cases import Loaded, applied_on
from keheng.matters.queries.policies.judging import known_facts
from keheng.matters.rules.form.answers import settled, take


def with_shared_facts(one: Loaded) -> Loaded:
    """The case with shared data as they are now, or were on the day of the application; nobody types them."""
    fields = [field for field in one.matter.fields if field.known == "shared"]
    if not fields:
        return one
    day = applied_on(one.case) or localdate()
    known = known_facts(one.matter, one.case.unit_id, day)
    found = take(fields, {field.id: known[field.id].typed if field.id in known else "" for field in fields})
    answers = settled(one.matter.fields, {**one.at.answers, **found}, localdate())
    put_answers(one.case, one.matter, answers)
    one.case.save(update_fields=["answers", "private", "subject"])
    return replace(one, at=replace(one.at, answers=answers))
