"""Monthly bulletins: numbers from queries, open to their rows, frozen with their digest, taken away as files."""

import io
from datetime import date

import docx
import pdfplumber
import pytest
from django.db import DatabaseError, transaction
from people import signed_in

from keheng.access.models import Account
from keheng.kernel.errors import Refused
from keheng.matters.models import Bulletin, Case
from keheng.matters.queries.bulletins import changed_since, digest_of_content, drawn, figures_of
from keheng.matters.rules.bulletins import Query, Template, pieces, templates
from keheng.matters.service import MoveWish, freeze_bulletin, move_case, open_case, save_answers

CODE = "yl.foreigners-monthly"
SEPTEMBER = date(2026, 9, 1)
PAGE = f"/manage/cases/bulletins/{CODE}/2026-09/"


def leave(people, on, day):
    """A case of an office matter, which a family of permits does not count; the test gives it another name."""
    on(day)
    case = open_case(actor=people["clerk"], matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-12-09", "ends": "2026-12-10", "supervisor": "leader"}
    save_answers(actor=people["clerk"], case=case.pk, typed=typed, seen={})
    return move_case(actor=people["clerk"], case=case.pk, wish=MoveWish("submit", 0))


@pytest.fixture
def cases(people, on):
    """Two cases of September and one of August that count as work permits, one that does not."""
    days = ("2026-08-31", "2026-09-01", "2026-09-30", "2026-09-15")
    rows = [leave(people, on, day) for day in days]
    Case.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(matter="yl.work-permit-change")
    on("2026-11-23")
    return rows


def values(content):
    return {one["query"]: one["text"] for one in figures_of(content)}


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return [one.code for one in caught.value.problems]


def freeze(people, month=SEPTEMBER, who="officer"):
    return freeze_bulletin(actor=people[who], code=CODE, month=month, digest=digest_of_content(drawn(templates()[CODE], month)))


def test_numbers_are_those_of_their_queries(cases):
    found = values(drawn(templates()[CODE], SEPTEMBER))
    told = {name: found[name] for name in ("cases", "before", "year", "changed", "abroad", "in_time")}
    assert told == {"cases": "2 件", "before": "1 件", "year": "3 件", "changed": "2 件", "abroad": "0 件", "in_time": "（无数据）"}


def test_a_frozen_month_stays_and_tells_what_changed_since(people, cases):
    frozen = freeze(people)
    assert frozen.digest == digest_of_content(frozen.content)
    Case.objects.filter(pk=cases[1].pk).update(matter="yl.leave")
    now_drawn = drawn(templates()[CODE], SEPTEMBER)
    changed = [one for one in changed_since(frozen, now_drawn) if one[0] in {"本月收件", "变更"}]
    assert changed == [("本月收件", "2 件", "1 件"), ("变更", "2 件", "1 件")]
    assert values(Bulletin.objects.get().content)["cases"] == "2 件"
    with pytest.raises(DatabaseError), transaction.atomic():
        Bulletin.objects.update(title="别的")


def test_who_may_freeze_what(people, cases):
    assert refusal(lambda: freeze(people, who="clerk")) == ["BULLETIN_WHO"]
    assert refusal(lambda: freeze(people, month=date(2026, 11, 1))) == ["BULLETIN_RUNNING"]
    seen = {"actor": people["officer"], "month": SEPTEMBER, "digest": "0" * 64}
    assert refusal(lambda: freeze_bulletin(code=CODE, **seen)) == ["BULLETIN_CHANGED"]
    assert refusal(lambda: freeze_bulletin(code="yl.none", **seen)) == ["BULLETIN_UNKNOWN"]
    freeze(people)
    assert refusal(lambda: freeze(people)) == ["BULLETIN_FROZEN"]


def test_pages_open_each_number_to_its_rows(people, cases):
    browser = signed_in(Account.objects.get(login="officer"))
    assert PAGE in browser.get("/manage/cases/bulletins/").content.decode()
    page = browser.get(PAGE).content.decode()
    assert (f"{PAGE}rows/cases/" in page, "定稿后文字和数字不再改变" in page) == (True, True)
    rows = browser.get(f"{PAGE}rows/cases/").content.decode()
    assert [case.number in rows for case in cases] == [False, True, True, False]
    assert "这段时间没有记录" in browser.get(f"{PAGE}rows/abroad/").content.decode()
    digest = digest_of_content(drawn(templates()[CODE], SEPTEMBER))
    browser.post(f"{PAGE}freeze/", {"digest": digest})
    assert "全部数字和明细与定稿一致" in browser.get(PAGE).content.decode()
    for wrong in (
        f"{PAGE}rows/none/",
        f"/manage/cases/bulletins/{CODE}/2026-13/",
        "/manage/cases/bulletins/yl.none/2026-09/",
        f"{PAGE}file.odt",
    ):
        assert browser.get(wrong).status_code == 404


def test_files_say_the_same_and_whether_it_is_frozen(people, cases):
    browser = signed_in(Account.objects.get(login="officer"))
    with pdfplumber.open(io.BytesIO(browser.get(f"{PAGE}file.pdf").content)) as found:
        text = "".join(page.extract_text() for page in found.pages)
    assert ("本月收件 2 件" in text, "未定稿" in text) == (True, True)
    frozen = freeze(people)
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(browser.get(f"{PAGE}file.docx").content)).paragraphs)
    assert ("本月收件 2 件，上月 1 件" in words, frozen.digest[:16] in words, "未定稿" in words) == (True, True, False)


def test_words_and_queries_of_a_template_belong_together():
    told = {"id": "yl.t", "title": "{year}-{month}", "sections": [{"title": "一", "texts": ["共 {a}。"]}]}
    one = Template.model_validate({**told, "queries": {"a": {"say": "甲", "measure": "matters.cases"}}})
    assert (one.heading(SEPTEMBER), list(pieces("共 {a}。"))) == ("2026-9", [("text", "共 "), ("query", "a"), ("text", "。")])
    with pytest.raises(ValueError, match="differ in a"):
        Template.model_validate({**told, "queries": {}})


def test_spans_of_queries():
    spans = {span: Query(say="", measure="", span=span).period(date(2026, 1, 1)) for span in ("month", "month_before", "year_so_far")}
    assert {name: (one.begin, one.end) for name, one in spans.items()} == {
        "month": (date(2026, 1, 1), date(2026, 2, 1)),
        "month_before": (date(2025, 12, 1), date(2026, 1, 1)),
        "year_so_far": (date(2026, 1, 1), date(2026, 2, 1)),
    }
