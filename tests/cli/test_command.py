"""The command as people call it: output, exit codes, messages."""

import io
import json
import sys
from pathlib import Path

import pytest

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.cli import main

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
SERVICES = str(SAMPLES / "yunling_2023_services.txt")


def run(capsys, *arguments: str):
    code = main([str(a) for a in arguments])
    return code, *capsys.readouterr()


def records(text: str):
    return [json.loads(line) for line in text.splitlines()]


def test_jsonl_is_one_finding_a_line(capsys):
    code, out, _ = run(capsys, "audit", SERVICES, "--format", "jsonl")
    found = records(out)
    assert code == 0
    assert ("yunling_2023_services.txt", 2, "WT_TOTAL") in {(r["file"], r["form_index"], r["code"]) for r in found}
    assert {r["form_index"] for r in found if r["code"] == "SAT_REUSED"} == {2, 3, 4}


def test_two_processes_find_the_same(capsys, tmp_path):
    assert run(capsys, "audit", SAMPLES, "--format", "jsonl", "--output", tmp_path / "one")[0] == 0
    assert run(capsys, "audit", SAMPLES, "--format", "jsonl", "--output", tmp_path / "two", "--jobs", "2")[0] == 0
    assert (tmp_path / "one").read_text("utf-8") == (tmp_path / "two").read_text("utf-8")


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("critical", 1), ("info", 1)])
def test_exit_codes_follow_the_worst_finding(capsys, fail_on, code):
    assert run(capsys, "audit", SERVICES, "--fail-on", fail_on)[0] == code


def test_a_clean_form_does_not_fail(capsys, tmp_path):
    clean = tmp_path / "clean.txt"
    clean.write_text(Path(SERVICES).read_text("utf-8").split("科普展厅运行")[0].rsplit("财政项目支出绩效自评表", 1)[0], encoding="utf-8")
    assert run(capsys, "audit", clean, "--fail-on", "high")[0] == 0


def test_an_unreadable_file_is_named_and_the_others_go_on(capsys, tmp_path):
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "好.txt").write_text(Path(SERVICES).read_text("utf-8"), encoding="utf-8")
    code, out, err = run(capsys, "audit", tmp_path, "--format", "jsonl")
    assert code == 2
    assert err == "坏.pdf: PDF 已损坏，请重新下载或导出\n"
    assert {r["file"] for r in records(out)} == {"好.txt"}
    assert "damaged" in run(capsys, "audit", tmp_path, "--format", "jsonl", "--lang", "en")[2]


def test_filters_by_severity_and_code(capsys):
    _, out, _ = run(capsys, "audit", SERVICES, "--format", "jsonl", "--severity", "high", "--codes", "wt_total,TGT_LOW")
    assert [r["code"] for r in records(out)] == ["WT_TOTAL"]


@pytest.mark.parametrize("arguments", [["--severity", "worst"], ["--codes", "NONSENSE"], ["--policy", "nowhere-1999"]])
def test_unknown_choices_are_refused_with_what_there_is(capsys, arguments):
    code, _, err = run(capsys, "audit", SERVICES, *arguments)
    assert code == 2
    assert "可用" in err


def test_an_empty_folder_says_so(capsys, tmp_path):
    code, _, err = run(capsys, "audit", tmp_path)
    assert (code, "没有可以读取的文件" in err) == (2, True)


@pytest.mark.parametrize(("file_format", "begins"), [("html", b"<!doctype html>"), ("xlsx", b"PK"), ("md", b"# "), ("json", b"[")])
def test_every_report_can_be_written(capsys, tmp_path, file_format, begins):
    target = tmp_path / "report"
    assert run(capsys, "audit", SERVICES, "--format", file_format, "--output", target, "--policy", "mof-2020")[0] == 0
    assert target.read_bytes().startswith(begins)


def test_the_table_names_forms_codes_and_counts(capsys):
    out = run(capsys, "audit", SERVICES)[1]
    assert "科普展厅运行" in out
    assert "SC_TOTAL" in out
    assert "自评表 5 · 发现" in out


def test_standard_input_is_a_file(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(SERVICES).read_bytes())))
    found = records(run(capsys, "audit", "-", "--format", "jsonl")[1])
    assert {r["file"] for r in found} == {"stdin"}


def test_show_prints_the_form_as_understood(capsys):
    out = run(capsys, "show", SERVICES)[1]
    assert "入网仪器数" in out
    forms = json.loads(run(capsys, "show", SERVICES, "--format", "json")[1])
    assert [len(f["rows"]) for f in forms] == [7, 6, 5, 5, 5]
    assert forms[0]["rows"][0] | {"cells": None} == forms[0]["rows"][0] | {
        "cells": None,
        "ordinal": 1,
        "target": "≥12000.00(台套)",
        "weight": 10,
        "line": 16,
    }


def test_score_under_one_policy_and_against_another(capsys):
    out = run(capsys, "score", SERVICES, "--policy", "sh-2023", "--against", "manual-2022")[1]
    assert "总分上限: — → 59" in out
    assert run(capsys, "score", SERVICES)[0] == 0


@pytest.mark.parametrize("command", ["show", "score"])
def test_what_cannot_be_read_says_why(capsys, command, tmp_path):
    empty = tmp_path / "空.txt"
    empty.write_text("", encoding="utf-8")
    code, _, err = run(capsys, command, empty)
    assert (code, err) == (2, "空.txt: 文件是空的 / the file is empty\n")


def test_render_writes_the_official_layout(capsys, tmp_path):
    source = tmp_path / "forms.json"
    source.write_text(run(capsys, "show", SERVICES, "--format", "json")[1], encoding="utf-8")
    code, _, err = run(capsys, "render", source, "--template", "sh-2023", "--format", "pdf")
    assert (code, err) == (0, f"已写入 / written: {tmp_path / 'forms.pdf'}\n")
    assert len(read_forms(load((tmp_path / "forms.pdf").read_bytes(), "x"))) == 5


@pytest.mark.parametrize("text", ["{", '{"rows": 1}'])
def test_render_refuses_what_is_no_form(capsys, tmp_path, text):
    source = tmp_path / "form.json"
    source.write_text(text, encoding="utf-8")
    assert run(capsys, "render", source, "--template", "mof", "--format", "html")[0] == 2


def test_codes_are_explained(capsys):
    assert len(run(capsys, "codes")[1].splitlines()) == 72
    assert "over_achievement_ratio = 1.3" in run(capsys, "codes", "tgt_low")[1]
    assert "Threshold" in run(capsys, "codes", "TGT_LOW", "--lang", "en")[1]
    assert run(capsys, "codes", "NONSENSE")[0] == 2


def test_the_demo_writes_a_report_and_serves_the_city(capsys, tmp_path, monkeypatch):
    served = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("keheng.cli.serve_demo", lambda *asked: served.append(asked) or 0)
    code, out, _ = run(capsys, "demo", "--scale", "small")
    assert (code, served) == (0, [("small", 8000)])
    assert (tmp_path / "out" / "keheng-demo.html").stat().st_size > 10_000
    assert "keheng-demo.html" in out
