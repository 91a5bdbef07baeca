"""Pages of policies: visitors read, a unit sees where it stands and tells what it knows, the office sees everybody."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from matters.test_pages import client_of, text_of
from matters.test_policy_cases import granted_project
from people import actor_for, make_account, make_unit, signed_in
from python_calamine import CalamineWorkbook

from keheng.access.models import Account
from keheng.kernel.desk.drafts import Typed, kept_draft, save_draft
from keheng.kernel.desk.sending import NAMED
from keheng.matters.models import Case, PolicyRun, UnitFact
from keheng.matters.queries.policies.overview import standings_for, tallies
from keheng.matters.service import MoveWish, follow_offers, match_everybody, move_case, open_case, tell_facts

pytestmark = pytest.mark.django_db
FACTS = "/matters/policies/facts/"
UNITS = "/manage/cases/policies/yl.talent-plan/"


def lacking(words, text):
    return [word for word in words if word not in text]


def test_visitors_read_policies_and_their_clauses_and_are_asked_to_sign_in():
    answer = Client().get("/matters/policies/")
    page = text_of(answer)
    assert lacking(["科技英才引进补贴", "每名入选者资助 30 万元", "免申即享", "2 条", "登录，看我的企业符合哪些"], page) == []
    assert answer.headers["Keheng-Shared"] == "2"
    one = text_of(Client().get("/matters/policies/of/yl.talent-plan/"))
    assert lacking(["从业人数不少于 20 人", "第二条", "企业填写", "待核", "并代表企业后"], one) == []
    assert "去填写" not in one
    assert Client().get("/matters/policies/of/yl.none/").status_code == 404
    assert Client().get(FACTS).headers["Location"].startswith("/account/login/")
    assert Client().get("/en/matters/policies/").status_code == 200


def test_policies_are_found_by_words_and_by_the_office_in_charge():
    def found(**asked):
        answer = Client().get("/matters/policies/", asked)
        assert answer.status_code == 200
        return re.findall(r'href="/matters/policies/of/([\w.-]+)/"', answer.content.decode()), text_of(answer)

    everything = found()[0]
    assert len(everything) == 13
    # Words of a clause, of what helps, of the title; each word must be said somewhere.
    assert found(q="高价值 有效发明专利")[0] == ["yl.patent-support"]
    assert found(q="  研发人员 小巨人 ")[0] == ["yl.little-giant"]
    assert set(found(q="免申即享")[0]) == {"yl.grant-match", "yl.granted-follow-up", "yl.new-user-guide"}
    centre, page = found(office="云岭市科技服务中心")
    assert set(centre) == {"yl.granted-follow-up", "yl.new-user-guide"}
    assert lacking(["找到 2 条", "看全部政策"], page) == []
    assert found(q="专利", office="云岭市科技服务中心")[0] == []
    assert lacking(["没有这样的政策"], found(q="养殖")[1]) == []
    assert 'value="&lt;b&gt;"' in Client().get("/matters/policies/", {"q": "<b>"}).content.decode()


def test_a_unit_looks_among_its_own_matches(people):
    tell_facts(actor=people["firm"], typed={"rd_share": "1.5", "staff": "40"}, seen={})
    client = client_of("firm")
    page = text_of(client.get("/matters/policies/", {"q": "英才"}))
    assert lacking(["找到 1 条", "科技英才引进补贴", "只差一条"], page) == []
    assert "外国专家项目资助" not in page
    assert "还没有确定符合的政策" not in page
    page = text_of(client.get("/matters/policies/", {"q": "养殖"}))
    assert lacking(["没有这样的政策"], page) == []
    assert "现在就符合" not in page


def test_a_unit_sees_what_it_meets_what_to_tell_and_what_is_near(people, django_assert_max_num_queries):
    typed = {"rd_share": "1.5", "staff": "40", "dishonest": "no", "foreign_staff": "yes", "rd_staff": "25"}
    tell_facts(actor=people["firm"], typed=typed, seen={})
    client = client_of("firm")
    with django_assert_max_num_queries(12):
        answer = client.get("/matters/policies/")
    page = text_of(answer)
    assert "Keheng-Shared" not in answer.headers
    assert (
        lacking(["云岭精密仪器有限公司", "先填这几项", "外国专家项目资助", "只差一条", "提高研发投入占比到 2% 以上", "现在 1.5 %"], page)
        == []
    )
    one = text_of(client.get("/matters/policies/of/yl.talent-plan/"))
    assert lacking([f"企业填写于 {localdate():%Y-%m-%d}", "不符合", "怎样达到：提高研发投入占比到 2% 以上", "40 人"], one) == []
    assert "去填写" in text_of(client.get("/matters/policies/of/yl.patent-support/"))
    assert "来自平台共享数据" in text_of(client.get("/matters/policies/of/yl.granted-follow-up/"))
    alone = text_of(client_of("person").get("/matters/policies/"))
    assert lacking(["您现在没有代表企业或科研院所", "科技英才引进补贴"], alone) == []


def test_what_was_typed_stays_until_all_of_it_is_right(people):
    client, account = client_of("firm"), people["firm"].account
    key = f"policies.facts.{people['firm'].unit}"
    save_draft(account, key, Typed({"staff": ["4"]}, "", FACTS), 0)
    answer = client.post(FACTS, {"staff": "多", "rd_share": "2.5", "industry": "养殖"})
    page = answer.content.decode()
    assert (answer.status_code, UnitFact.objects.count(), kept_draft(account, key).version) == (422, 0, 1)
    assert lacking(['value="多"', 'value="2.5"', "有 2 处需要处理", 'href="#id_staff"', 'href="#id_industry"'], page) == []
    answer = client.post(FACTS, {"staff": "40", "rd_share": "2.5", "industry": "", "kind": "authority", NAMED: key}, follow=True)
    assert lacking(["已保存", "科技英才引进补贴", "去申请"], text_of(answer)) == []
    assert (dict(UnitFact.objects.values_list("fact", "value")), kept_draft(account, key).version) == (
        {"staff": "40", "rd_share": "2.5"},
        0,
    )
    page = client.get(FACTS).content.decode()
    assert lacking([f"填写于 {localdate():%Y-%m-%d}", 'name="seen-staff" value="40"', f'data-draft="{key}"'], page) == []
    assert client_of("person").get(FACTS).headers["Location"] == "/matters/policies/"


def units(count):
    for number in range(count):
        unit = make_unit(f"云岭第{number}企业", district="990102" if number % 2 else "990103")
        for fact, value in {"rd_share": "3" if number else "1", "staff": "50"}.items():
            UnitFact.objects.create(unit=unit, fact=fact, value=value, by="x", at="2099-01-01T00:00:00Z")
    match_everybody()


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_sees_everybody_in_few_queries(people, django_assert_max_num_queries, count):
    units(count)
    client = client_of("officer")
    with django_assert_max_num_queries(12):
        page = text_of(client.get("/manage/cases/policies/"))
    assert lacking(["科技英才引进补贴", f"{count + 1} 家企业", "研发投入占营业收入不低于 2%", "免申即享"], page) == []
    with django_assert_max_num_queries(12):
        page = text_of(client.get(UNITS))
    assert lacking([f"云岭第{number}企业" for number in range(count)], page) == []
    near = text_of(client.get(f"{UNITS}?verdict=near"))
    assert ("云岭第0企业" in near, "云岭第1企业" in near) == (True, False)
    met = text_of(client.get(f"{UNITS}?verdict=met"))
    assert ("云岭第0企业" in met, "云岭第1企业" in met) == (False, count > 1)
    assert "云岭第0企业" in text_of(client.get(f"{UNITS}?clause=1"))
    assert "云岭第0企业" not in text_of(client.get(f"{UNITS}?clause=2"))
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.post(f"{UNITS}?verdict=near", {"export": "xlsx"}).content))
    rows = sheet.get_sheet_by_index(0).to_python()
    assert [row[:4] for row in rows if "云岭第0企业" in row] == [["云岭第0企业", "东川门区", "只差一条", "研发投入占营业收入不低于 2%"]]
    assert client_of("firm").get("/manage/cases/policies/").status_code == 403
    assert client.get("/manage/cases/policies/yl.none/").status_code == 404


def test_figures_of_a_policy_are_the_units_behind_them(people):
    units(4)
    rows = standings_for(people["officer"]).filter(policy="yl.talent-plan")
    one = next(one for one in tallies(people["officer"], localdate()) if one.policy.id == "yl.talent-plan")
    assert {"met": one.met, "unmet": one.unmet, "unknown": one.unknown, "near": one.near} == {"met": 3, "unmet": 1, "unknown": 1, "near": 1}
    # Whom one clause alone keeps out is listed; of the one that told nothing it is only counted.
    assert (rows.filter(lacks=0).count(), rows.filter(lacks__gt=0).count(), rows.count()) == (3, 1, 4)
    assert [(number, failing, open_) for number, _, failing, open_ in one.clauses] == [(1, 1, 1), (2, 0, 1)]
    assert one.worst == (one.policy.clauses[0], 1)
    assert tallies(people["person"], localdate())[0].worst is None


def test_the_office_asks_why_about_a_unit_that_is_not_listed(people):
    units(2)
    client = client_of("officer")
    assert "云岭精密仪器有限公司" not in text_of(client.get(UNITS))
    page = text_of(client.get(f"{UNITS}?who=精密仪器"))
    assert lacking(["云岭精密仪器有限公司", "待定", "还不知道", "单位还没有填写"], page) == []
    page = text_of(client.get(f"{UNITS}?who=第0企业"))
    assert lacking(["不符合", "怎样达到：提高研发投入占比到 2% 以上", "单位填写于"], page) == []
    assert "没有这样的名称或代码" in text_of(client.get(f"{UNITS}?who=养殖场"))
    district = signed_in(make_account("district", "district_officer", district="990102"))
    assert (
        "没有这样的名称" in text_of(district.get(f"{UNITS}?who=第0企业")),
        "不符合" in text_of(district.get(f"{UNITS}?who=第1企业")),
    ) == (True, True)


def test_a_district_counts_its_own_units(people):
    units(4)
    district = actor_for(make_account("district", "district_officer", district="990102"))
    one = next(one for one in tallies(district, localdate()) if one.policy.id == "yl.talent-plan")
    assert (one.met, one.unmet, one.unknown, standings_for(district).filter(policy="yl.talent-plan").count()) == (2, 0, 0, 2)


def test_who_follows_a_run_sees_how_far_it_is(people):
    units(1)
    page = "/manage/cases/policies/"
    assert "正在重新匹配" not in text_of(client_of("officer").get(page))
    PolicyRun.objects.update(done=7)
    assert "已完成 7 / 13 项政策" in text_of(client_of("officer").get(page))


def test_the_members_of_other_units_see_only_their_own(people):
    other = make_unit("云岭另一企业")
    make_account("other", "unit_manager", unit=other)
    tell_facts(actor=people["firm"], typed={"staff": "777"}, seen={})
    assert "777" not in client_of("other").get(FACTS).content.decode()
    assert "777" in client_of("mate").get(FACTS).content.decode()


LOAN = {"staff": "60", "revenue": "3000", "small_tech": "yes"}
LOAN_PAGE, CASES = "/matters/policies/of/yl.small-tech-loan/", "/manage/cases/policies/yl.grant-match/cases/"


def test_a_card_leads_to_the_case_and_says_how_far_it_is(people):
    tell_facts(actor=people["firm"], typed=LOAN, seen={})
    client = client_of("firm")
    start = "/matters/of/yl.apply-small-tech-loan/start/"
    for page in ("/matters/policies/", LOAN_PAGE):
        content = client.get(page).content.decode()
        assert lacking([f'action="{start}"', "立即申请"], content) == []
    # Not met: the guide, no button.
    assert "看申请指南" in text_of(client.get("/matters/policies/of/yl.start-up-rent/"))
    assert "立即申请" not in text_of(client.get("/matters/policies/of/yl.start-up-rent/"))
    answer = client.post(start)
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/matters/cases/{case.pk}/form/1/"
    form = client.get(f"/matters/cases/{case.pk}/form/2/").content.decode()
    told = [
        f"企业填写于 {localdate():%Y-%m-%d}",
        "来自平台共享数据",
        'name="staff"',
        'value="60"',
        'data-computed="kind">企业</output>',
    ]
    assert lacking(told, form) == []
    assert 'name="kind"' not in form
    assert lacking(["政策条件", "从业人数不超过 500 人", "符合"], text_of(client.get(f"/matters/cases/{case.pk}/"))) == []
    for change, said in (({}, "继续填写"), ({"submitted_at": now(), "number": "T-1", "state": "examine"}, "办理中，看进度"),
                         ({"end": "granted", "ended_at": now(), "state": "granted"}, "已享受，看办件")):  # fmt: skip
        Case.objects.filter(pk=case.pk).update(**change)
        assert lacking([said, f'href="/matters/cases/{case.pk}/"'], client.get("/matters/policies/").content.decode()) == []
    page = client.post(start, follow=True)
    assert "不重复享受" in text_of(page)
    assert "不重复享受" not in text_of(client.get(LOAN_PAGE))


def test_an_offer_is_one_page_to_accept(people):
    granted_project(int(people["firm"].unit))
    match_everybody()
    follow_offers()
    case, client = Case.objects.get(matter="yl.apply-grant-match"), client_of("firm")
    assert "免申即享，待您确认" in text_of(client.get("/matters/policies/of/yl.grant-match/"))
    page = client.get(f"/matters/cases/{case.pk}/").content.decode()
    assert lacking([f"/matters/cases/{case.pk}/do/confirm/", f"/matters/cases/{case.pk}/do/decline/"], page) == []
    assert f"/matters/cases/{case.pk}/discard/" not in page
    opened = client.get(f"/matters/cases/{case.pk}/do/confirm/").content.decode()
    assert lacking(['name="payee" value="云岭精密仪器有限公司"', 'name="contact" value="firm 某"'], opened) == []
    blank = client.post(f"/matters/cases/{case.pk}/do/confirm/", {"seen": case.version, "payee": "云岭精密仪器有限公司", "account": "62"})
    assert blank.status_code == 422
    assert lacking(["联系人", "联系电话", "开户银行", "银行账号", 'value="云岭精密仪器有限公司"'], blank.content.decode()) == []
    given = {
        "contact": "某",
        "phone": "19900000001",
        "payee": "云岭精密仪器有限公司",
        "bank": "云岭演示银行",
        "account": "6200000000000001",
    }
    done = client.post(f"/matters/cases/{case.pk}/do/confirm/", {"seen": case.version, **given}, follow=True)
    assert lacking(["拨付"], text_of(done)) == []
    shown = client_of("officer").get(f"/manage/cases/{case.pk}/").content.decode()
    assert lacking(["政策条件", "近三年有专项资金立项", "来自平台共享数据"], shown) == []
    # Who pays must see where to; the telephone is masked.
    assert given["account"] in shown
    assert given["phone"] not in shown


def test_what_is_to_be_granted_is_published_for_objections(people):
    case = open_case(actor=people["firm"], matter="yl.apply-high-tech-award")
    page = "/matters/policies/of/yl.high-tech-award/"
    assert "有异议的" not in text_of(Client().get(page))
    Case.objects.filter(pk=case.pk).update(state="public", std="特别程序申请", submitted_at=now(), number="T-1")
    shown = text_of(Client().get(page, headers={"cookie": "fresh=1"}))
    assert lacking(["有异议的", "云岭精密仪器有限公司", "200,000.00"], shown) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_follows_a_policy_from_who_meets_it_to_what_was_paid(people, django_assert_max_num_queries, count):
    for number in range(count):
        unit = make_unit(f"云岭立项{number}有限公司", district="990102" if number % 2 else "990103")
        make_account(f"m{number}", "unit_manager", unit=unit)
        granted_project(unit.pk)
    match_everybody()
    assert follow_offers() == count
    one = Case.objects.get(matter="yl.apply-grant-match", unit__name="云岭立项0有限公司")
    given = {"contact": "某", "phone": "19900000001", "payee": "云岭", "bank": "云岭演示银行", "account": "6200000000000001"}
    firm = actor_for(Account.objects.get(login="m0"), one.unit_id)
    move_case(actor=firm, case=one.pk, wish=MoveWish("confirm", one.version, given))
    client = client_of("officer")
    with django_assert_max_num_queries(14):
        page = client.get("/manage/cases/policies/").content.decode()
    row = re.search(r'policies/yl\.grant-match/cases/">立项企业配套奖励.*?</tr>', page, re.DOTALL)[0]
    figures = [int(number) for number in re.findall(r'<td class="num"><a href="[^"]+">(\d+)</a>', row)]
    assert figures == [count, count, count - 1, 1, 1, 0]
    for address in re.findall(r'<td class="num"><a href="([^"]+)">', row):
        assert client.get(address).status_code == 200, address
    with django_assert_max_num_queries(12):
        everything = text_of(client.get(CASES))
    assert lacking([f"云岭立项{number}有限公司" for number in range(count)], everything) == []
    applied = text_of(client.get(f"{CASES}?stage=applied"))
    assert ("云岭立项0有限公司" in applied, "50,000.00" in applied, "云岭立项1有限公司" in applied) == (True, True, False)
    told = text_of(client.get("/manage/cases/policies/yl.grant-match/?told=1"))
    assert "云岭立项0有限公司" in told
    assert "云岭精密仪器有限公司" not in told
    district = signed_in(make_account("district", "district_officer", district="990102"))
    assert ("云岭立项0有限公司" in text_of(district.get(CASES)), "云岭立项1有限公司" in text_of(district.get(CASES))) == (False, count > 1)
    assert client_of("firm").get(CASES).status_code == 403
    assert client.get("/manage/cases/policies/yl.none/cases/").status_code == 404
