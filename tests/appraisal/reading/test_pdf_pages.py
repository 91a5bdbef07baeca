"""Tables that a page break cuts in the middle of a row."""

from importlib.resources import files

import pytest
import typst

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
REASON = "受场地改造影响，开课时间推迟到七月，报名人数少于预期，场次因此减少；已与三处场馆签订协议，下年度按季度排课。"
ROWS = [
    ["产出指标", "数量指标", "课程", "≥10(场)", "8(场)", "60", "48", REASON],
    ["满意度指标", "满意度指标", "听众满意度", "≥90(%)", "95(%)", "40", "40", ""],
]


def pdf(tmp_path, height: int) -> bytes:
    cells = ",".join(f"[{text.replace('≥', chr(0x2265))}]" for row in [HEAD, *ROWS] for text in row)
    source = f"""#set page(width: 190mm, height: {height}mm, margin: 10mm)
#set text(font: "Noto Sans CJK SC", size: 9pt)
#align(center)[项目支出绩效自评表（2023年度）]
#table(columns: (1fr,) * 8, stroke: 0.5pt, {cells})
"""
    path = tmp_path / "cut.typ"
    path.write_text(source, encoding="utf-8")
    fonts = files("keheng.appraisal.writing") / "fonts"
    return typst.compile(str(path), font_paths=[str(fonts)], ignore_system_fonts=True)


@pytest.mark.parametrize("height", [200, 60, 70, 80])
def test_a_row_cut_by_a_page_break_is_one_row(tmp_path, height):
    (form,) = read_forms(load(pdf(tmp_path, height), "cut.pdf"))
    assert [(r.name.text, r.target.text, r.actual.text, r.weight.value, r.score.value, r.reason.text) for r in form.rows] == [
        ("课程", "≥10(场)", "8(场)", 60, 48, REASON),
        ("听众满意度", "≥90(%)", "95(%)", 40, 40, ""),
    ]
    assert form.rows[0].name.page == 1
