"""One administrator applies for a role for somebody, another decides: two persons for each grant."""

import re
from datetime import timedelta

from django.utils.timezone import localdate
from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect

ROLES = {1280: ("finance", "财务人员"), 390: ("hotline_agent", "热线坐席")}


def test_one_applies_and_another_decides(window, width):
    role, name = ROLES[width]
    system, security = window("demo.system.admin"), window("demo.security.admin")
    system.goto("/account/grants/")
    follow(system, "申请授权")
    expect(system.locator("main #id_begins")).to_have_value(localdate().isoformat())
    ends = localdate() + timedelta(days=30)
    fill(system, account="demo.window.clerk", ends=ends.isoformat(), reason=f"代班一个月（{width}）")
    choose(system, role=role)
    press(system, "提交申请")
    told(system, "已提交，等安全管理员审批")
    system.goto("/account/grants/?state=applied")
    asked = re.compile(rf"代班一个月（{width}）")
    expect(system.locator("main tr").filter(has_text=asked)).to_have_count(1)
    expect(system.get_by_role("button", name="同意", exact=True)).to_have_count(0)

    security.goto("/account/grants/?state=applied")
    row = security.locator("main tr").filter(has_text=asked)
    expect(row).to_contain_text(name)
    row.get_by_role("button", name="同意", exact=True).click()
    told(security, "已处理")
    system.goto("/account/grants/?state=in_force")
    expect(system.locator("main tr").filter(has_text=asked)).to_contain_text("林知远 / 沈若谷")

    clerk = window("demo.window.clerk")
    clerk.goto("/account/security/")
    expect(clerk.locator("main table").first).to_contain_text(name)
