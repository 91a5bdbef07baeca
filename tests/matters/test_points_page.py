"""The points calculator: what is typed is judged and told back, whatever it is; nothing is kept."""

import pytest
from django.test import Client
from django.utils.html import escape

PAGE = "/matters/points/yl.work-permit-classes/"
FULL = {
    "pay": "36", "education": "master", "years": "8", "months": "12", "chinese": "hsk3", "region": "other", "age": "38",
    "background": ["patent", "stay"], "bonus": "0", "wage": "150000", "programme": "no", "recognised": "no", "encouraged": "no", "founder": "no",
    "postdoc": "no",
}  # fmt: skip

pytestmark = pytest.mark.one_database


def asked(prefix="", **more):
    answer = Client().get(prefix + PAGE, FULL | more)
    return answer.status_code, answer.content.decode()


def test_the_class_its_points_and_the_nearest_way_to_a_better_one(db):
    status, page = asked()
    assert (status, "<dd>B</dd>" in page, "<dd>81<small> / 120</small></dd>" in page) == (200, True, True)
    assert "学历或职业技能 博士、国际通用最高等级或高级技师" in page
    assert "<dd>A</dd>" in asked(founder="yes")[1]


def test_an_empty_page_shows_the_whole_range_and_every_language_asks_in_its_words(db):
    page = Client().get(PAGE).content.decode()
    assert ("0–120" in page, "怎样达到A类" in page) == (True, False)
    assert [words in asked(prefix)[1] for prefix, words in (("/en", "Annual pay"), ("/ja", "年収"), ("/ko", "연봉"))] == [True] * 3


def test_the_day_of_the_application_chooses_the_edition_and_holes_are_told(db):
    assert ["按0分计" in asked(age="45", day=day)[1] for day in ("2017-03-31", "2017-04-01", "no day")] == [True, False, False]


@pytest.mark.parametrize(("wrong", "said"), [
    ({"pay": "lots", "education": "professor"}, ["“年薪”应为", "“学历或职业技能”没有这个选项"]), ({"bonus": "11"}, ["0 到 10 之间"]),
    ({"months": "13"}, ["0 到 12 之间"]), ({"wage": "NaN"}, ["应为 0 到"]), ({"founder": "perhaps"}, ["没有这个选项"]),
    ({"age": '"><b>'}, ["应为 0 到"]),
])  # fmt: skip
def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(db, wrong, said):
    status, page = asked(**wrong)
    assert (status, [one in page for one in said]) == (422, [True] * len(said))
    numbers = {name: text for name, text in wrong.items() if name in {"pay", "bonus", "months", "wage", "age"}}
    assert [f'value="{escape(text)}"' in page for text in numbers.values()] == [True] * len(numbers)


def test_whoever_is_too_young_is_told_so_and_what_is_no_system_is_not_found(db):
    assert "未满18周岁" in asked(age="17")[1]
    assert Client().get("/matters/points/none/").status_code == 404
