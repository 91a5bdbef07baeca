"""A person's cases: shown to them; of what was never handed in nothing is kept; the rest is an archive (档案法 art. 13)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from keheng.kernel.personal.holders import Erased, Kept
from keheng.kernel.trail.record import Actor, digest_of, record
from keheng.matters.models import Case, Material, Rating, Turn

KEEPS = "提交过的办件连同材料、文书和评价，按档案法和事项规定的归档年限保存；没有提交过的草稿可以清除"
_ARCHIVED = "提交过的办件按档案法和事项规定的归档年限保存"


def account_of(person_key: str) -> str:
    """The account that a person key names; '' for another kind of key."""
    kind, _, number = person_key.partition(":")
    return number if kind == "account" else ""


def own_records(person_key: str) -> list[Mapping[str, object]]:
    """Cases that somebody applied for with how they rated them, and their turns at windows."""
    account = account_of(person_key)
    if not account:
        return []
    cases = list(Case.objects.filter(applicant=account).order_by("pk").select_related("unit"))
    rated = {one.case_id: one for one in Rating.objects.filter(case__in=cases).select_related("follow_up")}
    found: list[Mapping[str, object]] = [
        {
            "记录": "办件", "编号": one.number or "（草稿）", "事项": one.title, "内容": one.subject, "环节": one.std,
            "单位": one.unit.name if one.unit else "", "提交时间": one.submitted_at, "办结时间": one.ended_at,
            **_rating_said(rated.get(one.pk)),
        }
        for one in cases
    ]  # fmt: skip
    turns = Turn.objects.filter(account=account).order_by("pk")
    return [*found, *({"记录": "窗口预约", "编号": one.number, "日期": one.day, "状态": one.get_state_display()} for one in turns)]


def _rating_said(rating: Rating | None) -> Mapping[str, object]:
    """How a case was rated, in the rater's words, and what they were told of it."""
    if rating is None:
        return {"评价": "", "评价意见": "", "评价答复": ""}
    follow_up = getattr(rating, "follow_up", None)
    return {"评价": f"{rating.stars} 星", "评价意见": rating.comment, "评价答复": follow_up.answer if follow_up is not None else ""}


def erase_drafts(person_key: str, actor: Actor) -> Erased:
    """Throw away one's own drafts; a unit's drafts are the unit's, and what was handed in stays."""
    account = account_of(person_key)
    if not account:
        return Erased(0)
    drafts = Case.objects.filter(applicant=account, submitted_at=None, version=0, unit=None).select_for_update()
    count = throw_away(drafts)
    if count:
        record("case.erase", actor=actor, target=f"account:{account}", after=digest_of({"drafts": count}))
    stays = Case.objects.filter(applicant=account, submitted_at__isnull=False).count()
    return Erased(count, (Kept(stays, _ARCHIVED),) if stays else ())


def throw_away(drafts: QuerySet[Case]) -> int:
    """Drafts with what was handed in for them; how many. Turns that were booked for them stay booked, for their matter."""
    chosen = list(drafts)
    for one in chosen:
        Turn.objects.filter(case=one).update(case=None, matter=one.matter)
    Material.objects.filter(case__in=chosen).delete()
    Case.objects.filter(pk__in=[one.pk for one in chosen]).delete()
    return len(chosen)
