"""An applicant is not satisfied and says so; a colleague who did not handle the case calls back, puts it right and answers."""

from journeys.walking import choose, fill, follow, narrow_enough, press, told
from playwright.sync_api import expect

from keheng.access.models import Account
from keheng.matters.models import Case


def unrated():
    """A case of the demo's firm that came to its end and was not rated."""
    firm = Account.objects.get(login="demo.unit.manager")
    rows = Case.objects.filter(applicant=str(firm.pk), ended_at__isnull=False, rating=None).exclude(number=None)
    return rows.order_by("-pk").values_list("pk", "number").first()


def test_one_star_is_looked_into_and_answered(window, width, site):
    case, number = site.ask(unrated)
    firm, agent, officer = window("demo.unit.manager"), window("demo.hotline.agent"), window("demo.case.officer")
    firm.goto(f"/matters/cases/{case}/")
    firm.get_by_role("radio", name="非常不满意", exact=True).check()
    firm.locator("#rating").get_by_text("分项评价（选填）").click()
    firm.get_by_label("办事效率", exact=True).select_option(label="不满意")
    fill(firm, comment=f"等了太久（{width}）")
    narrow_enough(firm, width)
    press(firm, "提交评价")
    told(firm, "没有让您满意")
    narrow_enough(firm, width)

    agent.goto("/manage/cases/ratings/")
    narrow_enough(agent, width)
    follow(agent, number)
    told(agent, f"等了太久（{width}）")
    page = agent.url
    choose(agent, reached="phone")
    press(agent, "记下回访")
    told(agent, "“了解到的情况”没有填写")
    expect(agent.locator("#id_reached")).to_have_value("phone")
    fill(agent, heard="补正来回两次")
    press(agent, "记下回访")
    told(agent, "整改中")
    narrow_enough(agent, width)
    choose(agent, finding="valid")
    fill(agent, done="补正一次说清", answer=f"您说得对，已经改了（{width}）。")
    press(agent, "办结，发出答复")
    told(agent, "已办结")

    firm.goto("/desk/messages/")
    told(firm, "对您评价的答复")
    firm.goto(f"/matters/cases/{case}/")
    told(firm, f"您说得对，已经改了（{width}）。")
    officer.goto(f"/manage/cases/{case}/")
    follow_up = officer.locator("main").get_by_role("link", name="差评整改：答复期限")
    assert page.endswith(follow_up.get_attribute("href"))
    follow_up.click()
    told(officer, "补正一次说清")
    narrow_enough(officer, width)
