"""The library: every indicator of the published forms can be expressed, bound to a measure that exists, and is in the guide."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from keheng.appraisal.pipeline import forms_of
from keheng.appraisal.quantity import parse_quantity
from keheng.kernel.definitions import definitions_folder
from keheng.performance.enums import EvidenceKind, TargetKind
from keheng.performance.queries.guide import guide
from keheng.performance.queries.readings import measure_of
from keheng.performance.rules.library import by_title, classes, code_of, layouts, library
from keheng.performance.rules.values import converted, target_from

PUBLISHED = Path(os.environ.get("KEHENG_PUBLISHED_FORMS", Path(__file__).resolve().parents[3] / "shared" / "forms"))
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "indicators.md"


def rows():
    files = sorted(PUBLISHED.glob("sh20*.txt"))
    if not files:
        pytest.skip(f"no published forms in {PUBLISHED}: set KEHENG_PUBLISHED_FORMS")
    return [row for file in files for form in forms_of(str(file)) for row in form.rows]


def same(text):
    found = parse_quantity(text)
    return found.op, found.base, found.base_high, found.dimension, found.kind


def test_every_row_of_the_published_forms_can_be_expressed():
    found = rows()
    assert len(found) == 336
    for row in found:
        target, actual = target_from(row.target.text), target_from(row.actual.text)
        assert target.kind in TargetKind.values
        assert same(target.printed()) == same(row.target.text)
        assert same(actual.printed()) == same(row.actual.text)
        assert row.weight.value is None or 0 < row.weight.value <= 100
        assert code_of("level1", row.level1.text) in classes()["level1"]


def test_every_name_of_the_published_forms_is_in_the_library():
    folded = {title.replace("（", "(").replace("）", ")") for title in by_title()}
    assert {row.name.text.replace("（", "(").replace("）", ")") for row in rows()} - folded == set()


def test_what_is_bound_exists_and_counts_in_a_unit_that_compares():
    for one in library().values():
        assert one.evidence in EvidenceKind.values
        assert one.level1 in classes()["level1"]
        assert not one.level2 or classes()["level2"][one.level2]["within"] == one.level1
        assert (one.evidence == EvidenceKind.MEASURE) == bool(one.measure)
        if one.measure:
            assert converted(Decimal(1), measure_of(one.measure).unit, one.unit) is not None, one.key


def test_the_guide_is_what_the_library_says():
    if os.environ.get("KEHENG_WRITE_GUIDE"):
        GUIDE.write_text(guide(), encoding="utf-8")
    assert GUIDE.read_text(encoding="utf-8") == guide()


def test_layouts_are_those_of_the_writers():
    assert list(layouts()) == sorted(path.stem for path in (definitions_folder("appraisal") / "layouts").glob("*.json"))


@pytest.mark.parametrize(("text", "kind", "printed"), [
    ("≥1000万次", "number", "≥1000万次"), ("80~90%", "range", "80~90%"), ("12月底前", "date", "12月底前"), ("是", "yesno", "是"), ("完善", "words", "完善"),
    (">=4万个", "number", "≥4万个"), ("≤2.50秒", "number", "≤2.5秒"), ("=0.00(%)", "number", "=0%"),
])  # fmt: skip
def test_kinds_of_targets(text, kind, printed):
    found = target_from(text)
    assert (found.kind, found.printed()) == (kind, printed)


@pytest.mark.parametrize(("value", "measured_in", "unit", "found"), [
    ("11143566", "次", "万次", "1114.3566"), ("0.766", "秒", "毫秒", "766"), ("566", "批次", "次", "566"), ("95", "%", "次", None), ("5", "小时", "秒", "18000"),
    ("99.9678", "%", "%", "99.97"),
])  # fmt: skip
def test_figures_in_the_units_of_targets(value, measured_in, unit, found):
    got = converted(Decimal(value), measured_in, unit)
    assert (got, got) == (None, None) if found is None else got == Decimal(found)


def test_satisfaction_is_asked_by_the_platform_but_for_services_that_it_does_not_have():
    """What nobody here serves (canteen, cars, the halls' own staff, payments, managers) needs a survey made elsewhere, with its report."""
    apart = {one.title for one in library().values() if one.level2 == "served" and not one.measure}
    assert apart == {
        "公务车辆使用者的满意度", "就餐者满意度", "展厅工作人员的满意度", "展厅工作人员满意度", "缴纳部门满意率", "项目管理者满意度",
    }  # fmt: skip
