"""A case ends, its applicant finds the question in the inbox and answers it, and the editor sees whom the survey asked."""

import json
import re
from datetime import timedelta

from django.utils.timezone import now
from journeys.test_surveys import answer
from journeys.walking import choose, clock, fill, follow, narrow_enough, press, told
from people import actor_for
from playwright.sync_api import expect

from keheng.access.models import Account
from keheng.directory.models import Organisation
from keheng.kernel.desk.models import Message
from keheng.kernel.jobs.registry import kind_of
from keheng.kernel.models import Job
from keheng.matters.service import MoveWish, move_case
from keheng.site.demo_funds import _talent
from keheng.site.demo_rounds import Firm, begin, do

MATTER = "yl.talent"


def refused_one(serial):
    """A talent of the demo's firm is not accepted at the window; what follows is done as the worker would do it."""
    # Whoever was asked at the other width is past the days of quiet.
    Message.objects.filter(kind="portal.survey").update(sent_at=now() - timedelta(days=2))
    unit = Organisation.objects.get(pk=Account.objects.get(login="demo.unit.manager").grants.order_by("pk").first().unit_id)
    member, manager = (actor_for(Account.objects.get(login=f"demo.unit.{name}"), unit.pk) for name in ("member", "manager"))
    case = do(member, begin(member, MATTER, _talent(serial % 4, Firm(member, manager, unit.name, unit.credit_code))), "submit")
    case = do(manager, case, "nominate")
    case.refresh_from_db()
    clerk = actor_for(Account.objects.get(login="demo.window.clerk"))
    case = move_case(actor=clerk, case=case.pk, wish=MoveWish("refuse", case.version, {}, "不符合申报条件"))
    job = Job.objects.filter(kind__endswith="wiring._to_surveys").latest("pk")
    kind_of(job.kind).handler(json.loads(job.payload))
    return case.number


def test_whoever_applied_is_asked_after_the_case(site, window, width):
    title, staff, firm = f"英才申报办事调查（{width}）", window("demo.organiser"), window("demo.unit.member")
    staff.goto("/manage/surveys/new/")
    fill(staff, title=title, closes_at=clock(days=3))
    choose(staff, audience="after", code="service")
    staff.locator("main details summary").first.click()
    choose(staff, service=f"case/{MATTER}")
    fill(staff, quiet_days="1")
    narrow_enough(staff, width)
    press(staff, "保存")
    follow(staff, "开始调查")
    press(staff, "开始调查")
    told(staff, "调查已开始")

    number = site.ask(lambda: refused_one(width))
    firm.goto("/desk/messages/")
    firm.locator("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
    told(firm, number)
    firm.locator("main").get_by_role("link", name="去看看").click()
    expect(firm.locator("main h1")).to_have_text(title)
    narrow_enough(firm, width)
    answer(firm, "满意")
    told(firm, "谢谢，您的回答已收到")

    staff.reload()
    told(staff, "期间办结 1 件，询问 1 件，答复 1 件")
    narrow_enough(staff, width)
    follow(staff, "结束调查")
    press(staff, "结束调查")
    told(staff, "调查已结束")
    told(staff, "答卷太少，不公布结果")
