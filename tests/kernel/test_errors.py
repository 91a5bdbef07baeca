"""Codes of problems: every one used is registered, every one registered is used, every wording is whole."""

import ast
import string
from pathlib import Path

import pytest

from keheng.kernel import errors
from keheng.kernel.errors import Problem, Refused, problem, registry

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "keheng"
TEXTS = {"zh", "en", "remedy_zh", "remedy_en"}
# Where a visitor can meet a code: all of them, or none.
VISITORS = {"ja", "ko", "remedy_ja", "remedy_ko"}


def calls():
    """Every call of ``problem`` in the kernel: file, first argument, names of the values given."""
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
                given = {keyword.arg for keyword in node.keywords} - {"field"}
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0], given


def placeholders(entry):
    return {name for text in TEXTS | VISITORS for _, name, _, _ in string.Formatter().parse(entry.get(text, "")) if name is not None}


def of_language(entry, language):
    """The values that a language's wording tells, those that are words of a language itself under one name."""
    said = entry[language] + entry[f"remedy_{language}"]
    return {"words" if name == language else name for _, name, _, _ in string.Formatter().parse(said) if name is not None}


def test_every_code_in_use_is_registered_with_the_values_it_is_given():
    for place, argument, given in calls():
        assert isinstance(argument, ast.Constant), f"{place}: write the code out"
        assert argument.value in registry(), f"{place}: {argument.value}"
        assert placeholders(registry()[argument.value]) == given, f"{place}: {argument.value}"


def test_every_registered_code_is_used_or_marked():
    used = {argument.value for _, argument, _ in calls()}
    assert {code for code, entry in registry().items() if not entry.get("marked")} == used


def test_every_wording_is_whole():
    for code, entry in registry().items():
        assert entry.keys() >= TEXTS, code
        assert entry.keys() & VISITORS in (set(), VISITORS), code
        assert entry.keys() - TEXTS - VISITORS <= {"overridable", "marked"}, code
        assert all(entry[text].strip() for text in (TEXTS | VISITORS) & entry.keys()), code
        if "ja" in entry:
            assert of_language(entry, "ja") == of_language(entry, "ko") >= of_language(entry, "en"), code


def test_a_problem_is_built_from_its_code():
    built = problem("credit_code.length", "code", length=3)
    assert built == Problem(
        "credit_code.length",
        "code",
        "统一社会信用代码应为18位，现为3位",
        "a unified social credit code has 18 characters, this has 3",
        "请对照营业执照或登记证书核对位数",
        "compare it with the licence or certificate",
        ja="統一社会信用コードは 18 桁ですが、3 桁です",
        ko="통일사회신용코드는 18자리인데 3자리입니다",
        remedy_ja="営業許可証または登記証書と桁数を照らし合わせてください",
        remedy_ko="사업자 등록증이나 등록 증서와 자릿수를 대조해 주십시오",
    )
    assert not built.overridable
    assert problem("credit_code.department", department="B").overridable


def test_mistakes_of_the_program_show_at_once():
    with pytest.raises(KeyError):
        problem("no.such.code")
    with pytest.raises(KeyError):
        problem("credit_code.length")


def test_values_are_never_taken_for_placeholders():
    assert "{length}" in problem("credit_code.characters", characters="{length}").zh


def test_a_refusal_carries_everything_at_once():
    one, two = problem("credit_code.length", length=3), problem("credit_code.area", area="A")
    assert Refused([one, two]).problems == (one, two)
    assert Refused(one).problems == (one,)
    assert "18位" in str(Refused(one))
    with pytest.raises(ValueError, match="needs a problem"):
        Refused([])


def test_a_code_is_registered_once(tmp_path, monkeypatch):
    monkeypatch.setattr(errors, "definitions_folder", tmp_path.joinpath)
    for folder in ("kernel", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "errors.json").write_text('{"a": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match="other"):
        registry.__wrapped__()
