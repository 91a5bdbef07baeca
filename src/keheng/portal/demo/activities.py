"""A year of activities of the invented city with the published figures, the same every time; what is wrong on purpose is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from keheng.kernel.search.indexing import index
from keheng.kernel.trail.record import SYSTEM, digest_of, record
from keheng.portal.actions.people import key_of
from keheng.portal.actions.publishing import activity_document
from keheng.portal.demo import coming
from keheng.portal.demo.faults import Fault, Progress, demo_year, moment
from keheng.portal.demo.people import Somebody, firms, people
from keheng.portal.enums.activities import ActivityKind, ActivityState, AttendedBy, RegistrationState, ScanOutcome
from keheng.portal.models import Activity, Attendance, OnlineSpan, Registration, Scan, Session
from keheng.portal.rules.people import year_mark

_KEY = 20260304
K, R = ActivityKind, RegistrationState
FAULTS = (
    Fault("wrong_clock", "签到设备的时间快了一天：该场的第一条扫码记录"),
    Fault("doubled_registration", "同一电话重复报名，第二次未通过"),
)
_TITLES = {
    K.OPEN_DAY: ("云岭科技开放日", "走进重点实验室", "科学家面对面"),
    K.CHANNEL: ("仪器共享对接会", "科技成果转化对接会", "产学研渠道对接会"),
    K.TRAINING: ("创新券使用培训", "科技统计填报培训"),
    K.LECTURE: ("科普讲座：身边的材料", "科普讲座：看见微观世界"),
    K.FORUM: ("云岭创新论坛",),
    K.OVERSEAS: ("海外人才和项目对接会",),
}
_PLACES = ("云岭科技馆报告厅", "科创一路 1 号会议中心", "云岭理工大学学术厅", "翠湖路人才公寓活动室")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is: activities by kind; people who came in all, those of them without a registration, those who came twice."""

    kinds: tuple[tuple[ActivityKind, int], ...]
    people: int
    walk_ins: int
    twice: int
    firms: int

    @property
    def attended(self) -> int:
        """Registrations that were followed by coming."""
        return self.people - self.walk_ins + self.twice

    @property
    def missed(self) -> int:
        """Registrations that were not: five of a hundred."""
        return self.attended // 19


# Attended is a multiple of 19 in both, so that the attendance rate is 95 % exactly.
SIZES = {
    "small": Sizes(((K.OPEN_DAY, 1), (K.CHANNEL, 1), (K.TRAINING, 1), (K.FORUM, 1), (K.OVERSEAS, 1)), 250, 6, 22, 30),
    "full": Sizes(((K.OPEN_DAY, 10), (K.CHANNEL, 14), (K.TRAINING, 5), (K.LECTURE, 4), (K.FORUM, 2), (K.OVERSEAS, 3)), 2500, 60, 220, 300),
}


@dataclass(slots=True)
class Held:
    """An activity of the year while it is being made."""

    activity: Activity
    session: Session
    came: list[Somebody]
    missed: list[Somebody]
    walked_in: list[Somebody]


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal with a year of activities, and open some; one entry stands on the trail for the year."""
    sizes, random = SIZES[scale], Random(_KEY)  # noqa: S311 -- the same city every time
    total = sum(count for _, count in sizes.kinds)
    progress("活动", 0, total)
    with transaction.atomic():
        held = _year(sizes, random)
        _write(held, random)
        index([activity_document(one.activity) for one in held])
        record("demo.activities", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"activities": len(held)}))
    coming.load(random)
    progress("活动", total, total)


def _year(sizes: Sizes, random: Random) -> list[Held]:
    """The activities with who came to which."""
    kinds = [kind for kind, count in sizes.kinds for _ in range(count)]
    random.shuffle(kinds)
    year = demo_year()
    days = sorted(random.sample(range(30, 350), len(kinds)))
    held = [
        _activity(serial, kind, date(year, 1, 1) + timedelta(days=day), random)
        for serial, (kind, day) in enumerate(zip(kinds, days, strict=True))
    ]
    everybody = people(sizes.people - sizes.walk_ins, firms(sizes.firms), random)
    for place, one in enumerate(everybody):
        held[place % len(held)].came.append(one)
    for place, one in enumerate(everybody[: sizes.twice]):
        held[(place + 1) % len(held)].came.append(one)
    for place, one in enumerate(people(sizes.missed, [], random, first=3000)):
        held[place % len(held)].missed.append(one)
    for place, one in enumerate(people(sizes.walk_ins, [], random, first=4000)):
        held[place % len(held)].walked_in.append(one)
    return held


def _activity(serial: int, kind: ActivityKind, day: date, random: Random) -> Held:
    begins = moment(day, random.choice((9, 14)), 0)
    ends = begins + timedelta(hours=3)
    title = f"{random.choice(_TITLES[kind])}（第 {serial + 1} 场）"
    row = Activity(
        number=f"HD-{day.year}-{serial + 1:05}", kind=kind, title=title, summary=f"{day.month} 月 {day.day} 日，欢迎参加。",
        body="本活动为演示城市云岭的虚构活动。\n凭报名编号或二维码签到。", organiser="云岭市科学技术委员会", state=ActivityState.ARCHIVED,
        opens_at=begins - timedelta(days=21), closes_at=begins - timedelta(days=1), begins_at=begins, ends_at=ends, author="demo-organiser",
        approver="demo-approver", published_at=begins - timedelta(days=22),
    )  # fmt: skip
    room = "https://meet.yunling.example/room" if kind == K.TRAINING else ""
    session = Session(activity=row, place=random.choice(_PLACES), online_url=room, begins_at=begins, ends_at=ends, capacity=1)
    return Held(row, session, [], [], [])


def _write(held: list[Held], random: Random) -> None:
    Activity.objects.bulk_create([one.activity for one in held])
    for one in held:
        seated = len(one.came) + len(one.missed)
        one.session.taken, one.session.capacity = seated, -(-seated // 10) * 10
    Session.objects.bulk_create([one.session for one in held])
    number = iter(range(1, 10**6))
    rows = [row for one in held for row in _registrations(one, number, random)]
    rows.append(_doubled(held[0], number))
    Registration.objects.bulk_create(rows, batch_size=500)
    came = [row for row in rows if row.state == R.ATTENDED]
    # All of them end in one year.
    key = key_of(held[0].session)
    Attendance.objects.bulk_create([_attendance(row, key, random) for row in came], batch_size=500)
    Attendance.objects.bulk_create(
        [
            Attendance(
                session=one.session,
                person=year_mark(key, guest.mark),
                firm=guest.firm,
                how=AttendedBy.WALK_IN,
                at=one.session.begins_at,
                gate="东门",
            )
            for one in held
            for guest in one.walked_in
        ]
    )
    _scans(held[0].session, came, random)


def _registrations(one: Held, number: Iterator[int], random: Random) -> Iterator[Registration]:
    """Whoever came, whoever did not, and besides some who cancelled in time and some who waited in vain."""
    for guests, state in ((one.came, R.ATTENDED), (one.missed, R.NO_SHOW)):
        for guest in guests:
            yield _registration(one.session, guest, state, next(number), random)
    extra = people(6, [], random, first=5000 + one.session.pk * 6)
    for guest in extra[:4]:
        yield _registration(one.session, guest, R.CANCELLED, next(number), random)
    if one.session.taken == one.session.capacity:
        for guest in extra[4:]:
            row = _registration(one.session, guest, R.REFUSED, next(number), random)
            row.waiting_since, row.reason = row.made_at, "没有空出名额"
            yield row


def _registration(session: Session, guest: Somebody, state: RegistrationState, number: int, random: Random) -> Registration:
    return Registration(
        number=f"BM-{session.begins_at.year}-{number:06}", session=session, name=guest.name, phone=guest.phone, phone_mark=guest.mark,
        unit_id=guest.unit, unit_title=guest.unit_title, firm=guest.firm, state=state, over_at=session.ends_at,
        made_at=session.begins_at - timedelta(hours=random.randrange(30, 480)),
    )  # fmt: skip


def _doubled(one: Held, number: Iterator[int]) -> Registration:
    """Fault: somebody registered twice with one number."""
    row = _registration(one.session, one.came[0], R.REFUSED, next(number), Random(_KEY))  # noqa: S311 -- the same city every time
    row.reason = "同一电话重复报名"
    return row


def _attendance(row: Registration, key: str, random: Random) -> Attendance:
    """At the door, or for trainings one in four online."""
    online = bool(row.session.online_url) and row.pk % 4 == 0
    at = row.session.begins_at + timedelta(minutes=0 if online else random.randrange(-40, 20))
    how = AttendedBy.ONLINE if online else AttendedBy.TICKET
    if online:
        OnlineSpan.objects.create(
            session=row.session, registration=row, joined_at=at, left_at=at + timedelta(minutes=random.randrange(40, 170))
        )
    return Attendance(
        session=row.session, registration=row, person=year_mark(key, row.phone_mark), firm=row.firm, how=how, at=at,
        gate="" if online else "东门",
    )  # fmt: skip


def _scans(first: Session, came: list[Registration], random: Random) -> None:
    """A scan for each ticket; one in fifty was scanned twice. Fault: the first one of the first session has a clock a day ahead."""
    rows: list[Scan] = []
    for place, row in enumerate(one for one in came if not (one.session.online_url and one.pk % 4 == 0)):
        at = row.session.begins_at + timedelta(minutes=random.randrange(-40, 20))
        if row.session_id == first.pk and not any(scan.outcome == ScanOutcome.CLOCK for scan in rows):
            rows.append(_scan(row, at + timedelta(days=1), at, ScanOutcome.CLOCK, place))
        rows.append(_scan(row, at, at, ScanOutcome.ACCEPTED, place))
        if place % 50 == 0:
            rows.append(_scan(row, at + timedelta(minutes=3), at + timedelta(minutes=3), ScanOutcome.DOUBLED, place))
    Scan.objects.bulk_create(rows, batch_size=500)


def _scan(row: Registration, scanned: datetime, received: datetime, outcome: ScanOutcome, place: int) -> Scan:
    return Scan(
        session=row.session, registration=row, gate="东门", device="demo-1", scanned_at=scanned, received_at=received, outcome=outcome,
        key=f"demo-{place}-{outcome}",
    )  # fmt: skip
