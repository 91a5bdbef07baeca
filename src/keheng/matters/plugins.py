"""What matters hang into the kernel: kinds of message, who may read files, what a person sees and has erased, guards and waivers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.desk.palette import Entry, register_source
from keheng.kernel.desk.standing_in import register_stand_ins
from keheng.kernel.objections.forgetting import forget_objections
from keheng.kernel.objections.stated import ObjectionState
from keheng.kernel.personal.holders import Holder as PersonalHolder
from keheng.kernel.personal.holders import register_holder as register_personal_holder
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.places import Holder, register_holder, register_place
from keheng.matters.actions.awarding import award_policy, pay_policy
from keheng.matters.actions.forgetting import KEEPS, erase_drafts, own_records
from keheng.matters.actions.paying import instalment_open, pay_instalment, plan_payments
from keheng.matters.actions.pushing import KIND as POLICY
from keheng.matters.actions.telling import KIND
from keheng.matters.models import PolicyObjection
from keheng.matters.queries.archives.packages import opens_package
from keheng.matters.queries.cases import given_by, unit_is_registered
from keheng.matters.queries.checklists import checklists_done
from keheng.matters.queries.claims import claim_agrees
from keheng.matters.queries.family import siblings_done
from keheng.matters.queries.files import MATERIAL, opens
from keheng.matters.queries.numbered import numbered
from keheng.matters.queries.policies.asides import policy_aside
from keheng.matters.queries.policies.judging import policy_holds, policy_reasons
from keheng.matters.queries.policies.objections import (
    objected_to,
    objections_aside,
    objections_for,
    publicity_over,
    publicity_reasons,
)
from keheng.matters.service import bind, children_done, register_aside, register_keeper


def _may_read(actor: Principal, digest: str) -> bool:
    return opens(actor, digest)


def _substituted_today(account: str) -> list[str]:
    return given_by(account, localdate())


def _numbered(actor: Principal, text: str) -> list[Entry]:
    own, office = numbered(actor, text)
    places = [*((case, "matters:case") for case in own), *((case, "casework:case") for case in office)]
    return [Entry(f"{case.number} {case.called}", reverse(page, args=[case.pk]), "办件", "clipboard-list") for case, page in places]


def _old_objections() -> QuerySet[PolicyObjection]:
    return PolicyObjection.objects.filter(erased_at__isnull=True).exclude(state=ObjectionState.OPEN)


register_kind(MessageKind(KIND, "办件", frozenset({Way.EMAIL})))
register_kind(MessageKind(POLICY, "政策", frozenset({Way.EMAIL})))
register_source(_numbered)
register_stand_ins(_substituted_today)
register_place(MATERIAL)
register_personal_holder(PersonalHolder("matters", "办件和窗口预约", own_records, erase_drafts, KEEPS))
register_holder(Holder("matters.material", _may_read, sensitive=True))
register_holder(Holder("matters.archive", opens_package, sensitive=True))
bind("guards", "children.done", children_done)
bind("guards", "siblings.done", siblings_done)
bind("guards", "checklist.done", checklists_done)
bind("guards", "scale.agrees", claim_agrees)
bind("guards", "payments.open", instalment_open)
bind("effects", "payments.plan", plan_payments)
bind("effects", "payments.pay", pay_instalment)
bind("guards", "policy.holds", policy_holds)
bind("reasons", "policy.holds", policy_reasons)
bind("guards", "policy.publicity_over", publicity_over)
bind("reasons", "policy.publicity_over", publicity_reasons)
bind("effects", "policy.award", award_policy)
bind("effects", "policy.pay", pay_policy)
bind("waivers", "directory.registered", unit_is_registered)
register_aside("policy", policy_aside)
register_aside("policy.objections", objections_aside)
register_keeper("有未答复的政策异议", objected_to)
register_subject("matters.PolicyObjection", objections_for)
bind_retention(Binding("policy_objection", "matters.PolicyObjection", _old_objections, "decided_at", forget_objections))
