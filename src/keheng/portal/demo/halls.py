"""A year of two exhibition halls of the invented city with the published figures; what is wrong on purpose is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate

from keheng.kernel.trail.record import SYSTEM, Actor, digest_of, record
from keheng.portal.actions.hall_visits import approve_visit, request_visit, schedule_visit
from keheng.portal.actions.halls import make_hall, save_guide
from keheng.portal.demo.faults import Fault, Progress, account_of, demo_year, moment
from keheng.portal.demo.people import firms, people
from keheng.portal.enums.halls import ItemState, VisitState
from keheng.portal.enums.outreach import checklist
from keheng.portal.models import AcceptanceCheck, Closure, CounterReading, Defect, Guide, Hall, Inspection, Visit
from keheng.portal.queries.halls import known_of
from keheng.portal.rules.halls import HallFacts, VisitFacts
from keheng.portal.rules.registrations import attendee
from keheng.portal.rules.slots import Slot, slots_of, times_of

_KEY = 20260305
_STAFF = Actor("demo-halls", "organiser")
FAULTS = (Fault("reading_differs", "第一展厅有一天的计数器读数少于团体登记人数，说明栏写明计数器停机"),)
_WEEK = {day: (time(9), time(17)) for day in range(1, 7)}
_HALLS = (
    HallFacts(
        code="kechuang", title="云岭科创展厅", place="科创一路 1 号", most_people=60, slot_minutes=60, hours=_WEEK,
        intro="展示云岭市的科技成果：大型科学仪器、新材料和智能装备。团体参观由讲解员陪同。",
        translations={
            "en": {"title": "Yunling Innovation Hall", "intro": "Instruments, new materials and intelligent machines of the city."},
            "ja": {"title": "雲嶺イノベーション展示館", "intro": "市の科学機器、新素材、知能機械をご覧いただけます。"},
            "ko": {"title": "윈링 혁신 전시관", "intro": "도시의 과학 장비, 신소재, 지능 기계를 전시합니다."},
        },
    ),
    HallFacts(
        code="chuangxin", title="云岭创新历程馆", place="翠湖路 18 号", most_people=30, slot_minutes=45, hours=_WEEK,
        intro="回顾云岭科技创新的历程。",
        translations={
            "en": {"title": "Hall of Innovation History", "intro": "How science grew in Yunling."},
            "ja": {"title": "雲嶺イノベーション歴史館", "intro": "雲嶺の科学技術の歩み。"},
            "ko": {"title": "윈링 혁신 역사관", "intro": "윈링 과학기술의 발자취."},
        },
    ),
)  # fmt: skip
_GUIDES = (("江导览", ["zh-hans", "en"]), ("叶晓岚", ["zh-hans", "ja"]), ("金雨桐", ["zh-hans", "ko"]), ("方以宁", ["zh-hans", "en"]))
# Month and day of the first day and of the day it opened again, and why.
_SHUT = (((3, 3), (4, 21), "展陈升级改造"), ((7, 8), (7, 22), "空调系统检修"), ((10, 9), (11, 18), "消防设施改造"))


@dataclass(frozen=True, slots=True)
class Sizes:
    """Receptions and visitors of the two halls."""

    receptions: tuple[int, int]
    visitors: tuple[int, int]


SIZES = {"small": Sizes((57, 7), (1640, 80)), "full": Sizes((566, 70), (16400, 800))}
# Of the first hall in the year before.
_EARLIER = {"small": (41, 1230), "full": (412, 12_360)}


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal with two halls and their year; one entry stands on the trail for the year."""
    sizes, random = SIZES[scale], Random(_KEY)  # noqa: S311 -- the same city every time
    progress("展厅", 0, len(_HALLS))
    halls = [make_hall(actor=_STAFF, facts=facts) for facts in _HALLS]
    guides = [
        save_guide(actor=_STAFF, name=name, languages=languages, account=account_of("guide") if not place else "")
        for place, (name, languages) in enumerate(_GUIDES)
    ]
    for place, hall in enumerate(halls):
        with transaction.atomic():
            if place:
                _shut(hall)
            pair = guides[place * 2 : place * 2 + 2]
            visits = _receptions(hall, demo_year(), pair, sizes.receptions[place], sizes.visitors[place], random)
            _count(hall, demo_year(), visits, sizes.visitors[place], random, fault=not place)
            _inspect(hall, random)
            record("demo.halls", actor=SYSTEM, target=f"hall:{hall.pk}", after=digest_of({"receptions": len(visits)}))
        progress("展厅", place + 1, len(_HALLS))
    _earlier(halls[0], guides[:2], *_EARLIER[scale])
    _coming(halls[0], guides, random)


def _shut(hall: Hall) -> None:
    year = demo_year()
    Closure.objects.bulk_create(
        [
            Closure(hall=hall, since=date(year, *since), until=date(year, *until), reason=reason, by=_STAFF.account)
            for since, until, reason in _SHUT
        ]
    )


def _open_times(hall: Hall, year: int) -> list[tuple[datetime, datetime]]:
    """Every slot of a year."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    known = known_of(hall, first, after)
    return [slot for step in range((after - first).days) for slot in times_of(known, first + timedelta(days=step))]


def _receptions(hall: Hall, year: int, guides: list[Guide], count: int, visitors: int, random: Random) -> list[Visit]:
    """So many groups that came, besides some that cancelled and some that did not come; half of the visitors are in groups."""
    slots = random.sample(_open_times(hall, year), count + count // 10)
    units, contacts = firms(60), people(len(slots), [], random, first=7000 + hall.pk * 700)
    average = visitors // 2 // count
    rows = []
    for place, ((begins, ends), contact) in enumerate(zip(slots, contacts, strict=True)):
        state = VisitState.DONE if place < count else random.choice((VisitState.CANCELLED, VisitState.NO_SHOW))
        guide = random.choice(guides)
        announced = max(1, min(hall.most_people, average + random.randrange(-average // 2, average // 2 + 1)))
        heads = max(1, announced - random.choice((0, 0, 1, 2))) if state == VisitState.DONE else None
        rows.append(Visit(
            number=f"CG-{begins.year}-{hall.pk}{place + 1:04}", hall=hall, begins_at=begins, ends_at=ends,
            language=random.choice(guide.languages),
            people=announced, counted=heads, unit_title=random.choice(units).title, contact=contact.name, phone=contact.phone,
            phone_mark=contact.mark, state=state, guide=guide, decided_by=_STAFF.account,
            made_at=begins - timedelta(days=random.randrange(2, 40)),
        ))  # fmt: skip
    return Visit.objects.bulk_create(rows, batch_size=200)


def _count(hall: Hall, year: int, visits: list[Visit], visitors: int, random: Random, *, fault: bool = False) -> None:
    """A reading for each day that was open: the groups, and people who came alone; together exactly the published number."""
    groups: dict[date, int] = {}
    for visit in visits:
        day = localdate(visit.begins_at)
        groups[day] = groups.get(day, 0) + (visit.counted or 0)
    days = sorted({localdate(begins) for begins, _ in _open_times(hall, year)})
    alone = visitors - sum(groups.values())
    share = [random.random() for _ in days]
    single = [int(alone * part / sum(share)) for part in share]
    for place in range(alone - sum(single)):
        single[place] += 1
    readings = [
        CounterReading(hall=hall, day=day, counted=groups.get(day, 0) + more, registered=groups.get(day, 0), by=_STAFF.account)
        for day, more in zip(days, single, strict=True)
    ]
    if fault:
        _stop_counter(readings)
    CounterReading.objects.bulk_create(readings, batch_size=200)


def _stop_counter(readings: list[CounterReading]) -> None:
    """Fault: the counter stood still for an hour; the heads it missed came on the day after."""
    place = next(place for place, one in enumerate(readings[:-1]) if one.registered)
    missed = readings[place].counted - readings[place].registered + 1
    readings[place].counted -= missed
    readings[place].note = "计数器停机一小时，读数少于团体登记人数"
    readings[place + 1].counted += missed


def _inspect(hall: Hall, random: Random) -> None:
    """Every day of the year and of this one so far; now and then something was wrong, and mended within days."""
    wrong = _inspected(hall, date(demo_year(), 1, 1), localdate(), random)
    Defect.objects.filter(pk=wrong[-1].pk).update(fixed_on=None, fixed_by="")
    _accept(hall, demo_year(), ("展项更新", "讲解词更新", "无障碍通道改造", "消防设施改造", "多媒体设备更新", "客流计数器更换"))


def _inspected(hall: Hall, first: date, until: date, random: Random) -> list[Defect]:
    """The inspections of days; what was wrong, and mended."""
    fine = {one.code: str(ItemState.OK) for one in checklist()}
    rows, wrong = [], []
    for step in range((until - first).days):
        day = first + timedelta(days=step)
        bad = random.choice(checklist()).code if random.random() < 0.04 else ""  # noqa: PLR2004 -- one day in twenty-five
        row = Inspection(hall=hall, day=day, items=fine | ({bad: str(ItemState.DEFECT)} if bad else {}), by=_STAFF.account)
        rows.append(row)
        if bad:
            mended = min(day + timedelta(days=random.randrange(1, 6)), localdate())
            wrong.append(Defect(inspection=row, item=bad, text="巡检发现异常，已报修", fixed_on=mended, fixed_by=_STAFF.account))
    Inspection.objects.bulk_create(rows, batch_size=200)
    return Defect.objects.bulk_create(wrong)


def _accept(hall: Hall, year: int, subjects: Sequence[str]) -> None:
    """Work that was accepted, forty days apart."""
    AcceptanceCheck.objects.bulk_create([
        AcceptanceCheck(hall=hall, day=date(year, 1, 21) + timedelta(days=40 * place), subject=subject, passed=True, by=_STAFF.account)
        for place, subject in enumerate(subjects)
    ])  # fmt: skip


def _earlier(hall: Hall, guides: list[Guide], receptions: int, visitors: int) -> None:
    """The year before the demo year, with fewer groups, so that figures are seen over years."""
    random, year = Random(_KEY - 1), demo_year() - 1  # noqa: S311 -- the same city every time
    with transaction.atomic():
        visits = _receptions(hall, year, guides, receptions, visitors, random)
        _count(hall, year, visits, visitors, random)
        _inspected(hall, date(year, 1, 1), date(year + 1, 1, 1), random)
        _accept(hall, year, ("展项更新", "照明更换", "讲解设备更新"))
        record("demo.halls", actor=SYSTEM, target=f"hall:{hall.pk}", after=digest_of({"receptions": len(visits)}))


def _coming(hall: Hall, guides: list[Guide], random: Random) -> None:
    """Groups that will come: one asks, one is agreed to, one has its guide; and one today, for the guide's page."""
    groups = people(4, [], random, first=9000)
    for place, days in enumerate((5, 8, 11)):
        day = localdate() + timedelta(days=days)
        free: list[Slot] = []
        while not free:
            free = [one for one in slots_of(known_of(hall, day, day + timedelta(days=1)), day, "zh-hans") if one.free]
            day += timedelta(days=1)
        who = attendee(groups[place].name, groups[place].phone)
        facts = VisitFacts(
            contact=who, unit_title=("云岭理工大学", "云岭第一中学", "云岭市质量检验中心")[place], people=20, language="zh-hans"
        )
        visit = request_visit(actor=Actor(""), hall=hall.pk, begins_at=free[place].begins_at, facts=facts)
        if place:
            approve_visit(actor=_STAFF, visit=visit.pk)
        if place > 1:
            schedule_visit(actor=_STAFF, visit=visit.pk, guide=guides[0].pk)
    with transaction.atomic():
        begins = datetime.combine(localdate(), time(15), get_current_timezone())
        contact = groups[3]
        row = Visit.objects.create(
            number=f"CG-{begins.year}-90001", hall=hall, begins_at=begins, ends_at=begins + timedelta(hours=1),
            language="zh-hans", people=24,
            unit_title="云岭职业技术学院", contact=contact.name, phone=contact.phone, phone_mark=contact.mark, state=VisitState.SCHEDULED,
            guide=guides[0], decided_by=_STAFF.account, made_at=moment(localdate() - timedelta(days=9), 10, 0),
        )  # fmt: skip
        record("demo.visit", actor=SYSTEM, target=f"visit:{row.pk}")
