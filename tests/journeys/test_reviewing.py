"""A judge scores with the keyboard beside the document; a citizen objects to a published entry, and the leader answers."""

from journeys.walking import fill, follow, lead, press, told
from playwright.sync_api import expect

from keheng.review.models import Objection, Round


def test_a_judge_scores_and_an_objection_is_answered(window, width, site):
    judge = window("demo.expert")
    judge.goto("/review/desk/")
    mine = site.ask(lambda: Round.objects.get(state="scoring", kind="demo.project").title)
    lead(judge.locator("main section").filter(has_text=mine).locator("li").filter(has_text="待评").first.get_by_role("link"))
    code = judge.locator("h1").inner_text().split()[0]
    judge.locator("#id_need").focus()
    for points in ("8", "7.5", "6", "9"):
        judge.keyboard.type(points)
        judge.keyboard.press("Tab")
        if points != "9":
            # The explanation of the points stands between two fields.
            judge.keyboard.press("Tab")
    expect(judge.locator("[data-total-shown]")).to_have_text("74.50")
    fill(judge, comment="现场条件具备，预算有依据")
    judge.keyboard.press("Control+Enter")
    told(judge, f"{code} 已提交")

    row = site.ask(lambda: Round.objects.get(state="public", kind="demo.project").pk)
    citizen, leader = window(), window("demo.leader")
    citizen.goto(f"/reviews/{row}/")
    citizen.get_by_role("link", name="提出异议", exact=True).last.click()
    fill(citizen, body=f"与已验收的项目重复（{width}）")
    press(citizen, "提交异议")
    told(citizen, "没有写姓名")
    fill(citizen, name="孙来信", phone="19900005678")
    press(citizen, "提交异议")
    told(citizen, "异议已提交")

    one = site.ask(lambda: Objection.objects.order_by("-pk").first())
    leader.goto(f"/review/{row}/")
    follow(leader, one.number)
    told(leader, f"与已验收的项目重复（{width}）")
    leader.get_by_label("不成立").check()
    fill(leader, answer="经核查，两个项目的研究对象不同")
    press(leader, "提交处理结论")
    told(leader, "异议已处理")
