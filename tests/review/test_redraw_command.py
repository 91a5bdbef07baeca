"""``keheng redraw``: anyone with the file runs a published draw again."""

import json

import pytest
from review import pools

from keheng.cli import main
from keheng.review.rules.chance import commitment
from keheng.review.rules.draw import drawn, published, sheet

pytestmark = pytest.mark.one_database


def test_a_published_draw_is_confirmed_a_changed_one_is_not(tmp_path, capsys):
    one = sheet(pools.pool(8, 10), [commitment("organiser")])
    file = published(one, ["organiser"], drawn(one, ["organiser"]))
    path = tmp_path / "draw-0.json"
    path.write_text(json.dumps(file, ensure_ascii=False, indent=1), encoding="utf-8")
    assert main(["redraw", str(path)]) == 0
    assert capsys.readouterr().out.count("equal") == 3
    path.write_text(json.dumps({**file, "seats": file["seats"][1:]}), encoding="utf-8")
    assert main(["redraw", str(path)]) == 1
    assert capsys.readouterr().out.count("DIFFERENT") == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"sheet": {"format": "other"}, "halves": [], "seats": [], "digest": ""}'])
def test_another_file_is_told_in_a_sentence(tmp_path, capsys, content):
    path = tmp_path / "draw.json"
    path.write_text(content, encoding="utf-8")
    assert main(["redraw", str(path)]) == 2
    assert capsys.readouterr().err.startswith("读不出抽取文件")
    assert main(["redraw", str(tmp_path / "none.json")]) == 2
