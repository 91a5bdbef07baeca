"""Beside a case of a policy: each clause, what it is judged by, where that comes from, and whether it is met now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from keheng.kernel.powers import Principal
from keheng.matters.models import PolicyCase
from keheng.matters.queries.cases import Loaded
from keheng.matters.queries.policies.judging import ClauseJudged, judged
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.form.values import shown_as, typed_as


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with the answer that it is judged by, and where the answer comes from."""

    judged: ClauseJudged
    value: str
    source: str


def sources_said(one: Loaded) -> dict[str, str]:
    """Where each answer about the unit comes from, by field; nothing for matters that no policy made."""
    if one.matter.policy is None:
        return {}
    row = PolicyCase.objects.filter(case=one.case).first()
    kept: Mapping[str, Mapping[str, Any]] = row.sources if row is not None else {}
    return {field.id: _source(field, one.at.answers.get(field.id), kept) for field in one.matter.fields if field.known is not None}


def _source(field: FormField, answer: Any, kept: Mapping[str, Mapping[str, Any]]) -> str:
    if field.known == "shared":
        return _("来自平台共享数据")
    before = kept.get(field.id)
    if answer is None:
        return _("还没有填写")
    if before is not None and before["value"] == typed_as(field, answer):
        return _("企业填写于 %(day)s") % {"day": before["since"]}
    return _("申请时填写")


def policy_aside(one: Loaded, _actor: Principal, office: bool) -> str:  # noqa: FBT001 -- the two pages of a case
    """The clauses of a case's policy; '' for other cases."""
    found = judged(one)
    if found is None:
        return ""
    sources, fields = sources_said(one), one.matter.by_id
    answers = {name: shown_as(fields[name], one.at.answers.get(name)) for name in sources}
    lines = [ClauseLine(each, answers.get(each.clause.fact, ""), sources.get(each.clause.fact, "")) for each in found]
    policy = one.matter.policy.id if one.matter.policy is not None else ""
    return render_to_string("matters/policies/clauses.html", {"lines": lines, "policy": policy, "office": office})
