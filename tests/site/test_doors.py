"""Who may open what: every address × every role as ``permission_matrix.csv`` says, and no role's pages show what is not theirs.

After a change on purpose, a run with ``KEHENG_WRITE_MATRIX=1`` writes the table anew; read the difference before you keep it.
"""

import csv
import io
import os
import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from addresses import VALUES, VISITOR, filled, ours, patterns, visitors
from django.template.base import Template
from django.test import Client
from django.urls import resolve
from people import make_account

from keheng.access.models import Account
from keheng.access.rules.roles import roles
from keheng.directory.models import Organisation, Person

TABLE = Path(__file__).with_name("permission_matrix.csv")
# Pages of allauth guard themselves; those that anybody may open stand here, the others ask for a sign-in.
OPEN_THERE = re.compile(
    r"^(account_(login|logout|signup|inactive|reset_password.*|confirm_email|email_verification_sent|reauthenticate)|mfa_(authenticate|login_webauthn)"
    r"|socialaccount_(login_cancelled|login_error|signup)|openid_connect_(login|callback)|configuration|jwks|authorization|device_authorization|logout|token"
    r"|revoke|device_code|userinfo|introspect|client_registration)$"
)


def outcome(client, path):
    """How the door answers: in (sign in first), no, again (prove who you are), open."""
    answer = client.get(path)
    to = answer.headers.get("Location", "")
    if to.startswith("/account/login/"):
        return "in"
    if to.startswith("/account/reauthenticate/"):
        return "again"
    return "no" if answer.status_code == 403 else "open"


def measured():
    clients = visitors()
    for name, path, view in sorted(ours(), key=lambda one: one[0]):
        asked = filled(path, VALUES)
        assert resolve(asked).func is view, f"{asked} leads elsewhere: give its parameters values"
        # A door that knows no permission answers all who have signed in alike: one of them is asked.
        alike = view.door in {"public", "signed_in"}
        found = {who: outcome(client, asked) for who, client in clients.items() if not alike or who in {VISITOR, "citizen"}}
        yield {"address": name, "door": view.door} | {who: found.get(who, found["citizen"]) for who in clients}


def written(rows):
    text = io.StringIO()
    table = csv.DictWriter(text, ["address", "door", VISITOR, *roles()], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def test_every_view_of_ours_has_a_door_and_every_other_is_known():
    strange = []
    for name, path, view in patterns():
        module = getattr(getattr(view, "view_class", view), "__module__", "")
        if not hasattr(view, "door") and not module.startswith("allauth.") and not name.startswith("api:"):
            strange.append((name, path))
    assert strange == []


# What a program may read without a token.
OPEN_TO_PROGRAMS = {
    "/api/v1/articles", "/api/v1/articles/{article}", "/api/v1/events", "/api/v1/events/{activity}", "/api/v1/matters",
    "/api/v1/matters/{matter}", "/api/v1/halls/{hall}/slots",
}  # fmt: skip


@pytest.mark.django_db
def test_every_operation_of_the_api_asks_who_calls():
    described = Client().get("/api/v1/openapi.json").json()["paths"]
    asked = {
        path: re.sub(r"\{(\w+)\}", lambda one: "00000000-0000-0000-0000-000000000000" if one[1] == "hook" else "1", path)
        for path in described
    }
    answers = {
        (path, method): getattr(Client(), method)(asked[path]).status_code for path, methods in described.items() for method in methods
    }
    assert len(answers) > 10
    assert {path for (path, _), status in answers.items() if status != 401} == OPEN_TO_PROGRAMS


@pytest.mark.one_database
def test_every_address_answers_every_role_as_the_table_says(in_city, monkeypatch):
    # Some eight thousand pages are asked for and none is read: what a door says does not hang on how its page is drawn.
    monkeypatch.setattr(Template, "render", lambda _template, _context: "")
    found = written(measured())
    if os.environ.get("KEHENG_WRITE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


@pytest.mark.django_db
def test_pages_of_the_sign_in_library_open_to_visitors_only_where_they_must():
    visitor = Client()
    closed = [
        name
        for name, path, view in patterns()
        if not hasattr(view, "door")
        and not name.startswith("api:")
        and not OPEN_THERE.match(name.split(":")[-1])
        and outcome(visitor, filled(path, VALUES)) == "open"
    ]
    assert closed == []


# The public site, which is the same for all: a visitor's crawl reads it.
PUBLIC_SITE = re.compile(
    r"^/(en/|ja/|ko/|articles/|columns/|events/|halls/|media/|policies/|services/|search/|surveys/|disclosure/|sitemap|api/|style/)"
)


def pages(client, start, limit):
    """Pages that a person reaches by following links: (path, text). Whoever begins inside stays there."""
    queue, seen = deque([start]), {start}
    while queue and limit:
        path = queue.popleft()
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            assert answer.status_code < 500, path
            continue
        limit -= 1
        text = answer.content.decode()
        yield path, text
        for link in re.findall(r'href="([^"#]+)"', text):
            to = urlsplit(urljoin(f"http://testserver{path}", link.replace("&amp;", "&")))
            where = to.path + (f"?{to.query}" if to.query else "")
            outside = start != "/" and (to.path == "/" or PUBLIC_SITE.match(to.path))
            if to.netloc == "testserver" and not to.path.startswith("/static/") and where not in seen and not outside:
                seen.add(where)
                queue.append(where)


@pytest.mark.one_database
def test_a_crawl_as_each_role_finds_no_leak(in_city):
    """No page shows a phone or id number in full, and nobody bounded to a unit or district reads the code of another one."""
    plain = set(Organisation.objects.values_list("contact_phone", flat=True)) | {
        value for row in Person.objects.values_list("phone", "id_number") for value in row
    }
    plain.discard("")
    assert len(plain) > 300
    every = dict(Organisation.objects.exclude(credit_code=None).values_list("credit_code", "pk"))
    leaks, visited = [], {}
    for who, client in visitors().items():
        reach = roles()[who].powers.get("directory.organisation.see") if who in roles() else None
        own = set()
        if who in roles():
            grants = Account.objects.get(login=f"demo.{who.replace('_', '.')}").grants
            own = set(grants.exclude(unit=None).values_list("unit", flat=True))
            if reach == "district":
                districts = grants.exclude(district="").values_list("district", flat=True)
                own |= set(Organisation.objects.filter(district__in=districts).values_list("pk", flat=True))
        for path, text in pages(client, "/" if who == VISITOR else "/desk/", 40):
            visited[who] = visited.get(who, 0) + 1
            leaks += [(who, path, value) for value in plain if value in text]
            if reach != "all":
                leaks += [(who, path, code) for code in set(re.findall(r"[0-9A-Z]{18}", text)) if code in every and every[code] not in own]
    assert leaks == []
    assert min(visited.values()) >= 3
    assert visited["case_officer"] == visited[VISITOR] == 40


def test_another_unit_s_record_is_not_found(in_city):
    manager = visitors()["unit_manager"]
    own = Account.objects.get(login="demo.unit.manager").grants.get().unit
    other = Organisation.objects.filter(status="active").exclude(pk=own.pk).first()
    assert manager.get(f"/organisations/{own.pk}/").status_code == 200
    assert manager.get(f"/organisations/{other.pk}/").status_code == 404
    assert manager.post(f"/organisations/{other.pk}/edit/", {"name": "x"}).status_code == 404
    stranger = Person.objects.exclude(affiliations__organisation=own).first()
    assert manager.get(f"/people/{stranger.pk}/").status_code == 404
    assert manager.get(f"/personal/reveal/directory.Person/{stranger.pk}/phone/").status_code in {403, 404}


@pytest.mark.django_db
def test_there_is_no_superuser_and_no_administration_site():
    account = make_account("root")
    assert (hasattr(account, "is_superuser"), hasattr(account, "is_staff")) == (False, False)
    assert [path for _, path, _ in patterns() if path.startswith("admin")] == []
