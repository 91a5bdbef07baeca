"""Activities that are open now, one of them full with a waiting list; one under review, and one at this hour for the door."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import now

from keheng.kernel.trail.record import SYSTEM, Actor, digest_of, record
from keheng.portal.actions.activities import add_session, approve_activity, plan_activity, submit_activity
from keheng.portal.actions.publishing import show_activity
from keheng.portal.actions.registrations import register_people
from keheng.portal.demo.people import Somebody, firms, people
from keheng.portal.enums.activities import ActivityKind, ActivityState, RegistrationState
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.rules.activities import ActivityFacts, SessionFacts
from keheng.portal.rules.registrations import attendee

_ORGANISER, _APPROVER, _VISITOR = Actor("demo-organiser", "organiser"), Actor("demo-approver", "leader"), Actor("")
K = ActivityKind
# Kind, titles in four languages, days ahead, places, how many registered already, moderated.
_OPEN = (
    (
        K.OPEN_DAY,
        ("云岭重点实验室开放日", "Open day of the key laboratories", "重点実験室 一般公開日", "중점연구실 공개의 날"),
        12,
        120,
        14,
        False,
    ),
    (
        K.LECTURE,
        ("科普讲座：看见微观世界", "Lecture: seeing the microscopic", "講座：ミクロの世界を見る", "강연: 미시 세계를 보다"),
        9,
        8,
        11,
        False,
    ),
    (K.CHANNEL, ("大型仪器共享对接会", "Meeting on shared instruments", "大型機器共用の商談会", "대형 장비 공유 상담회"), 18, 60, 6, True),
)
_BODY = "面向企业、科研人员和市民，免费参加。\n请凭报名编号或二维码签到；不能来的，请提前取消，名额会让给候补的人。"

_SUMMARY = "在线报名，名额报满后可以候补。"
# What all of them say, in the other languages of the public pages.
_SAID = {
    "en": {
        "summary": "Register online; when all places are taken, join the waiting list.",
        "body": "Open to firms, researchers and the public, free of charge.\nCheck in with your registration number or QR code; "
        "if you cannot come, please cancel early so that somebody who waits gets the place.",
    },
    "ja": {
        "summary": "オンラインで申し込めます。満席後はキャンセル待ちができます。",
        "body": "企業、研究者、市民のどなたでも無料で参加できます。\n受付番号または QR コードで受付してください。"
        "来られない場合は早めに取り消してください。"
        "席はキャンセル待ちの方に譲られます。",
    },
    "ko": {
        "summary": "온라인으로 신청하며, 정원이 차면 대기 신청을 할 수 있습니다.",
        "body": "기업, 연구자, 시민 누구나 무료로 참가할 수 있습니다.\n신청 번호나 QR 코드로 체크인하십시오. "
        "올 수 없으면 미리 취소해 주십시오. "
        "자리는 대기자에게 넘어갑니다.",
    },
}


def load(random: Random) -> None:
    """Plan, approve and fill what is open."""
    for serial, (kind, titles, days, places, registered, moderated) in enumerate(_OPEN):
        session = _opened(kind, titles, days, places, moderated=moderated)
        for guest in people(registered, firms(5), random, first=6000 + serial * 100):
            register_people(actor=_VISITOR, session=session.pk, people=[attendee(guest.name, guest.phone)], unit_title=guest.unit_title)
    submit_activity(
        actor=_ORGANISER,
        activity=_planned(K.TRAINING, ("创新券政策培训", "Training on innovation vouchers", "", ""), 30, 80, moderated=False).activity_id,
    )
    _at_this_hour(people(24, firms(5), random, first=6500))


def _planned(kind: ActivityKind, titles: tuple[str, str, str, str], days: int, places: int, *, moderated: bool) -> Session:
    at = now()
    begins = (at + timedelta(days=days)).replace(hour=6, minute=0, second=0, microsecond=0)
    said = {code: {"title": title, **_SAID[code]} for code, title in zip(("en", "ja", "ko"), titles[1:], strict=True) if title}
    made = plan_activity(actor=_ORGANISER, facts=ActivityFacts(
        title=titles[0], kind=kind, organiser="云岭市科学技术委员会", opens_at=at + timedelta(days=2 if kind == K.TRAINING else -3),
        closes_at=begins - timedelta(days=1), summary=_SUMMARY, body=_BODY, moderated=moderated, translations=said,
        per_unit=5 if kind == K.CHANNEL else None,
    ))  # fmt: skip
    return add_session(actor=_ORGANISER, activity=made.pk, facts=SessionFacts(
        begins_at=begins, ends_at=begins + timedelta(hours=3), capacity=places, place="云岭科技馆报告厅",
    ))  # fmt: skip


def _opened(kind: ActivityKind, titles: tuple[str, str, str, str], days: int, places: int, *, moderated: bool) -> Session:
    session = _planned(kind, titles, days, places, moderated=moderated)
    submit_activity(actor=_ORGANISER, activity=session.activity_id)
    approve_activity(actor=_APPROVER, activity=session.activity_id)
    return session


def _at_this_hour(guests: list[Somebody]) -> None:
    """An activity that runs while the city is looked at, so that somebody can be checked in."""
    at = now()
    begins, ends = at - timedelta(minutes=30), at + timedelta(hours=8)
    with transaction.atomic():
        row = Activity.objects.create(
            number=f"HD-{at.year}-90001", kind=K.FORUM, title="云岭创新论坛", summary="今天举行。", body=_BODY,
            organiser="云岭市科学技术委员会",
            state=ActivityState.RUNNING, opens_at=at - timedelta(days=20), closes_at=begins - timedelta(hours=1),
            begins_at=begins, ends_at=ends,
            author=_ORGANISER.account, approver=_APPROVER.account, published_at=at - timedelta(days=21),
        )  # fmt: skip
        session = Session.objects.create(
            activity=row, place="科创一路 1 号会议中心", begins_at=begins, ends_at=ends, capacity=30, taken=len(guests)
        )
        Registration.objects.bulk_create([
            Registration(
                number=f"BM-{at.year}-9{place:05}", session=session, name=guest.name, phone=guest.phone, phone_mark=guest.mark,
                unit_id=guest.unit, unit_title=guest.unit_title, firm=guest.firm, state=RegistrationState.CONFIRMED, over_at=ends,
                made_at=at - timedelta(days=5),
            )
            for place, guest in enumerate(guests)
        ])  # fmt: skip
        show_activity(row)
        record("demo.forum", actor=SYSTEM, target=f"activity:{row.pk}", after=digest_of({"registered": len(guests)}))
