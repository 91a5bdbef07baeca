"""A firm signs up; its person makes a passkey, comes back with it and reads a message."""

import re

from directory.made_up import code
from django.core import mail
from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect

PASSWORD = "Cuihu#2026lu"  # noqa: S105 -- of somebody who does not exist
LINK = re.compile(r"http://localhost:\d+(/account/confirm-email/\S+)")
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
}  # fmt: skip


def sign_up(page, serial):
    page.goto("/")
    page.locator("header").get_by_role("link", name="登录").click()
    follow(page, "单位注册")
    fill(
        page, code=code(700_000 + serial), name=f"云岭澜翊{serial}检测技术有限公司", contact="白若谷", phone=f"1990077{serial:04}",
        email=f"bai{serial}@lanyi.example", login=f"lanyi.{serial}", password=PASSWORD,
    )  # fmt: skip
    choose(page, kind="enterprise")
    page.locator("main #id_district").select_option(index=1)
    page.locator("main #id_agreed").check()
    press(page, "注册")
    expect(page.get_by_role("heading", level=1)).to_have_text("请查收邮件")
    assert mail.outbox[-1].to == [f"bai{serial}@lanyi.example"]
    page.goto(LINK.search(mail.outbox[-1].body)[1])
    page.locator("main form button").click()


def sign_in_with_password(page, serial):
    page.goto("/account/login/")
    page.get_by_label("登录名或电子邮箱").fill(f"lanyi.{serial}")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")
    page.wait_for_url("**/desk/")


def make_passkey(page):
    page.goto("/account/2fa/webauthn/add/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("#id_name").fill("工作电脑")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")


def test_a_firm_signs_up_comes_back_with_a_passkey_and_reads_a_message(window, width):
    page = window()
    sign_up(page, width)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in_with_password(page, width)
    expect(page.locator("main")).to_contain_text(f"云岭澜翊{width}检测技术有限公司")
    make_passkey(page)
    page.locator("header details summary").click()
    page.locator("header").get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    page.locator("header").get_by_role("link", name="登录").click()
    press(page, "用通行密钥登录")
    page.wait_for_url("**/desk/")

    page.goto("/events/")
    page.locator("main").get_by_role("link", name="云岭重点实验室开放日").click()
    follow(page, "报名")
    fill(page, name="白若谷", phone=f"1990077{width:04}")
    page.locator("main #id_agreed").check()
    press(page, "提交报名")
    told(page, "报名成功")
    page.goto("/desk/")
    page.locator("header a[href='/desk/messages/']").click()
    told(page, "1 条未读")
    page.locator("main table a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("云岭重点实验室开放日")
    follow(page, "去看看")
    told(page, "报名成功")
    page.goto("/desk/messages/")
    expect(page.locator("main")).not_to_contain_text("条未读")
