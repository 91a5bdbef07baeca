"""A person's data are erased at their request: what is kept is told with its reason (个人信息保护法 art. 47)."""

from __future__ import annotations

from django.db.models import Q

from keheng.directory.enums import ExpertState
from keheng.directory.models import AvoidanceFact, Expert, MergeField, Person, RelatedParty
from keheng.kernel.personal.holders import Erased, Kept
from keheng.kernel.trail.record import Actor, digest_of, record

GONE = "已清除"
IN_POOL = "专家在库期间须能联系和核实身份，出库后方可清除"
REVIEWS = "评审回避和关联关系的依据，随评审档案保存；姓名和号码已清除"
# What a merge remembers beside personal values; it can be undone all the same.
_PLAIN = ("status", "merged_into_id")


def erase_person(person: int, actor: Actor) -> Erased:
    """Blank the names and numbers of a person and of all records merged into theirs, inside the caller's act.

    Experts who have not left are kept whole. Posts and relations stay, of a person without a name.
    """
    records = list(Person.objects.select_for_update().filter(Q(pk=person) | Q(merged_into=person)).order_by("pk"))
    numbers = [one.pk for one in records]
    pool = Expert.objects.filter(person__in=numbers).exclude(state=ExpertState.LEFT).count()
    if pool:
        return Erased(0, (Kept(pool, IN_POOL),))
    for one in records:
        one.name = one.name_plain = GONE
        one.id_number, one.id_mark, one.phone, one.phone_mark, one.email, one.born_on = "", None, "", "", "", None
        one.save()
        record("person.erase", actor=actor, target=f"person:{one.pk}", after=digest_of({"erased": True}))
    merged = Q(merge__survivor__in=numbers) | Q(merge__loser__in=numbers)
    MergeField.objects.filter(merged, merge__model="Person").exclude(field__in=_PLAIN).delete()
    facts = AvoidanceFact.objects.filter(Q(person__in=numbers) | Q(other__in=numbers)).count()
    kept = facts + RelatedParty.objects.filter(person__in=numbers).count()
    return Erased(len(records), (Kept(kept, REVIEWS),) if kept else ())
