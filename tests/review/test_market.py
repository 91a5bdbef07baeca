"""Prices of a case against the book, and its quotes against each other, on the officer's page."""

import json
from datetime import date
from io import BytesIO

import pytest
import typst
from matters.conftest import on, people  # noqa: F401 -- fixtures of cases
from matters.test_cases import IT, do, give_file
from matters.test_pages import client_of, text_of

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.files import FileStore, Limits
from keheng.matters.models import Case, Material
from keheng.matters.service import loaded, open_case, save_answers
from keheng.review.queries import market
from keheng.review.queries.market import book_on, market_of

pytestmark = pytest.mark.django_db
NAMES = ("甲公司", "乙公司", "丙公司")


def project(actors, day, budget, prices, **change):
    """A submitted project with a budget of (item, kind, yuan) and quotes by supplier."""
    day("2026-09-28")
    case = open_case(actor=actors["firm"], matter="yl.it-project")
    typed = IT | {
        "mlps": "二级",
        "budget": [{"item": item, "code": kind, "qty": "1", "price": str(yuan)} for item, kind, yuan in budget],
        "suppliers": [{"supplier": name, "address": f"{name}路", "quoted_on": "2026-09-01"} for name in NAMES],
        "prices": [
            {"supplier": name, "item": item, "price": str(yuan)}
            for name, some in prices.items()
            for (item, *_), yuan in zip(budget, some, strict=True)
        ],
    }
    save_answers(actor=actors["firm"], case=case.pk, typed=typed | change, seen={})
    give_file(case, "scheme")
    for number in range(3):
        give_file(case, "quotes", f"{number}.pdf")
    return do(actors["firm"], case, "submit")


BUDGET = [("开发一期", "开发人月", 310_000), ("租用", "云主机", 4_700), ("别的", "其他", 100)]


def test_lines_stand_beside_the_book_and_the_lowest_quote(people, on):  # noqa: F811 -- the fixtures
    case = project(people, on, BUDGET, {"甲公司": [300_000, 4_700, 90], "乙公司": [320_000, 5_000, 95], "丙公司": [310_001, 4_800, 99]})
    found = market_of(loaded(Case.objects.get(pk=case.pk)))
    assert [(one.item, one.lowest, one.dear, one.known is None) for one in found.lines] == [
        ("开发一期", 30_000_000, True, False), ("租用", 470_000, False, False), ("别的", 9_000, False, True),
    ]  # fmt: skip
    assert (found.dear, found.suppliers, found.hints) == (1, NAMES, ())
    page = text_of(client_of("officer").get(f"/manage/cases/{case.pk}/"))
    assert [word for word in ("1 行单价偏高", "高于最低报价", "3 家报价没有疑点", "待核", "不是结论") if word not in page] == []
    assert "价格和报价" not in text_of(client_of("firm").get(f"/matters/cases/{case.pk}/"))


def test_quotes_of_one_hand_are_told_to_the_officer(people, on):  # noqa: F811 -- the fixtures
    budget = [(f"内容{number}", "其他", 20_000 + 13 * number) for number in range(16)]
    first = [20_000 + 13 * n + (n * 2_711 % 4_000) for n in range(16)]
    third = [20_000 + 13 * n + (n * 1_303 % 5_000) for n in range(16)]
    prices = {"甲公司": first, "乙公司": [round(yuan * 1.07) for yuan in first], "丙公司": third}
    same = [{"supplier": name, "address": "云岭一路1号", "quoted_on": "2026-09-01"} for name in NAMES[:2]]
    case = project(people, on, budget, prices, suppliers=[*same, {"supplier": "丙公司", "address": "别处", "quoted_on": "2026-09-01"}])
    found = market_of(loaded(Case.objects.get(pk=case.pk)))
    assert [(hint.kind, hint.one, hint.other) for hint in found.hints] == [
        ("proportional", "甲公司", "乙公司"),
        ("address", "甲公司", "乙公司"),
    ]
    assert "报价有 2 处疑点" in text_of(client_of("officer").get(f"/manage/cases/{case.pk}/"))


def pdf_by(author, number, folder):
    """A small PDF that names its author."""
    source = folder / "quote.typ"
    source.write_text(f'#set document(author: "{author}")\n{number}', encoding="utf-8")
    return BytesIO(typst.compile(str(source)))


def test_scans_of_one_author_are_told(people, on, tmp_path, monkeypatch):  # noqa: F811 -- the fixtures
    case = project(people, on, BUDGET, {name: [300_000 + n, 4_700, 90] for n, name in enumerate(NAMES)})
    store = FileStore(tmp_path)
    monkeypatch.setattr(market, "store", lambda: store)
    for number, row in enumerate(Material.objects.filter(case=case, code="quotes").order_by("pk")):
        kept = store.keep(pdf_by("钱一" if number < 2 else "", number, tmp_path), Limits(1 << 20, frozenset({"application/pdf"})))
        Material.objects.filter(pk=row.pk).update(file_id=kept.digest)
    found = market_of(loaded(Case.objects.get(pk=case.pk)))
    assert [(hint.kind, hint.one, hint.other) for hint in found.hints] == [("author", "0.pdf", "1.pdf")]


def test_a_book_counts_from_its_day_and_is_shown_with_its_source():
    assert book_on("it", date(2025, 12, 31)) is None
    book = book_on("it", date(2026, 1, 1))
    content = json.loads((definitions_folder("review") / "prices" / "it-2026-01-01.json").read_text(encoding="utf-8"))
    assert (set(book.known), book.confirmed) == (set(content["prices"]), False)
    assert all(known.p10 <= known.median <= known.p90 and known.count == 14 for known in book.known.values())


def test_the_price_book_has_a_page(people):  # noqa: F811 -- the fixture
    page = text_of(client_of("officer").get("/review/prices/"))
    assert [word for word in ("开发人月", "演示价格库", "待核") if word not in page] == []
    assert client_of("clerk").get("/review/prices/").status_code == 403
