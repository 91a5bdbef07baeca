"""A certificate of load gives figures that nobody types: verified, dated, with what they depend on beside them."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from people import make_account, signed_in
from performance.performance_made_up import MAKER, YEAR, approved, document, filled, project, spent, stated, unit

from keheng.kernel.errors import Refused
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.performance.actions.certificates import enter_certificate
from keheng.performance.models import EvaluationRow, FrozenReading, OutsideFigure
from keheng.performance.rules.certificates import paper_of, signed_text
from keheng.performance.rules.library import certificates
from keheng.performance.rules.targets import IndicatorFacts

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
BODY = {
    "kind": "U1", "many": 500, "began": f"{YEAR}-11-22T12:00:00+00:00", "ended": f"{YEAR}-11-22T12:00:30+00:00", "requests": 36322,
    "requests_a_second": 1204.9, "errors": 0, "milliseconds": {"p50": 15.6, "p95": 61.4},
    "circumstances": {
        "build": "5d514b3026f2", "build_changed": False, "driver_sha256": "51ea9b1f", "database": "postgresql 15.14",
        "rows": {"matters.Case": 90_000, "kernel.Job": 2_431},
        "machine": {"cores": 2, "processor": "x86_64", "memory_kb": 8_388_608, "loop_seconds": 0.048},
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _known(tmp_path, settings, monkeypatch):
    settings.FILES_FOLDER = tmp_path / "files"
    monkeypatch.setitem(
        certificates(), "signers", [{"key": PUBLIC, "name": "云岭运维", "from": f"{YEAR}-01-01", "until": f"{YEAR + 1}-01-01"}]
    )


def paper(**more):
    body = deepcopy(BODY) | more | {"signer": PUBLIC}
    return body | {"signature": KEY.sign(signed_text(body)).hex()}


def entered(of, given=None):
    given = given or paper()
    return enter_certificate(actor=MAKER, unit=of.pk, paper=given, file=document(json.dumps(given)), file_title="web.json")


def refused(of, given):
    with pytest.raises(Refused) as refusal:
        entered(of, given)
    assert not OutsideFigure.objects.exists()
    return [one.code for one in refusal.value.problems]


def test_its_figures_are_read_once_with_their_day_and_what_they_depend_on():
    of = unit()
    assert [entered(of), entered(of)] == [3, 3]
    rows = list(OutsideFigure.objects.order_by("pk").values_list("key", "title", "value", "measured_in", "begin", "end", "origin"))
    days, origin = (date(YEAR, 11, 22), date(YEAR, 11, 23)), "压力证书（云岭运维）"
    assert rows == [
        ("load.U1-500.p95", "500 人同时在线：95% 的响应时间", Decimal("61.4"), "毫秒", *days, origin),
        ("load.U1-500.rate", "500 人同时在线：每秒处理的请求", Decimal("1204.9"), "次/秒", *days, origin),
        ("load.users", "同时在线用户数", Decimal(500), "人", *days, origin),
    ]
    assert OutsideFigure.objects.first().certificate == {
        "build": "5d514b3026f2", "data": "92,431 行（2 个表）", "machine": "2 核 x86_64，内存 8.0 GB，两百万次加法 0.048 秒",
        "database": "postgresql 15.14", "driver": "51ea9b1f", "requests": "36322 次，出错 0 次", "signer": "云岭运维",
    }  # fmt: skip


def test_only_users_who_were_all_served_count():
    of = unit()
    entered(of, paper(errors=1))
    entered(of, paper(kind="U2", many=200))
    assert OutsideFigure.objects.filter(key="load.users").count() == 0


def test_what_was_altered_unknown_or_edited_is_refused_with_everything_at_once():
    of, whole = unit(), paper()
    assert refused(of, whole | {"milliseconds": {"p95": 1.4}}) == ["PERF_CERTIFICATE_ALTERED"]
    assert refused(of, whole | {"ended": f"{YEAR}-11-30T12:00:00+00:00"}) == ["PERF_CERTIFICATE_ALTERED"]
    assert refused(of, paper(circumstances=BODY["circumstances"] | {"build_changed": True})) == ["PERF_CERTIFICATE_EDITED"]
    later = {"began": f"{YEAR + 1}-01-01T00:00:00+00:00", "ended": f"{YEAR + 1}-01-01T00:01:00+00:00"}
    assert refused(of, paper(**later)) == ["PERF_CERTIFICATE_SIGNER"], "known until the end of the year"
    assert refused(of, whole | {"signer": "00" * 32}) == ["PERF_CERTIFICATE_SIGNER", "PERF_CERTIFICATE_ALTERED"]
    assert refused(of, whole | {"signer": ["x"], "circumstances": 3, "signature": None}) == [
        "PERF_CERTIFICATE_SIGNER", "PERF_CERTIFICATE_EDITED", "PERF_CERTIFICATE_ALTERED",
    ]  # fmt: skip
    for wrong in ({"began": 3}, {"kind": "U9"}, {"many": "viele"}, {"milliseconds": {"p95": float("nan")}}, {"requests_a_second": "fast"}):
        assert refused(of, paper(**wrong)) == ["PERF_CERTIFICATE"], wrong
    assert refused(of, paper(circumstances=BODY["circumstances"] | {"rows": "many"})) == ["PERF_CERTIFICATE"]


def test_files_that_are_none():
    assert [paper_of(one) for one in (b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b'{"signature": 1}')] == [None] * 6


def test_no_signer_is_known_before_one_is_entered(monkeypatch):
    monkeypatch.setitem(certificates(), "signers", [])
    assert refused(unit(), paper()) == ["PERF_CERTIFICATE_SIGNER"]


def test_the_latest_certificate_is_the_figure_and_none_is_a_sum():
    of, year = unit(), Period.year(YEAR)
    entered(of)
    entered(of, paper(began=f"{YEAR}-12-01T01:00:00+00:00", ended=f"{YEAR}-12-01T01:01:00+00:00", milliseconds={"p95": 80}))
    lite = BODY["circumstances"] | {"database": "sqlite 3.40.1"}
    entered(of, paper(circumstances=lite, milliseconds={"p95": 40}))
    scope = {"key": "load.U1-500.p95"}
    assert read("performance.certified", year, scope).value.value == 80
    assert read("performance.certified", year, scope | {"database": "sqlite", "unit": str(of.pk)}).value.value == 40
    assert read("performance.certified", Period.year(YEAR - 1), scope).value.value is None
    assert read("performance.outside", year, scope).value.value is None
    reading = read("performance.certified", year, scope)
    assert still_holds(reading)
    OutsideFigure.objects.update(certificate=BODY["circumstances"])
    assert not still_holds(reading)


def test_an_indicator_cites_it_and_the_page_of_evidence_shows_what_it_depends_on():
    row = project(unit())
    finance = signed_in(make_account("maker", "finance", unit=row.unit))
    file = BytesIO(json.dumps(paper()).encode())
    file.name = "web-U1.json"
    done = finance.post("/performance/outside/import/", {"unit": row.unit_id, "file": file}, follow=True)
    assert "证书签名有效，已登记 3 个数字" in done.content.decode()
    facts = {"level1": "output", "level2": "timeliness", "evidence": "measure", "measure": "performance.certified"}
    approved(row, (
        IndicatorFacts(title="平台网站响应时间", target="≤2秒", weight=Decimal(30), scope={"key": "load.U1-500.p95"}, **facts),
        IndicatorFacts(title="并发用户数", target="≥200人", weight=Decimal(20), scope={"key": "load.users"}, **facts),
        stated("网站管理制度", "完善", "30", "file", "outcome", "lasting"), stated("网站用户满意度", "≥90%", "10"),
    ), "响应时间不超过2秒，并发不少于200人，制度完善，用户满意。")  # fmt: skip
    spent(row)
    filled(row)
    assert list(EvaluationRow.objects.order_by("place").values_list("actual", flat=True))[:2] == [Decimal("0.0614"), Decimal(500)]
    page = signed_in(make_account("leader", "leader")).get(f"/performance/readings/{FrozenReading.objects.first().pk}/").content.decode()
    for text in (
        "版本（提交）",
        "5d514b3026f2",
        "92,431 行（2 个表）",
        "2 核 x86_64",
        "postgresql 15.14",
        "51ea9b1f",
        "云岭运维",
        "web-U1.json",
    ):
        assert text in page, text
    # One record of many columns stands upright, under its figure with its unit.
    assert ("<dt>数据规模</dt><dd>92,431 行（2 个表）</dd>" in page, '<h1 class="k-h1">61.4 毫秒</h1>' in page, "<table" in page) == (
        True,
        True,
        False,
    )


def test_a_certificate_is_not_typed_and_an_altered_one_stands_beside_its_field():
    row = project(unit())
    finance = signed_in(make_account("maker", "finance", unit=row.unit))

    def sent(path, given, **typed):
        file = BytesIO(json.dumps(given).encode())
        file.name = "web.json"
        return finance.post(f"/performance/outside/{path}/", {"unit": row.unit_id, "file": file, **typed})

    typed = {"key": "k", "title": "t", "value": "3", "begin": f"{YEAR}-01-01", "last": f"{YEAR}-01-31", "origin": "o", "reference": "r"}
    for answer, text in (
        (sent("new", paper(), **typed), "这是压力证书，数字不用填写"),
        (sent("import", paper() | {"errors": 3}), "证书与签名时不同，内容被改动过"),
    ):
        assert (answer.status_code, text in answer.content.decode()) == (422, True)
    assert not OutsideFigure.objects.exists()
