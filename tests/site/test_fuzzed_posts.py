"""Forms met with anything that can be typed: never a fault, and what was typed comes back when it is refused.

The check posts some hundreds; ``KEHENG_POSTS=10000`` posts as many as asked for.
"""

import os
import random
import string
from collections import Counter, deque
from html import escape
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve
from journeys.page_states import rows
from journeys.page_types import PAGES
from journeys.test_pages import place
from lxml import html
from people import signed_in

from keheng.access.models import Account
from keheng.access.rules.roles import roles

POSTS = int(os.environ.get("KEHENG_POSTS", "250"))
# Pages of one type that somebody's links lead to: the first that comes, of thousands of posts more of them.
ALIKE = 1 if POSTS < 1000 else 3
# A page that tells once what was made and asks for another, which begins empty.
ASKS_FOR_ANOTHER = "/account/tokens/"
NASTY = (
    "", " ", "\0", "0", "-1", "99999999999999999999", "1e309", "NaN", "2026-13-40", "0001-01-01", "9999-12-31", "null", "true", "<script>alert(1)</script>",
    "'; DROP TABLE access_account; --", "=1+1", "../../etc/passwd", "％＿", "\u202e云岭", "🧪" * 50, "云" * 5000, "\ud800", "a\r\nb", "[]", "{}", "91990105MA00000000",
    "13800138000", "x@yunling.example", "https://yunling.example/", "1,2,3",
)  # fmt: skip
WRITTEN = {"text", "search", "email", "url", "tel", "textarea", "number", "date", "time", "datetime-local"}
TYPED = string.ascii_letters + string.digits + string.punctuation + " 云岭科技创新服务"
# Ending the session, other people's systems, and the door itself are tried elsewhere.
ELSEWHERE = ("/account/login/", "/account/logout/", "/account/2fa/", "/account/reauthenticate/", "/identity/", "/account/password/")


def forms_of(client, starts):
    """Forms that a person reaches from some pages on by links: (page, where it posts, its fields)."""
    queue, seen, looked, found = deque(starts), set(starts), Counter(), []
    while queue:
        path = queue.popleft()
        try:
            view = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if looked[view] == ALIKE:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            assert answer.status_code < 500, path
            continue
        looked[view] += 1
        tree = html.fromstring(answer.content.decode())
        for form in tree.xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
            to = urlsplit(urljoin(f"http://x{path}", form.get("action") or path))
            if not to.path.startswith(ELSEWHERE):
                found.append((path, f"{to.path}{'?' + to.query if to.query else ''}", fields_of(form)))
        for link in tree.xpath("//a/@href"):
            to = urlsplit(urljoin(f"http://x{path}", link))
            address = f"{to.path}{'?' + to.query if to.query else ''}"
            if to.netloc == "x" and address not in seen and not address.startswith(("/static/", "/account/logout", "/files/")):
                seen.add(address)
                queue.append(address)
    return found


def starts_of(who, known):
    """Where somebody begins: the desk or the front page, and pages that only a row of the city leads to."""
    asked = PAGES.get(f"demo.{who.replace('_', '.')}" if who else "", ())
    return ["/desk/" if who else "/", *(path for one in asked if (path := place(one, known)))]


def fields_of(form):
    """Names, kinds and present values of a form's fields."""
    fields = []
    for one in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name] | .//button[@name]"):
        kind = one.tag if one.tag != "input" else one.get("type", "text")
        options = one.xpath(".//option/@value") if one.tag == "select" else []
        fields.append((one.get("name"), kind, one.get("value") or one.text or "", options))
    return fields


def filled(fields, chance):
    """What somebody sends: mostly what the form offers, some of it anything at all."""
    sent = {}
    for name, kind, value, options in fields:
        # People do not see the trap of the feedback form; who fills it in is told that all went well.
        if name in {"csrfmiddlewaretoken", "website"} or (kind == "checkbox" and chance.random() < 0.5):
            continue
        if kind == "file":
            sent[name] = SimpleUploadedFile(
                chance.choice(["a.xlsx", "b.csv", "c.exe", "名.pdf"]), chance.randbytes(chance.choice([0, 10, 5000]))
            )
            continue
        # A field of one line sends one line.
        ends = ("", "") if kind == "textarea" else ("\r", "\n")
        if options and chance.random() < 0.7:
            sent[name] = chance.choice(options)
        elif kind in {"hidden", "radio", "checkbox", "button"} and chance.random() < 0.8:
            sent[name] = value
        elif chance.random() < 0.5:
            sent[name] = chance.choice(NASTY)
        else:
            sent[name] = value or "".join(chance.choices(TYPED, k=chance.randrange(40)))
        sent[name] = sent[name].encode("utf-8", "replace").decode().replace(ends[0] or "\0\0", "").replace(ends[1] or "\0\0", "")
    return sent


def lost(fields, sent, page):
    """What was typed or chosen and does not stand so on the page that refused it."""
    page = page.replace("\r\n", "\n")
    # The box of a scanner (name "code" at the check-in) is emptied for the next ticket; what was read is told beside it.
    typed = {name for name, kind, _, _ in fields if name != "code" and kind in WRITTEN}
    gone = [name for name in typed & sent.keys() if len(sent[name].strip()) > 3 and not shown(sent[name], page)]
    tree = html.fromstring(page)
    offered = {(name, value) for name, kind, value, _ in fields if kind in {"radio", "checkbox"}}
    offered |= {(name, option) for name, kind, _, options in fields if kind == "select" for option in options if option}
    return gone + [name for name, value in sent.items() if (name, value) in offered and value not in kept(tree, name, value)]


def kept(tree, name, value):
    """What is chosen on a page in a question; what the page no longer asks, or no longer offers, is not lost."""
    asked = "//select[@name=$name]/option[@value=$value] | //input[@name=$name][@value=$value][@type='radio' or @type='checkbox']"
    if not tree.xpath(asked, name=name, value=value):
        return {value}
    chosen = "//select[@name=$name]/option[@selected]/@value | //input[@name=$name][@checked]/@value"
    return set(tree.xpath(chosen, name=name))


def shown(text, page):
    """Whether a page holds a text, as forms show it (without what no field can hold)."""
    plain = text.strip().replace("\0", "").replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return escape(plain) in page or plain.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") in page


def test_no_form_fails_and_nothing_typed_is_lost(in_city):
    chance = random.Random(20260101)  # noqa: S311 -- a run that can be repeated
    accounts = {code: Account.objects.get(login=f"demo.{code.replace('_', '.')}") for code in roles()}
    doors = {"": Client(), **{code: signed_in(account) for code, account in accounts.items()}}
    for client in doors.values():
        client.raise_request_exception = True
    known = rows()
    forms = [(who, *form) for who, client in doors.items() for form in forms_of(client, starts_of(who, known))]
    targets = {resolve(urlsplit(to).path).view_name for _, _, to, _ in forms}
    assert len(targets) > 150
    missing, refused = [], 0
    for _ in range(POSTS):
        who, page, to, fields = chance.choice(forms)
        if who:
            # What was posted before may have ended the session, the account or its roles.
            Account.objects.filter(pk=accounts[who].pk).update(is_active=True)
            doors[who] = signed_in(accounts[who])
        sent = filled(fields, chance)
        answer = doors[who].post(to, sent)
        assert answer.status_code < 500, (who, page, to, sent)
        if answer.status_code in {200, 400, 422} and answer.headers.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            # With 200 a form may have been taken, and its page tells what became of it: then it asks for nothing again.
            if answer.status_code != 200 or (
                to != ASKS_FOR_ANOTHER and any(f'name="{name}"' in text for name, *_ in fields if name != "csrfmiddlewaretoken")
            ):
                refused += 1
                missing += [(to, answer.status_code, name, sent[name][:20], who) for name in lost(fields, sent, text)]
        if answer.streaming:
            # A file stays open until it was read to its end.
            b"".join(answer)
    assert not missing, "\n".join(map(repr, sorted(set(missing))))
    assert refused > POSTS // 20
