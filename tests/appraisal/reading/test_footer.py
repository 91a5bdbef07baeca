"""The foot of a table: totals and grade, also below a short note."""

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms

TABLE = """项目支出绩效自评表（2022年度）
项目名称\t社区苗圃
实施单位\t云溪市园林所
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因
产出指标\t数量指标\t育苗数量\t≥800株\t812株\t60\t60\t
效益指标\t生态效益指标\t新增绿地\t≥2公顷\t2.6公顷\t40\t38\t
"""


def foot(text: str) -> tuple[str, str, str]:
    [form] = read_forms(load((TABLE + text).encode(), "made_up.txt"))
    return form.weight_total.text, form.score_total.text, form.grade.text


def test_the_total_directly_below_the_table() -> None:
    assert foot("总分\t\t\t\t\t100\t98\t优\n") == ("100", "98", "优")


def test_the_total_below_a_note() -> None:
    assert foot("其他需要说明事项\t无\n总分\t\t\t\t\t100\t98\t优\n") == ("100", "98", "优")


def test_without_a_total_there_is_none() -> None:
    assert foot("其他需要说明事项\t无\n") == ("", "", "")


def test_a_total_in_the_head() -> None:
    def total(head: str) -> tuple[str, object]:
        text = TABLE.replace("一级指标", head + "一级指标", 1)
        [form] = read_forms(load(text.encode(), "made_up.txt"))
        return form.score_total.text, form.score_total.value

    assert total("自评得分\t98分\t自评等级\t优\n") == ("98分", 98)
    assert total("自评得分\t优秀\t自评等级\t优\n") == ("", None)
    assert total("") == ("", None)
