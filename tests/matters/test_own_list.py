"""One's own cases in their list, and the drafts one is shown before another one is begun."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from matters.test_cases import do, submitted
from matters.test_pages import client_of, text_of
from people import make_account, signed_in

from keheng.access.models import Account
from keheng.matters.models import Case, CaseEvent
from keheng.matters.queries.own import standing
from keheng.matters.service import discard_draft, note_correction, open_case, own_cases, save_answers, write_letter

pytestmark = pytest.mark.django_db
MINE = "/matters/my/"


def shown(client, query=""):
    """The cases of a page in their order."""
    page = client.get(f"{MINE}{query}").content.decode()
    return [int(pk) for pk in re.findall(r'href="/matters/cases/(\d+)/"', page)]


@pytest.fixture
def cases(people, on):
    """A draft, one to be supplemented, one that the office works on, one that was withdrawn; begun in this order."""
    draft = open_case(actor=people["firm"], matter="yl.it-project")
    fix, going, over = (submitted(people, on, name=name) for name in ("甲系统", "乙系统", "丙系统"))
    note_correction(actor=people["clerk"], case=fix.pk, target="plan", text="写清楚")
    do(people["clerk"], fix, "ask_more")
    do(people["firm"], over, "withdraw", opinion="不做了。")
    return {"draft": draft.pk, "waits": fix.pk, "going": going.pk, "ended": over.pk}


def test_each_stands_in_one_place(people, cases):
    client, every = client_of("firm"), own_cases(people["firm"])
    assert {name: shown(client, f"?state={name}") for name in cases} == {name: [pk] for name, pk in cases.items()}
    assert sum(standing(every, name).count() for name in cases) == every.count() == len(cases)
    assert len(shown(client, "?state=nothing")) == len(cases)
    assert "等我处理 1" in text_of(client.get(MINE))


def test_they_are_found_by_number_subject_and_matter(cases):
    client, number = client_of("firm"), Case.objects.get(pk=cases["going"]).number
    for text in (number, number.lower(), number[3:], "乙系统"):
        assert shown(client, f"?q={text}") == [cases["going"]], text
    assert len(shown(client, f"?q={number[:8]}")) == 3
    assert len(shown(client, "?q=信息化项目")) == len(cases)
    assert len(shown(client, "?matter=yl.it-project")) == len(cases)
    assert shown(client, "?matter=yl.seal") == []
    nothing = text_of(client.get(f"{MINE}?q=没有这样的&state=going"))
    assert [word in nothing for word in ("没有符合条件的办件", "看全部办件", "还没有办件")] == [True, True, False]
    assert shown(client, "?q=%00") == shown(client)


def test_a_matter_is_found_in_the_language_of_the_page(people):
    open_case(actor=people["firm"], matter="yl.work-permit-extension")
    client = client_of("firm")
    assert "没有符合条件的办件" in text_of(client.get(f"{MINE}?q=extension of a work"))
    assert "/matters/cases/" in client.get("/en/matters/my/?q=extension of a work").content.decode()


def test_where_something_happened_last_stands_first(people, on, cases):
    on("2026-09-29")
    client, firm = client_of("firm"), people["firm"]
    save_answers(actor=firm, case=cases["draft"], typed={"name": "丁系统"}, seen={})
    assert shown(client)[0] == cases["draft"]
    on("2026-09-30")
    write_letter(actor=people["clerk"], case=cases["going"], text="请来电。")
    assert shown(client)[:2] == [cases["going"], cases["draft"]]
    # What was typed and stood there already is no news.
    on("2026-10-08")
    save_answers(actor=firm, case=cases["draft"], typed={"name": "丁系统"}, seen={})
    assert shown(client)[0] == cases["going"]
    do(people["clerk"], Case.objects.get(pk=cases["going"]), "accept")
    assert Case.objects.get(pk=cases["going"]).touched_at == CaseEvent.objects.filter(case=cases["going"]).latest("at").at


def test_pages_go_on_where_the_last_one_ended_whatever_happens_meanwhile(people):
    case = open_case(actor=people["person"], matter="yl.title")
    Case.objects.bulk_create(
        Case(
            edition=case.edition, matter=case.matter, title=case.title, applicant=case.applicant, state=case.state, std=case.std,
            entered_on=case.entered_on, opened_at=case.opened_at, touched_at=now() - timedelta(days=number),
        )
        for number in range(1, 45)
    )  # fmt: skip
    client, seen, query = client_of("person"), [], ""
    while True:
        page = client.get(f"{MINE}{query}").content.decode()
        seen += [int(pk) for pk in re.findall(r'href="/matters/cases/(\d+)/"', page)]
        following = re.search(r'rel="next" href="([^"]*)"', page)
        if following is None:
            break
        query = following[1].replace("&amp;", "&")
        # Another one comes to the front.
        open_case(actor=people["person"], matter="yl.title")
    assert len(seen) == len(set(seen)) == 45
    first = shown(client)
    back = re.search(r'rel="prev" href="([^"]*)"', page)[1].replace("&amp;", "&")
    assert len(shown(client, back)) == 20
    assert shown(client, "?after=forged") == first


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_takes_as_many_queries_whatever_there_is(people, on, count, django_assert_max_num_queries):
    for _ in range(count):
        open_case(actor=people["firm"], matter="yl.it-project")
    client = client_of("firm")
    client.get(MINE)
    with django_assert_max_num_queries(12):
        assert len(shown(client, "?state=draft&q=系统&matter=yl.it-project")) == 0
    with django_assert_max_num_queries(12):
        assert len(shown(client)) == min(count, 20)


def begun(client, matter="yl.it-project", **typed):
    return client.post(f"/matters/of/{matter}/start/", typed).headers["Location"]


def test_who_has_begun_already_is_asked_whether_to_go_on(people):
    client = client_of("firm")
    assert begun(client).endswith("/form/1/")
    draft = Case.objects.get()
    assert begun(client) == "/matters/of/yl.it-project/begun/"
    assert Case.objects.count() == 1
    answer = client.get("/matters/of/yl.it-project/begun/")
    page, text = answer.content.decode(), text_of(answer)
    assert [word for word in ("您有未提交的申请", "最后保存于", "还有", "继续填写", "另开一份", "删除草稿") if word not in text] == []
    # On from the first question that waits for an answer.
    assert f'class="k-btn" href="/matters/cases/{draft.pk}/form/1/#id_name"' in page
    assert f'href="/matters/cases/{draft.pk}/discard/"' in page
    assert begun(client, another="1").endswith("/form/1/")
    assert Case.objects.count() == 2


def test_drafts_of_others_and_of_other_matters_are_none(people):
    begun(client_of("firm"))
    other = signed_in(make_account("lonely"))
    assert begun(other, "yl.title").endswith("/form/1/")
    assert begun(client_of("person"), "yl.title").endswith("/form/1/")
    # Without a draft there is nothing to ask.
    assert client_of("person").get("/matters/of/yl.it-project/begun/").headers["Location"] == "/matters/of/yl.it-project/"


def test_a_draft_for_oneself_is_none_for_the_unit(people):
    """The same person applies for oneself and for a unit: each of the two is asked after its own drafts."""
    account = Account.objects.get(login="firm")
    begun(client_of("firm"))
    Case.objects.update(unit=None, applicant=str(account.pk))
    assert begun(client_of("firm")).endswith("/form/1/")


def test_a_draft_of_a_colleague_says_whose_it_is(people):
    begun(client_of("firm"))
    Case.objects.update(applicant="999999")
    assert begun(client_of("firm")) == "/matters/of/yl.it-project/begun/"
    page = text_of(client_of("firm").get("/matters/of/yl.it-project/begun/"))
    assert "继续填写" in page
    Case.objects.update(applicant=str(Account.objects.get(login="mate").pk))
    assert "由 mate 某 开始填写" in text_of(client_of("firm").get("/matters/of/yl.it-project/begun/"))


def test_what_was_handed_in_or_thrown_away_is_not_asked_about(people, on):
    case = submitted(people, on)
    assert begun(client_of("firm")).endswith("/form/1/")
    discard_draft(actor=people["firm"], case=Case.objects.exclude(pk=case.pk).get().pk)
    assert begun(client_of("firm")).endswith("/form/1/")
