"""A round walked by those who make it: called, declared, drawn by a public key, replaced, scored blind, read once more, published."""

import json
import re
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import localdate
from journeys.walking import choose, fill, follow, lead, narrow_enough, press, told
from people import make_account, make_unit
from playwright.sync_api import expect

from keheng.directory.queries.people import employers_of
from keheng.review.enums import SeatState
from keheng.review.models import Seat
from keheng.review.queries.pools import in_pool
from keheng.review.rules.draw import redraw
from keheng.review.service import RoundFacts, Subject, open_round
from keheng.site.demo_rounds import demo_office

CALLED = 5
UNITS = "云岭申报单位甲", "云岭申报单位乙"
TITLES = "微型水质传感器", "轨道巡检机器人"
# What the judges of an entry give for each criterion: on the first they disagree, its last reading comes after that was seen.
GIVEN = {"E001": ("9", "9", "4"), "E002": ("7", "7", "7")}
AFTER_ALARM = "9"


def prepared(width):
    """A round of two entries that waits for its judges: number, the logins of those who will be called, and their experts."""
    units = [make_unit(f"{name}（{width}）") for name in UNITS]
    facts = RoundFacts(
        title=f"云岭市仪器专项评审（{width}）", kind="demo.walked", rubric="innovation", combination="mean", seats={"技术": 3}, most=6, quota=1,
        scoring_until=localdate() + timedelta(days=10), listed="拟资助",
    )  # fmt: skip
    subjects = [Subject(f"walked-{width}-{place}", title, units[place].pk, f"{title}的研究内容。") for place, title in enumerate(TITLES)]
    row = open_round(actor=demo_office().officer, facts=facts, subjects=subjects)
    chosen, taken = [], set()
    for expert in in_pool().order_by("-pk"):
        own = set(employers_of([expert.person_id], localdate()))
        if not own & taken and len(chosen) < CALLED:
            chosen, taken = [*chosen, expert.pk], taken | own
    logins = [f"judge{place}.{width}" for place in range(CALLED)]
    for login in logins:
        make_account(login, "expert")
    return row.pk, logins, chosen


def called(page, number, logins, experts):
    """The organiser asks each of them, and is told what is wrong with a login that nobody has."""
    page.goto(f"/review/{number}/judges/")
    told(page, "还没有邀请专家")
    for login, expert in zip(logins, experts, strict=True):
        follow(page, "邀请专家")
        choose(page, expert=str(expert), kind="技术")
        if login == logins[0]:
            fill(page, login="nobody.there")
            press(page, "邀请")
            told(page, "没有账号")
            expect(page.locator("main #id_expert")).to_have_value(str(expert))
        fill(page, login=login)
        press(page, "邀请")
        told(page, "已邀请")
    expect(page.locator("main tbody tr")).to_have_count(CALLED)


def declares(page):
    """A judge comes in by the call, and says to be independent: not without having ticked it."""
    page.goto("/review/desk/")
    told(page, "请先确认参加并作独立性声明")
    follow(page, "声明并参加")
    press(page, "声明并参加")
    told(page, "没有勾选声明")
    page.locator("main #id_agreed").check()
    press(page, "声明并参加")
    told(page, "已声明，可以开始评审")


def takes(page, number, step):
    """The next step of a round, with its confirmation."""
    page.goto(f"/review/{number}/")
    follow(page, step)
    press(page, step)
    told(page, f"{step}：已完成")


def drawn_in_public(officer, visitor, number, width):
    """The digest is there before the key; with the key anyone has the same seats."""
    takes(officer, number, "锁定名单并公布摘要")
    visitor.goto(f"/reviews/{number}/draw/")
    told(visitor, "尚未公布")
    digest = visitor.locator("main dl code").first.inner_text()
    takes(officer, number, "公布密钥并抽取")
    visitor.reload()
    told(visitor, "公布密钥")
    narrow_enough(visitor, width)
    with visitor.expect_download() as taken:
        visitor.locator("main").get_by_role("link", name="draw-0.json").click()
    file = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert (redraw(file).holds, file["digest"], len(file["seats"])) == (True, digest, 6)


def open_seats(number):
    """Who reads what: logins' places by entry, of readings that are open."""
    rows = Seat.objects.filter(entry__round=number, state=SeatState.OPEN).select_related("entry", "panelist").order_by("panelist__code")
    found = {}
    for seat in rows:
        found.setdefault(seat.entry.code, []).append(int(seat.panelist.code[1:]) - 1)
    return found


def leaves(page, width):
    """A judge who has readings drops out, with a reason."""
    page.goto("/review/desk/")
    follow(page, "因故退出")
    press(page, "退出")
    expect(page.locator("main .k-error").first).to_be_visible()
    fill(page, reason="临时出差")
    press(page, "退出")
    told(page, "已退出")
    told(page, "没有评审任务")
    narrow_enough(page, width)


def reads(page, code, points, width, seen=()):
    """A judge scores an entry: the total moves while they type, and nothing tells whose it is or what others gave."""
    page.goto("/review/desk/")
    lead(page.locator("main li").filter(has_text=code).get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    narrow_enough(page, width)
    shown = page.locator("main").inner_text()
    assert [word for word in (*UNITS, *seen) if word in shown] == []
    for criterion in ("need", "novelty", "plan", "budget"):
        expect(page.locator("[data-total-shown]")).to_have_text("—")
        fill(page, **{criterion: points})
    expect(page.locator("[data-total-shown]")).to_have_text(f"{points}0.00")
    press(page, "提交评分")
    told(page, "没有写评语")
    fill(page, comment="依据可以核对。")
    press(page, "提交评分")
    told(page, f"{code} 已提交")


def figure(page, title, text):
    """A figure at the head of the round's page is so."""
    expect(page.locator("main .k-stat").filter(has_text=title).locator("dd")).to_have_text(re.compile(rf"^{text}$"))


def scored_blind(judges, officer, number, site, width):
    """Everybody reads; the office sees points as they come, judges never those of others."""
    given = []
    for code, readers in site.ask(lambda: open_seats(number)).items():
        for place, points in zip(readers, GIVEN[code], strict=True):
            own = {one for who, one in given if who == place} | {points}
            reads(judges[place], code, points, width, seen=[f"{one}0.00" for _, one in given if one not in own])
            given.append((place, points))
            officer.goto(f"/review/{number}/")
            figure(officer, "已提交评分", rf"{len(given)}\s*待评 {6 - len(given)}")
            expect(officer.locator("main .k-table--cards tbody tr").filter(has_text=code)).to_contain_text(f"{points}0.0")
    assert judges[0].goto(f"/review/{number}/").status in {403, 404}


def read_once_more(officer, judges, number, site, width):
    """Where judges disagree the organiser asks for another reading, and there alone."""
    row = officer.locator("main .k-table--cards tbody tr")
    expect(row.filter(has_text="E001")).to_contain_text("分歧大")
    expect(row.filter(has_text="E002")).not_to_contain_text("分歧大")
    figure(officer, "分歧大", "1")
    expect(officer.locator("main").get_by_role("link", name="加评", exact=True)).to_have_count(1)
    follow(officer, "加评")
    press(officer, "抽取专家")
    told(officer, "已抽取一位专家")
    [(code, [place])] = site.ask(lambda: open_seats(number)).items()
    assert code == "E001"
    reads(judges[place], code, AFTER_ALARM, width)


def published(window, officer, number, width):
    """Whoever organises combines; somebody else publishes; everybody reads the list."""
    takes(officer, number, "合成结果")
    lines = officer.locator("main .k-table--cards tbody tr")
    expect(lines.filter(has_text="E001")).to_contain_text("拟资助")
    expect(lines.filter(has_text="E001")).to_contain_text("77.50")
    expect(lines.filter(has_text="E002")).to_contain_text("未列入")
    told(officer, "名单由组织人以外的有权人员公示")
    narrow_enough(officer, width)
    takes(window("demo.leader"), number, "公示名单")
    citizen = window()
    citizen.goto(f"/reviews/?q=仪器专项评审（{width}）")
    follow(citizen, f"云岭市仪器专项评审（{width}）")
    shown = citizen.locator("main").inner_text()
    assert [word in shown for word in (TITLES[0], f"{UNITS[0]}（{width}）", "77.50", TITLES[1], UNITS[1])] == [
        True,
        True,
        True,
        False,
        False,
    ]
    narrow_enough(citizen, width)


def test_a_round_goes_from_the_call_to_its_published_list(window, width, site):
    number, logins, experts = site.ask(lambda: prepared(width))
    officer, visitor = window("demo.case.officer"), window()
    called(officer, number, logins, experts)
    judges = [window(login) for login in logins]
    for one in judges:
        declares(one)
    drawn_in_public(officer, visitor, number, width)

    leaver = site.ask(lambda: open_seats(number))["E001"][0]
    leaves(judges[leaver], width)
    after = site.ask(lambda: open_seats(number))
    assert {code: (len(places), leaver in places) for code, places in after.items()} == {"E001": (3, False), "E002": (3, False)}
    visitor.reload()
    told(visitor, "第 1 次补抽")
    officer.goto(f"/review/{number}/judges/")
    expect(officer.locator("main tbody tr").filter(has_text="临时出差")).to_contain_text("已退出")
    narrow_enough(officer, width)

    scored_blind(judges, officer, number, site, width)
    read_once_more(officer, judges, number, site, width)
    published(window, officer, number, width)
