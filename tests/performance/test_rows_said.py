"""Rows behind a figure are read by people: codes of cases are said in words, other values stay as they are."""

from keheng.performance.actions.reading import printed


def test_codes_are_said_in_words():
    names = ["matter", "result", "stars", "state"]
    assert printed({"matter": "yl.it-consult", "result": "granted", "stars": 5, "state": "done"}, names) == [
        "信息化项目咨询评估",
        "准予",
        "5",
        "done",
    ]
    assert printed({"matter": "gone.matter", "result": "", "stars": None}, names) == ["gone.matter", "", "", ""]
