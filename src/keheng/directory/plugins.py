"""What the directory hangs into the kernel: whose numbers may be revealed, what a person can see and have erased."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.directory.models import Organisation, Person
from keheng.directory.service import data_about, erase_person, organisations_for, people_for
from keheng.kernel.personal.holders import Erased, Holder, register_holder
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor

_REVEAL = "personal.reveal"


def _people(actor: Principal) -> QuerySet[Person]:
    """Whom the actor sees and may have revealed: the narrower of two reaches."""
    return people_for(actor, localdate()).filter(pk__in=people_for(actor, localdate(), _REVEAL).values("pk"))


def _organisations(actor: Principal) -> QuerySet[Organisation]:
    return organisations_for(actor).filter(pk__in=organisations_for(actor, _REVEAL).values("pk"))


def _number(person_key: str) -> int | None:
    kind, _, number = person_key.partition(":")
    return int(number) if kind == "person" and number.isdigit() else None


def _export(person_key: str) -> list[Mapping[str, object]]:
    number = _number(person_key)
    return [] if number is None else list(data_about(number))


def _erase(person_key: str, actor: Actor) -> Erased:
    number = _number(person_key)
    return Erased(0) if number is None else erase_person(number, actor)


register_subject("directory.Person", _people)
register_subject("directory.Organisation", _organisations)
register_holder(
    Holder(
        "directory", "人员资料、任职和专家信息", _export, _erase,
        keeps_zh="在库专家的资料保存至出库；评审回避的依据随评审档案保存，其中的姓名和号码可以清除。",
    )
)  # fmt: skip
