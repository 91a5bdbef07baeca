"""A new installation has no account and no default password; one command fills the three posts, once."""

import re
import subprocess
import sys

import pytest
from django.test import Client, RequestFactory
from people import make_account

from keheng.access.models import Account, Grant
from keheng.access.service import password_link
from keheng.site.installation import address_of

POSTS = [
    word for post in ("system", "security", "audit") for word in (f"--{post}", f"{post}.admin,{post}@yunling.example,{post} 某")
]  # fmt: skip


def appoint(*words):
    done = subprocess.run([sys.executable, "-m", "keheng.cli", "appoint", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.one_database
def test_three_posts_are_filled_once_and_each_sets_a_password_by_a_link(fresh, monkeypatch):
    code, said = appoint(*POSTS)
    assert code == 0
    links = re.findall(r"/account/password/reset/key/\S+", said)
    assert len(links) == 3
    assert sorted(Grant.objects.values_list("role", flat=True)) == ["audit_admin", "security_admin", "system_admin"]
    assert "已经持有" in appoint(*[word.replace(".admin", ".second").replace("@", "2@") for word in POSTS])[1]
    assert Account.objects.count() == 3, "the refused attempt left nothing"


@pytest.mark.one_database
def test_what_is_wrong_with_the_accounts_is_told(fresh):
    code, said = appoint("--system", "x", "--security", "b,b@yunling.example,乙", "--audit", "c.admin,c@yunling.example,丙")
    assert (code, "登录名不符合要求" in said, "电子邮箱格式不对" in said) == (2, True, True)


@pytest.mark.django_db
def test_a_link_sets_the_password_once():
    account = make_account("clerk")
    visitor = Client()
    page = visitor.get(password_link(account), follow=True)
    form = page.redirect_chain[-1][0]
    new = "Mingyue#2026x"
    assert visitor.post(form, {"password1": new, "password2": new}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(new) is True


@pytest.mark.parametrize(("proxies", "forwarded", "seen"), [
    ("", "1.2.3.4", "10.0.0.9"),
    ("10.0.0.9", "1.2.3.4", "1.2.3.4"),
    ("10.0.0.9", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    ("10.0.0.9", "", "10.0.0.9"),
    ("10.0.0.8", "1.2.3.4", "10.0.0.9"),
])  # fmt: skip
def test_only_a_trusted_proxy_is_believed_about_addresses(monkeypatch, proxies, forwarded, seen):
    monkeypatch.setenv("KEHENG_PROXIES", proxies)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers=headers).META) == seen
