"""Lists: filters, order, columns, sheets; what is wrong in an address is told and never breaks the page."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace

import pytest
from directory.made_up import principal
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from keheng.kernel.desk.lists import choose_columns, save_filter
from keheng.kernel.desk.models import Export, SavedFilter, TableChoice, Task
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.tables import exporting, responding, table
from keheng.kernel.tables.asking import asked_filters, kept_query
from keheng.kernel.tables.drawing import _kind
from keheng.kernel.tables.printing import printed, sheet_of
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.showing import show
from keheng.kernel.tables.table import Bulk, Column, Filter, Table, register_table

MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ACTOR = principal(("thing.see", "all"), account="7")
LIST = Table(
    "test.tasks", "事项",
    columns=(
        Column("title", "标题", sort="title", link=lambda one: f"/tasks/{one.pk}/"),
        Column("kind", "种类", tag=lambda one: "ok" if one.kind == "a" else ""),
        Column("due_at", "期限", sort="due_at", kind="time"),
        Column("unit", "单位", kind="integer", shown=False),
        Column("secret", "密", lambda _one: "secret", shown=False, export=False),
    ),
    filters=(
        Filter("q", "标题", apply="title"),
        Filter("kind", "种类", "choice", choices=(("a", "甲"), ("b", "乙"))),
        Filter("taken", "已认领", "flag", apply=lambda rows, _: rows.exclude(account="")),
        Filter("due", "期限", "dates", apply="due_at"),
    ),
    order="title", empty_text="没有要做的事。", page=3, exports=lambda _actor, scope: Task.objects.exclude(kind=scope),
)  # fmt: skip


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(table._tables, "test.tasks", LIST)


def task(title, kind="a", **more):
    return Task.objects.create(
        key=f"{title}{Task.objects.count()}", title=title, kind=kind, url="", permission="", opened_at=MOMENT, **more
    )


def request_for(query="", post=None, actor=ACTOR):
    request = RequestFactory().get(f"/list/?{query}") if post is None else RequestFactory().post(f"/list/?{query}", post)
    request.actor, request.session = actor, {}
    request._messages = FallbackStorage(request)
    return request


def shown(query="", rows=None):
    return show(request_for(query), LIST, Task.objects.all() if rows is None else rows)


def titles(query=""):
    return [line.cells[0].text for line in shown(query).lines]


def html(query="", rows=None):
    return render_to_string("tables/table.html", {"table": shown(query, rows)})


@pytest.mark.django_db
def test_order_filters_and_pages_go_together():
    for title, more in (
        ("丙", {}),
        ("甲", {"kind": "b"}),
        ("丁", {"due_at": MOMENT}),
        ("乙", {"account": "9"}),
        ("戊", {"due_at": MOMENT}),
    ):
        task(title, **more)
    ordered = sorted("甲乙丙丁戊")
    first = shown()
    assert ([line.cells[0].text for line in first.lines], first.count, first.more, first.before_url) == (ordered[:3], 5, False, "")
    assert titles(first.after_url[1:]) == ordered[3:]
    assert titles("sort=-title") == ordered[:1:-1]
    assert titles("sort=due_at") == ["丁", "戊", "丙"]
    assert (titles("kind=b"), titles("taken=1"), titles("q=丙")) == (["甲"], ["乙"], ["丙"])
    assert titles("due_from=2026-03-02&due_to=2026-03-02") == ["丁", "戊"]
    assert (titles("due_to=2026-03-01"), titles("due_from=2026-03-03")) == ([], [])
    second = shown(shown("sort=-due_at&taken=&q=").after_url[1:])
    assert (second.query, second.sort) == ("sort=-due_at", "-due_at")


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "wrong"), [
    ("kind=z&q=丙", "没有这个选项，已按全部显示"), ("due_from=2.3.2026&q=丙", "日期要写成 2026-11-21 这样，已按全部显示"),
    ("due_from=9999-12-31&q=丙", "日期要写成 2026-11-21 这样，已按全部显示"), ("due_from=2026-03-03&due_to=2026-03-01&q=丙", "开始日期晚于结束日期，已按全部显示"),
])  # fmt: skip
def test_what_is_wrong_is_told_beside_its_filter_and_the_rest_holds(query, wrong):
    task("丙")
    task("丁")
    page = html(query)
    assert (titles(query), page.count(wrong), 'value="丙"' in page) == (["丙"], 2 if "due" in query else 1, True)
    typed = QueryDict(query)
    assert all(f'value="{typed[name]}"' in page for name in typed if name != "kind")


@pytest.mark.django_db
@given(
    some.dictionaries(
        some.sampled_from(["q", "kind", "taken", "due_from", "due_to", "sort", "after", "before", "page", "x"]), some.text(max_size=40)
    )
)
def test_no_address_breaks_a_list(asked):
    query = QueryDict(mutable=True)
    query.update(asked)
    shown(query.urlencode())


def test_filters_that_are_not_given_do_not_narrow():
    query = QueryDict("q=%20%00&kind=&taken=&due_from=&x=1&after=abc&sort=title")
    assert [one.given for one in asked_filters(LIST, query)] == [False] * 4
    assert kept_query(LIST, query).urlencode() == "q=+%00&sort=title"


@pytest.mark.django_db
def test_empty_lists_say_whether_the_filter_or_the_list_is_empty():
    assert "没有要做的事。" in html()
    assert "清除全部条件" in html("q=没有")
    task("丙")
    assert ("共 1 条" in html(), "k-empty" in html()) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize("named", [2, 4])
def test_counting_ends_where_nobody_pages_any_more(monkeypatch, named):
    monkeypatch.setattr("keheng.kernel.tables.showing.policy", lambda _part: {"most": 4, "named": named})
    for number in range(4):
        task(str(number))
    assert "共 4 条" in html()
    task("4")
    assert "共 4+ 条" in html()


@pytest.mark.django_db
def test_a_page_takes_the_same_queries_for_one_row_and_three():
    counts = []
    for more in (1, 2):
        for number in range(more):
            task(f"t{number}")
        with CaptureQueriesContext(connection) as captured:
            html()
        counts.append(len(captured))
    assert counts == [4, 4]


@pytest.mark.django_db
def test_what_rows_hold_is_escaped_and_cells_carry_their_labels():
    task('<b onclick="x">甲</b>')
    page = html()
    assert ("<b onclick" in page, 'data-label="标题"' in page, 'aria-sort="ascending"' in page) == (False, True, True)
    assert re.search(r'<tr tabindex="-1" data-href="/tasks/\d+/">', page)


@pytest.mark.django_db
def test_columns_and_size_are_remembered_for_an_account_and_a_table():
    for number in range(30):
        task(f"{number:02}", unit=1_234_567)
    choose_columns(account="7", table=LIST, columns=["unit", "title", "nonsense"], size="20")
    page = shown()
    assert ([head.column.code for head in page.heads], len(page.lines)) == (["title", "unit"], 20)
    assert "1,234,567" in html()
    other = show(request_for(actor=principal(account="8")), LIST, Task.objects.all())
    assert ([head.column.code for head in other.heads], len(other.lines)) == (["title", "kind", "due_at"], 3)
    choose_columns(account="7", table=LIST, columns=["title", "kind", "due_at"], size="1000")
    assert TableChoice.objects.count() == 0


@pytest.mark.django_db
def test_bulk_actions_post_the_ticked_rows(monkeypatch):
    one = task("甲")
    acting = Table("test.tasks", "事项", LIST.columns, order="title", actions=(Bulk("close", "关闭", "desk:messages-read", danger=True),))
    page = render_to_string("tables/table.html", {"table": show(request_for(), acting, Task.objects.all())})
    assert f'name="rows" value="{one.pk}" form="test.tasks.bulk" aria-label="选择 甲"' in page
    assert '<span class="k-tag k-tag--ok">a</span>' in page
    assert 'formaction="/desk/messages/read/"' in page


def rows_of(response):
    return CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()


@pytest.mark.django_db
def test_a_sheet_holds_the_filtered_rows_and_every_column_that_may_leave():
    task("=1+1", due_at=MOMENT, unit=5)
    task("乙", kind="b")
    response = respond(request_for("kind=a", {"export": "xlsx"}), LIST, Task.objects.none(), "x.html", scope="b")
    assert rows_of(response) == [["标题", "种类", "期限", "单位"], ["=1+1", "a", "2026-03-02 09:30", 5.0]]
    assert AuditEntry.objects.filter(body__contains='"act":"table.export"', body__regex='"target":"table:test.tasks"').count() == 1


@pytest.mark.django_db
def test_who_may_not_gets_no_sheet_and_the_attempt_is_on_the_trail():
    guarded = Table("test.tasks", "事项", LIST.columns, order="title", export_permission="thing.take")
    request = request_for("", {"export": "xlsx"})
    assert respond(request, guarded, Task.objects.all(), "x.html").status_code == 302
    assert "您当前的身份不能导出" in str(next(iter(get_messages(request))))
    assert AuditEntry.objects.filter(body__contains='"succeeded":false').count() == 1
    assert "导出表格" not in render_to_string("tables/table.html", {"table": show(request_for(), guarded, Task.objects.all())})


@pytest.mark.django_db
@pytest.mark.parametrize(("again", "most", "made"), [(True, 9, 1), (True, 2, 0), (False, 9, 0)])
def test_large_sheets_are_made_in_the_background_or_refused(monkeypatch, again, most, made):
    monkeypatch.setattr(exporting, "policy", lambda _part: {"at_once": 1, "most": most})
    for number in range(3):
        task(str(number))
    taken = LIST if again else Table("test.tasks", "事项", LIST.columns, order="title")
    request = request_for("sort=-title", {"export": "xlsx"})
    assert respond(request, taken, Task.objects.all(), "x.html", scope="b").url == "/list/?sort=-title"
    assert (Export.objects.count(), Job.objects.filter(kind="desk.export").count()) == (made, made)
    assert ("后台生成" in str(next(iter(get_messages(request))))) == bool(made)
    if made:
        row = Export.objects.get()
        assert (row.account, row.query, row.scope) == ("7", "sort=-title", "b")


@pytest.mark.django_db
def test_filters_keep_a_name_and_nothing_but_the_filters():
    save_filter(actor=ACTOR, table=LIST, name="  急  件 ", query="kind=a&after=xyz&evil=1&sort=due_at")
    save_filter(actor=ACTOR, table=LIST, name="急 件", query="kind=b")
    assert [(one.name, one.query) for one in SavedFilter.objects.all()] == [("急 件", "kind=b")]
    assert '<a href="/list/?kind=b">急 件</a>' in html()
    assert "急 件" not in AuditEntry.objects.latest("id").body


@pytest.mark.parametrize(("column", "value", "text"), [
    (Column("x", ""), None, "—"), (Column("x", ""), "", "—"), (Column("x", ""), False, "否"), (Column("x", "", kind="money"), 123456789, "1,234,567.89"),
    (Column("x", "", kind="integer"), 0, "0"), (Column("x", ""), date(2026, 3, 2), "2026-03-02"), (Column("x", ""), MOMENT, "2026-03-02 09:30"),
])  # fmt: skip
def test_values_are_printed_as_people_read_them(column, value, text):
    assert printed(column, value) == text


@pytest.mark.parametrize("wrong", [
    {"order": "kind"}, {"columns": (Column("a", ""), Column("a", ""))}, {"filters": (Filter("q", ""), Filter("q", ""))}, {"filters": (Filter("sort", ""),)},
])  # fmt: skip
def test_a_table_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"test\.wrong"):
        Table(**({"code": "test.wrong", "title": "", "columns": (Column("kind", ""),)} | wrong))


def test_a_code_is_taken_once():
    assert register_table(LIST) is LIST
    with pytest.raises(ValueError, match="registered twice"):
        register_table(Table("test.tasks", "", LIST.columns, order="title"))


def test_names_of_sheets_are_safe():
    assert responding.attachment(b"", 'a";\r\n.xlsx').headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%3B%0D%0A.xlsx"


def test_numbers_that_people_cite_stay_on_one_line_and_leave_as_texts():
    codes = Table("test.codes", "编号", (Column("number", "编号", kind="code"), Column("title", "名称")))
    rows = [SimpleNamespace(number="BJ-2026-00001", title="升级", pk=1)]
    assert [_kind(column) for column in codes.columns] == [' class="nowrap"', ""]
    assert CalamineWorkbook.from_filelike(BytesIO(sheet_of(codes, rows))).get_sheet_by_index(0).to_python()[1] == ["BJ-2026-00001", "升级"]
