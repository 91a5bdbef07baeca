"""Tables that a page break cuts in the middle of a row."""

import random
from importlib.resources import files
from io import BytesIO

import pypdfium2
import pytest
import typst

from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
REASON = "受场地改造影响，开课时间推迟到七月，报名人数少于预期，场次因此减少；已与三处场馆签订协议，下年度按季度排课。"
NAME = "面向中小学生和社区居民的科学普及公开课程开设场次"
TARGET = "不少于十场且覆盖全市各个区县(场)"
ROWS = [
    ["产出指标", "数量指标", NAME, TARGET, "8(场)", "60", "48", REASON],
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


@pytest.mark.parametrize("height", [200, *range(40, 100, 4)])
def test_a_row_cut_by_a_page_break_is_one_row(tmp_path, height):
    (form,) = read_forms(load(pdf(tmp_path, height), "cut.pdf"))
    assert [(r.name.text, r.target.text, r.actual.text, r.weight.value, r.score.value, r.reason.text) for r in form.rows] == [
        (NAME, TARGET, "8(场)", 60, 48, REASON),
        ("听众满意度", "≥90(%)", "95(%)", 40, 40, ""),
    ]
    assert (form.rows[0].name.page == 1) == (height > 50)


def turned(data: bytes, angle: int) -> bytes:
    """The same page as scanners and printers leave it: content laid on its side, the page turned back."""
    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    width, height = source[0].get_size()
    size = (height, width) if angle in {90, 270} else (width, height)
    shift = {90: (height, 0), 180: (width, height), 270: (0, width)}[angle]
    page = target.new_page(*size)
    drawn = source.page_as_xobject(0, target).as_pageobject()
    drawn.set_matrix(pypdfium2.PdfMatrix().rotate(angle, ccw=True).translate(*shift))
    page.insert_obj(drawn)
    page.gen_content()
    page.set_rotation(angle)
    out = BytesIO()
    target.save(out)
    return out.getvalue()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(tmp_path, angle):
    (form,) = read_forms(load(turned(pdf(tmp_path, 200), angle), "turned.pdf"))
    assert [(r.name.text, r.score.value, r.reason.text) for r in form.rows] == [(NAME, 48, REASON), ("听众满意度", 40, "")]


def test_a_broken_pdf_says_so_or_reads(tmp_path):
    data, chance = pdf(tmp_path, 200), random.Random(7)  # noqa: S311 -- the same damage every time
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            read_forms(load(bytes(broken[: chance.randrange(20, len(broken))]), "broken.pdf"))
        except UnreadableError as error:
            assert error.zh  # noqa: PT017 -- either outcome is right, an unexplained one is not
