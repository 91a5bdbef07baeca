"""Matters are found by what people need, in the words they use."""

import re
from datetime import date

import pytest
from django.test import Client
from matters.made_up import small

from keheng.kernel.search.documents import PUBLIC, Document, See
from keheng.kernel.search.finding import search
from keheng.kernel.search.indexing import index
from keheng.matters.actions import publishing
from keheng.matters.actions.publishing import publish_guides
from keheng.matters.queries.finding import find
from keheng.matters.queries.guides import documents, public_matters
from keheng.matters.rules.files.reading import read_text
from keheng.matters.rules.files.shelf import all_in_force

DAY = date(2026, 9, 28)
EVERYBODY = frozenset({See(PUBLIC)})
NEW = {"yl.work-permit-new-abroad", "yl.work-permit-new-inside"}


def found(text):
    """Names of what is found, best first, and of what is near."""
    finding = find(public_matters(DAY), text)
    return [read.matter.id for read in finding.found], [read.matter.id for read in finding.near]


@pytest.mark.parametrize(("text", "first"), [
    ("招聘外国人", NEW), ("外籍员工", {*NEW, "yl.work-permit-cancel", "yl.work-permit-change", "yl.work-permit-extension", "yl.work-permit-short"}),
    ("续签", {"yl.work-permit-extension"}), ("工作签证", {*NEW, "yl.work-permit-short"}), ("我想招聘一个外国人", NEW),
    ("外国人 延期", {"yl.work-permit-extension"}), ("换护照了怎么办", {"yl.work-permit-change"}), ("评职称", {"yl.title"}),
    ("院士站", {"yl.workstation"}), ("RENEW a work visa", {"yl.work-permit-extension"}), ("hire foreigners", NEW),
    ("就労ビザ更新", {"yl.work-permit-extension"}), ("영주권", {"yl.recommendation-letter"}), ("拨款", {"yl.zhangjiang-payment"}),
    ("ｖｉｓａ　ｉｎｖｉｔａｔｉｏｎ", {"yl.invitation-letter"}),
])  # fmt: skip
def test_the_matter_that_is_meant_comes_first(text, first):
    names, near = found(text)
    assert names[0] in first, names
    assert near == []


def test_what_shares_too_little_is_near_at_most():
    assert found("没有这样的词")[0] == []
    names, near = found("租房补贴")
    assert (names, near[0], len(near)) == ([], "yl.zhangjiang", 3)
    assert found("龘龘") == ([], [])
    assert len(found(" ，")[0]) == len(public_matters(DAY))


def test_a_matter_may_say_in_which_words_it_is_asked_for():
    plain = read_text(small(), "plain.yaml")
    said = read_text(small(("about: 测试用。", "about: 测试用。\nneeds: [盖厂房, build a plant]")), "said.yaml")
    for text in ("盖厂房", "我要盖厂房", "plants build", "厂房"):
        assert find([plain, said], text).found == [said]
    assert find([plain, said], "小事项").found == [plain, said]
    assert find([plain, said], "测").found == [plain, said]


def test_every_matter_in_force_says_it_and_the_search_of_the_site_knows_it():
    assert [read.matter.id for read in all_in_force(DAY) if read.matter.id.startswith("yl.") and len(read.matter.needs) < 3] == []
    scripts = {"en": "[a-z]{4}", "ja": "[\u3041-\u30fa]", "ko": "[\uac00-\ud7a3]"}
    told = {read.matter.id: " ".join(read.matter.needs) for read in all_in_force(DAY) if read.matter.languages}
    assert [(name, one) for name, words in told.items() for one in scripts if not re.search(scripts[one], words)] == []
    body = next(one.body for one in documents(DAY) if one.ref == "yl.work-permit-extension")
    assert "工作签证续签" in body


@pytest.mark.django_db
def test_an_empty_answer_offers_the_hotline_all_services_and_what_is_near():
    page = Client().get("/matters/?q=租房补贴").content.decode()
    assert [
        word for word in ("没有找到这样的事项", 'href="/help/"', "看全部事项", "相近的事项", "张江专项资金项目申报") if word not in page
    ] == []
    assert "相近的事项" not in Client().get("/matters/?q=龘龘").content.decode()
    english = Client().get("/en/matters/?q=renew").content.decode()
    assert english.index("Extension of a work permit") > 0


@pytest.mark.django_db
def test_the_search_of_the_site_answers_in_the_language_of_the_question_with_the_page_in_it():
    publish_guides()
    for asked, language, title in (
        ("work permit", "en", "Extension of a work permit"),
        ("就労許可", "ja", "就労許可の抹消"),
        ("취업허가", "ko", "취업허가 말소"),
    ):
        hits = {hit.ref: hit for hit in search(asked, visible=EVERYBODY, facets={"language": language}, limit=100).hits}
        refs = [ref for ref in hits if ref.startswith("yl.work-permit-")]
        assert (len(refs), {ref.partition(":")[2] for ref in refs}) == (7, {language}), asked
        assert any(re.sub("<.*?>", "", hits[ref].title) == title for ref in refs), asked
        assert hits[refs[0]].url.startswith(f"/{language}/")
    chinese = [hit.ref for hit in search("就业许可", visible=EVERYBODY, facets={"language": "zh-hans"}, limit=100).hits]
    assert len([ref for ref in chinese if ref.startswith("yl.work-permit-")]) == 7


@pytest.mark.django_db
def test_guides_out_of_force_leave_the_search_in_every_language(monkeypatch):
    publish_guides()
    monkeypatch.setattr(publishing, "documents", lambda _day: iter(()))
    assert publish_guides() == 0
    assert search("work permit", visible=EVERYBODY).total == 0


@pytest.mark.django_db
def test_topics_are_found_by_their_names_in_other_languages():
    article = Document("thing", "1", "关于申领科技创新券的通知", "", "/x/", PUBLIC)
    index([article])
    for asked in ("voucher", "innovation vouchers", "バウチャー", "혁신 바우처", "创新劵"):
        assert [hit.ref for hit in search(asked, visible=EVERYBODY).hits] == ["1"], asked
