"""Masks show what helps to recognise, never the middle, never a short value whole."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.personal.masks import MASKS, mask

DIGITS = st.text("0123456789", min_size=1, max_size=25)


@pytest.mark.parametrize(("kind", "value", "shown"), [
    ("phone", "13812345678", "138****5678"), ("phone", "+86 138-1234-5678", "138****5678"), ("phone", "8613812345678", "138****5678"),
    ("phone", "(010)12345678", "010****5678"), ("phone", "12345678", "****78"), ("phone", "12345", "****"), ("phone", "一三八", "****"),
    ("phone", "", ""), ("phone", "  ", ""),
    ("id_number", "110101199003071234", "110***********1234"), ("id_number", "11010119900307123X", "110***********123X"),
    ("id_number", "110101900307123", "110********7123"), ("id_number", "E12345678", "E****78"), ("id_number", "E1234", "****"),
    ("id_number", "1101 0119", "****"),
    ("name", "张三", "张*"), ("name", "张三丰", "张*"), ("name", "欧阳锋", "欧阳*"), ("name", "欧阳", "欧*"), ("name", "诸", "*"), ("name", "John Smith", "J*"),
    ("email", "wang@example.cn", "w****@example.cn"), ("email", "w@example.cn", "****@example.cn"), ("email", "wang", "****"), ("email", "@x", "****"),
    ("address", "广东省广州市天河区珠江新城华夏路1号", "广东省广州市天河区****"), ("address", "北京市海淀区中关村大街1号", "北京市海淀区****"),
    ("address", "江苏省张家港市杨舍镇某小区12栋", "江苏省张家港市****"), ("address", "内蒙古自治区呼和浩特市新城区中山路", "内蒙古自治区呼和浩特市新城区****"),
    ("address", "幸福里社区3号", "****"), ("address", "广州市天河区", "****"),
    ("bank_card", "6222 0212 3456 7890", "****7890"), ("bank_card", "12345", "****"), ("bank_card", "62220212345678901234", "****"),
    ("birth", "1990-03-07", "1990-**-**"), ("birth", "90.3.7", "****"), ("text", "别的", "****"),
])  # fmt: skip
def test_masks(kind, value, shown):
    assert mask(kind, value) == shown


def test_an_unknown_kind_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        mask("shoe size", "43")


@given(st.sampled_from(sorted(MASKS)), st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and "*" not in text))
def test_no_value_is_shown_whole(kind, value):
    assert value.strip() not in {mask(kind, value), mask(kind, value).replace("*", "")}
    assert "*" in mask(kind, value)


@given(st.sampled_from(["phone", "id_number", "bank_card"]), DIGITS)
def test_of_a_number_at_most_seven_digits_are_shown_and_four_are_hidden(kind, value):
    shown = re.findall(r"[0-9]", mask(kind, value))
    assert len(shown) <= min(7, max(len(value) - 4, 0))
    # Where equal digits follow each other the middle looks like an end: what stands in the middle is looked at by its place.
    assert not re.search(r"[0-9]", mask(kind, value)[3:-4])


@given(st.sampled_from(["张", "欧阳", "买"]), st.text("一二三四五六七八九", min_size=1, max_size=4))
def test_a_given_name_is_hidden(family, given_name):
    assert mask("name", family + given_name) == f"{family}*"
