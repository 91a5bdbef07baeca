"""The API as other systems meet it: the example client over the wire, and requests nobody thought of."""

import http.client
import importlib.util
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import time
from typing import ClassVar

import pytest
import schemathesis
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test.testcases import LiveServerThread
from hypothesis import HealthCheck, Phase, given, settings
from people import actor_for, make_account, make_unit
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from keheng.access.actions.tokens import grantable, make_token
from keheng.directory.enums import districts
from keheng.kernel.api import limits as api_limits
from keheng.kernel.api.hooks.sending import signature
from keheng.matters.service import open_case

# The first does not know that the token stands in a header of ours; to the second a rule of the domain is no reason to refuse.
NOT_OURS = [ignored_auth, positive_data_acceptance]
EXAMPLES = int(os.environ.get("KEHENG_REQUESTS", "8"))
HERE = next(iter(districts()))
spec = importlib.util.spec_from_file_location("keheng_client", Path(__file__).parents[2] / "docs/examples/keheng_client.py")
keheng_client = importlib.util.module_from_spec(spec)
spec.loader.exec_module(keheng_client)


def officers_token():
    actor = actor_for(make_account("officer", "case_officer", "leader", "organiser", district=HERE))
    return make_token(actor=actor, name="试验系统", scopes=grantable(actor), days=1)[1]


@pytest.fixture
def address(fresh, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    yield f"http://localhost:{thread.port}"
    thread.terminate()


def test_the_example_client_reads_registers_and_is_refused(address):
    keheng = keheng_client.Keheng(address, officers_token(), tries=2)
    assert keheng.me()["role"].split(",")[:2] == ["case_officer", "leader"]
    new = keheng.register_organisation(name="望山传感器有限公司", kind="enterprise", district=HERE)
    other = keheng.register_organisation(name="青禾研究院", kind="institute", district=HERE)
    assert [one["id"] for one in keheng.organisations()] == [other["id"], new["id"]]
    assert [one["name"] for one in keheng.organisations(q="传感")] == ["望山传感器有限公司"]
    with pytest.raises(keheng_client.KehengError) as refusal:
        keheng.register_organisation(name="短", kind="none", district=HERE)
    assert (refusal.value.status, [one["field"] for one in refusal.value.errors]) == (422, ["name", "kind"])
    unit = make_unit()
    firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    own = keheng_client.Keheng(address, make_token(actor=firm, name="单位的系统", scopes=grantable(firm), days=1)[1], tries=2)
    begun = own.apply("yl.it-project", {"name": "业务系统升级"})
    assert ([one["id"] for one in own.cases()], begun["answers"]["name"], bool(begun["lacking"])) == ([begun["id"]], "业务系统升级", True)
    with pytest.raises(keheng_client.KehengError, match="401"):
        keheng_client.Keheng(address, "kh_wrong").me()


class Breaking(BaseHTTPRequestHandler):
    """Answers in full only when it was asked three times; the keys that it was asked with are kept."""

    keys: ClassVar[list[str]] = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.append(self.headers["Idempotency-Key"])
        if len(self.keys) == 1:
            return
        self.send_response(200)
        self.send_header("Content-Length", "11")
        self.end_headers()
        self.wfile.write(b'{"id": 123}' if len(self.keys) > 2 else b'{"id"')

    def log_message(self, *_):
        pass


def test_the_example_client_asks_again_under_the_same_key_when_an_answer_is_lost(monkeypatch):
    monkeypatch.setattr(keheng_client.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(Breaking, "keys", [])
    server = HTTPServer(("127.0.0.1", 0), Breaking)
    Thread(target=server.serve_forever, daemon=True).start()
    keheng = keheng_client.Keheng(f"http://127.0.0.1:{server.server_port}", "kh_x", tries=3)
    assert keheng.apply("yl.it-project", {}, key="kept-beside-the-record") == {"id": 123}
    assert Breaking.keys == ["kept-beside-the-record"] * 3
    Breaking.keys.clear()
    with pytest.raises(http.client.HTTPException):
        keheng_client.Keheng(f"http://127.0.0.1:{server.server_port}", "kh_x", tries=1).apply("yl.it-project", {})
    server.shutdown()
    server.server_close()


def test_the_example_client_believes_only_what_is_signed():
    body = json.dumps({"type": "ping"})
    signed = signature("secret", int(time()), body)
    assert keheng_client.heard("secret", signed, body.encode()) == {"type": "ping"}
    assert keheng_client.heard("other", signed, body.encode()) is None
    assert keheng_client.heard("secret", signed, body.encode() + b" ") is None
    assert keheng_client.heard("secret", signature("secret", int(time()) - 400, body), body.encode()) is None
    assert keheng_client.heard("secret", "t=,v1=", b"{}") is None
    assert keheng_client.heard("secret", f"t={int(time())},v1=签名", body.encode()) is None


def test_no_request_is_answered_with_a_fault_or_with_what_is_not_described(fresh, monkeypatch):
    """Schemathesis: requests within and outside the description, to every operation."""
    for kind in ("token", "visitor"):
        monkeypatch.setitem(api_limits.limits()["requests_a_minute"], kind, 10**9)
    unit = make_unit(district=HERE)
    firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    tokens = {"": officers_token(), "/cases": make_token(actor=firm, name="单位的系统", scopes=grantable(firm), days=1)[1]}
    there = {"organisation": unit.pk, "case": open_case(actor=firm, matter="yl.it-project").pk, "matter": "yl.it-project"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked, wrong = 0, []
    for operation in schema.get_all_operations():
        one = operation.ok()
        for mode in schemathesis.GenerationMode:
            asked += _ask(one, mode, tokens.get("/cases" if one.path.startswith("/api/v1/cases") else ""), there, wrong)
    assert sorted(set(wrong)) == []
    assert asked > 12 * EXAMPLES


def _ask(operation, mode, token, there, wrong):
    """Many requests to one operation, every other one about what is ``there``; how many. What is wrong is added to the list.

    What was made wrong on purpose stays so. The same requests each time: a check decides alike; more of them are asked for by number.
    """
    count = 0

    @settings(max_examples=EXAMPLES, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        nonlocal count
        count += 1
        right = {where for where, part in case.meta.components.items() if part.mode.is_positive}
        if count % 2 and ParameterLocation.PATH in right:
            for name in there.keys() & case.path_parameters.keys():
                case.path_parameters[name] = there[name]
        if count % 2 and ParameterLocation.BODY in right and "matter" in case.body:
            case.body["matter"] = there["matter"]
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        response = case.call()
        try:
            case.validate_response(response, excluded_checks=NOT_OURS)
        except FailureGroup as failures:
            wrong.extend(f"{operation.label}: {one}" for one in failures.exceptions)

    ask()
    return count
