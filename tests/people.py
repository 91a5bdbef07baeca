"""Accounts and units for tests."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils.timezone import localdate

from keheng.access.models import Account, Grant
from keheng.access.queries import standing
from keheng.access.rules.roles import roles
from keheng.directory.models import Organisation, Person

PASSWORD = "Yunling#2026"  # noqa: S105 -- of people who do not exist
SECRET = "KEHENGDEMOKEHENGDEMO2626KEHENGAB"  # noqa: S105 -- as above, of an authenticator of theirs


def make_unit(name="云岭精密仪器有限公司", district="YL01", **given):
    return Organisation.objects.create(name=name, kind="enterprise", district=district, registered_on=localdate(), **given)


def make_person(name="钱一人"):
    return Person.objects.create(name=name, registered_on=localdate())


def make_account(login, *role_codes, unit=None, district="", person=None, password=PASSWORD):
    account = Account(login=login, name=f"{login} 某", email=f"{login}@yunling.example", person=person)
    account.set_password(password)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    for code in role_codes:
        give_role(account, code, unit, district)
    if any(roles()[code].staff for code in role_codes):
        TOTP.activate(account, SECRET)
    return account


def give_role(account, code, unit=None, district=""):
    return Grant.objects.create(
        account=account, role=code, unit=unit, district=district, begins=localdate(), ends=None, reason="test", state=Grant.State.IN_FORCE
    )


def signed_in(account, *, proven=True, **headers):
    client = Client(**headers)
    client.force_login(account)
    if proven:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
    return client


def actor_for(account, unit=None):
    return standing(account, unit).principal("127.0.0.1")
