"""Family G: the account of results against goal, table and itself."""

import pytest
from appraisal.made_up import cell, form, found, row, rows_of

TABLE = (row("举办推广活动", "≥8场", "10场"), row("用户满意度", "≥90%", "99.91%"), row("设备宕机次数", "<5次", "0次"))


@pytest.mark.parametrize(("account", "expected"), [
    ("全年举办推广活动38场。", [(1,)]), ("全年举办推广活动10场。", []), ("用户满意度100%。", [(2,)]), ("设备宕机次数2次。", [(3,)]),
    ("举办推广活动超过8场。", []), ("举办推广活动不少于12场。", [(1,)]), ("举办推广活动约10余场。", []), ("举办推广活动约9场。", []), ("举办推广活动约8场。", [(1,)]), ("设备宕机次数少于5次。", []),
    ("举办会议38场，其中推广活动12场。", []), ("运行正常。", []),
])  # fmt: skip
def test_numbers_in_prose_against_the_table(account, expected):
    assert rows_of("NARR_TABLE", form(*TABLE, achieved=account)) == expected


def test_a_range_in_the_table_is_not_judged():
    assert rows_of("NARR_TABLE", form(row("举办推广活动", "≥8场", "10-12场"), achieved="举办推广活动38场。")) == []


UNMET = (row("接待批次", "≥100批", "40批"), row("参观人数", "≥3000人", "800人"))


def test_success_claimed_beside_unmet_rows():
    (finding,) = found("NARR_TABLE", form(*UNMET, achieved="各项工作圆满完成。"))
    assert finding.variant == "claim"
    assert found("NARR_TABLE", form(*UNMET, achieved="获得参观市民认可。"))
    assert not found("NARR_TABLE", form(UNMET[0], row(), achieved="获得参观市民认可。"))
    assert found("NARR_TABLE", form(UNMET[0], row(), achieved="全部完成。"))
    assert not found("NARR_TABLE", form(row("接待批次", "≥100批", "90批"), achieved="全部完成。"))


@pytest.mark.parametrize(("text", "gap"), [
    ("服务企业120家，其中大型52家、中型40家、小型20家。", "8"), ("服务企业112家，其中大型52家、中型40家、小型20家。", None),
    ("服务企业120家，包括大型52家、中型40家。", "28"), ("服务企业120家，其中大型52家、中型40家。", None),
    ("服务企业120家，其中大型52家，其中国有12家、中型40家。", None), ("服务企业80家，包括大型52家（新增3家）、中型40家。", "12"),
    ("入库人才47.8万名，包含产业人才14万人。其中国际24.9万、海外5万、国内10.8万和本地6.8万。", "3000"),
    ("受理约120件，包括甲类52件、乙类40件。", None), ("占比90%，包括甲类52%、乙类40%。", None), ("完成105个，共分52个、40个。", None),
    ("服务企业120家，包括大型约52家、中型40家。", None), ("服务企业120家，包括培训52场、讲座40场。", None), ("受理120件，包括甲类52件。另办会40场。", None),
])  # fmt: skip
def test_parts_must_make_the_whole(text, gap):
    found_gaps = [f.values["gap"] for f in found("NARR_SUM", form(achieved=text))]
    assert found_gaps == ([gap] if gap else [])


def test_the_goal_is_added_up_too():
    (finding,) = found("NARR_SUM", form(goal="建站10个，包括东区4个、西区5个。"))
    assert finding.place == "goal"


@pytest.mark.parametrize(("text", "count"), [
    ("受理专利申请236件，办会3场，受理专利申请263件。", 1), ("受理专利申请236件，受理专利申请236件。", 0), ("受理236件，受理263件。", 0),
    ("受理专利申请236件，受理专利申请约263件。", 0), ("资助企业经费3万元，资助企业经费5万元。", 0), ("受理专利申请236，受理专利申请263。", 0),
])  # fmt: skip
def test_one_noun_with_two_numbers(text, count):
    assert len(found("NARR_SELF", form(achieved=text))) == count


GOAL = "充分发挥展厅功能，营造崇尚科学的氛围，讲好本市科技故事。"


@pytest.mark.parametrize(("goal", "account", "count"), [
    (GOAL, "较好发挥展厅功能，营造崇尚科学的氛围，讲好本市科技故事。", 1), (GOAL, "发挥展厅功能，接待观众五千人，举办讲座三十场。", 0),
    ("做好服务。", "做好服务。", 0), (GOAL, "", 0),
])  # fmt: skip
def test_an_account_that_repeats_the_goal(goal, account, count):
    assert len(found("NARR_COPY", form(goal=goal, achieved=account))) == count


@pytest.mark.parametrize(("account", "count"), [("系统运转正常。", 1), ("全年运行365天。", 0), ("<p>完成报告一份。</p>", 0), ("", 0)])
def test_an_account_without_facts(account, count):
    assert len(found("NARR_EMPTY", form(achieved=account))) == count


def test_results_of_the_2019_form_stand_for_the_account():
    assert len(found("NARR_EMPTY", form(extras={"results": cell("运行正常。")}))) == 1


@pytest.mark.parametrize(("account", "count"), [
    ("为贯彻上级要求，加强科技创新能力建设。", 1), ("为贯彻上级要求，建成平台。", 0), ("为贯彻上级要求，服务12家企业。", 0), ("运行正常。", 0), ("", 0),
])  # fmt: skip
def test_background_is_no_account(account, count):
    assert len(found("NARR_BACKGROUND", form(achieved=account))) == count


def test_doubled_words_are_noticed():
    assert found("TEXT_TYPO", form(achieved="提供更有有力的支撑。"))[0].values["words"] == "有有"
    assert found("TEXT_TYPO", form(extras={"problems": cell("可量化量化的指标不够")}))[0].values["words"] == "量化量化"
    assert not found("TEXT_TYPO", form(goal="大家常常天天讨论。"))
    assert not found("TEXT_TYPO", form(goal="安排研究研究。"))
