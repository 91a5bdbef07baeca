"""The ``keheng`` command: audit, score, show, render and explain self-evaluation forms; run an installation."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from keheng import __version__
from keheng.appraisal.auditing.codes import all_codes
from keheng.appraisal.auditing.finding import Finding, Severity
from keheng.appraisal.form_json import FormJsonError, form_from_json, form_to_json
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.pipeline import Outcome, Settings, between, files_in, forms_of, process_all
from keheng.appraisal.policy import PolicyError, choose_policy, load_policy, policy_ids
from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reporting.markdown import write_markdown
from keheng.appraisal.reporting.page import Unreadable, write_page
from keheng.appraisal.reporting.records import line_writer, record
from keheng.appraisal.reporting.terminal import print_code, print_codes, print_findings, print_form, print_scorecard
from keheng.appraisal.reporting.workbook import write_workbook
from keheng.appraisal.scoring.engine import compare, score
from keheng.appraisal.writing.write import FORMATS, layout_ids, write_form
from keheng.site.commands import add_commands, serve_demo

OK, FOUND, UNREADABLE = 0, 1, 2
_NEVER = "never"
_FILE_WIDTH = 220


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 without findings at or above ``--fail-on``, 1 with, 2 for input that cannot be read."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (PolicyError, FormJsonError) as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has gone, as with ``| head``: nothing is left to say.
        sys.stderr.close()
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keheng", description="科衡：读取、评分、审核财政项目支出绩效自评表 (reads, scores and audits self-evaluation forms)"
    )
    parser.add_argument("--version", action="version", version=f"keheng {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    severities = [severity.value for severity in Severity]

    audit = commands.add_parser("audit", help="审核自评表并给出发现 / find what does not hold")
    audit.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹，或 - 表示标准输入")
    audit.add_argument("--format", choices=["table", "json", "jsonl", "html", "xlsx", "md"], default="table")
    audit.add_argument("--output", metavar="FILE")
    audit.add_argument("--policy", default="auto", metavar="ID", help=f"auto 或 {'、'.join(policy_ids())}")
    audit.add_argument("--severity", metavar="LIST", default="", help=f"只要这些级别，逗号分隔：{','.join(severities)}")
    audit.add_argument("--codes", metavar="LIST", default="", help="只要这些代码，逗号分隔")
    audit.add_argument("--jobs", type=int, default=1, metavar="N")
    audit.add_argument("--fail-on", choices=[*severities, _NEVER], default=_NEVER)
    audit.set_defaults(run=_audit)

    scored = commands.add_parser("score", help="按政策重新评分 / score under a policy")
    scored.add_argument("path", metavar="PATH")
    scored.add_argument("--policy", default="auto", metavar="ID")
    scored.add_argument("--against", metavar="ID")
    scored.set_defaults(run=_score)

    show = commands.add_parser("show", help="显示读出的表 / the form as it was understood")
    show.add_argument("path", metavar="PATH")
    show.add_argument("--format", choices=["table", "json"], default="table")
    show.set_defaults(run=_show)

    render = commands.add_parser("render", help="按官方版式输出 / the official layout, filled")
    render.add_argument("path", metavar="FORM.json")
    render.add_argument("--template", required=True, choices=layout_ids())
    render.add_argument("--format", required=True, choices=FORMATS)
    render.add_argument("--output", metavar="FILE")
    render.set_defaults(run=_render)

    codes = commands.add_parser("codes", help="审核代码的规则、阈值、依据和示例 / the rules")
    codes.add_argument("code", nargs="?", metavar="CODE")
    codes.set_defaults(run=_codes)

    demo = commands.add_parser("demo", help="审核样表，装入并启动演示城市 / audit the samples, bring the demo city up")
    demo.add_argument("--scale", choices=["small", "full"], default="full")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_demo)
    add_commands(commands)
    for command in (audit, scored, show, codes, demo):
        command.add_argument("--lang", choices=["zh", "en"], default="zh")
    return parser


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return UNREADABLE


def _chosen(listed: str, known: Sequence[str], what: str) -> frozenset[str]:
    wanted = frozenset(part.strip() for part in listed.split(",") if part.strip())
    unknown = sorted(wanted - set(known))
    if unknown:
        raise PolicyError(f"未知{what}：{'、'.join(unknown)}；可用：{'、'.join(known)}")
    return wanted


def _audit(options: argparse.Namespace) -> int:
    streaming = options.format == "jsonl"
    settings = Settings(
        policy=options.policy,
        codes=_chosen(options.codes.upper(), list(all_codes()), "代码"),
        severities=_chosen(options.severity.lower(), [s.value for s in Severity], "级别"),
        render=line_writer(options.lang) if streaming else None,
    )
    settings.chosen()
    paths = files_in(options.paths)
    if not paths:
        return _fail(f"没有可以读取的文件：{'、'.join(options.paths)} / no readable files")
    out = Path(options.output).open("w", encoding="utf-8") if streaming and options.output else sys.stdout  # noqa: SIM115 -- closed below, stdout is not
    outcomes: list[Outcome] = []
    with _progress() as progress:
        task = progress.add_task("", total=len(paths))
        for outcome in process_all(paths, settings, options.jobs):
            if outcome.error is not None:
                sys.stderr.write(f"{outcome.file}: {outcome.error.zh if options.lang == 'zh' else outcome.error.en}\n")
            out.writelines(f"{line}\n" for line in outcome.lines)
            # What was written need not be kept.
            outcomes.append(
                Outcome(outcome.file, outcome.count, outcome.forms, outcome.findings, outcome.facts, (), outcome.worst, outcome.error)
            )
            progress.advance(task)
    across = between([facts for outcome in outcomes for facts in outcome.facts], settings)
    if streaming and settings.render is not None:
        out.writelines(f"{settings.render(finding)}\n" for finding in across)
        if options.output:
            out.close()
    else:
        _write(options, outcomes, across)
    return _exit_code(options.fail_on, outcomes, across)


def _exit_code(fail_on: str, outcomes: Sequence[Outcome], across: Sequence[Finding]) -> int:
    if any(outcome.error is not None for outcome in outcomes):
        return UNREADABLE
    if fail_on == _NEVER:
        return OK
    worst = min([outcome.worst for outcome in outcomes] + [finding.severity.rank for finding in across])
    return FOUND if worst <= Severity(fail_on).rank else OK


def _write(options: argparse.Namespace, outcomes: Sequence[Outcome], across: Sequence[Finding]) -> None:
    forms = [form for outcome in outcomes for form in outcome.forms]
    findings = [finding for outcome in outcomes for finding in outcome.findings] + list(across)
    policy = None if options.policy == "auto" else load_policy(options.policy)
    if options.format == "table" and not options.output:
        print_findings(_console(), forms, findings, options.lang)
        return
    if options.format == "xlsx":
        data = write_workbook(forms, findings, lang=options.lang, policy=policy)
    elif options.format == "html":
        broken = [Unreadable(o.error.file, o.error.zh, o.error.en) for o in outcomes if o.error is not None]
        data = write_page(forms, findings, broken, lang=options.lang, policy=policy).encode()
    elif options.format == "json":
        data = (json.dumps([record(finding, options.lang) for finding in findings], ensure_ascii=False, indent=1) + "\n").encode()
    else:
        data = write_markdown(forms, findings, options.lang).encode()
    _put(data, options.output)


def _put(data: bytes, output: str | None) -> None:
    if output:
        Path(output).write_bytes(data)
        sys.stderr.write(f"已写入 / written: {output}\n")
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _console() -> Console:
    """A terminal's own width; files and pipes get room for whole rows."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, soft_wrap=True, width=_FILE_WIDTH)


def _progress() -> Progress:
    """A bar on a terminal; nothing where nobody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("审核"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _read(path: str) -> list[EvaluationForm] | str:
    try:
        return forms_of(path)
    except UnreadableError as error:
        return f"{error.file}: {error.zh} / {error.en}"


def _score(options: argparse.Namespace) -> int:
    forms = _read(options.path)
    if isinstance(forms, str):
        return _fail(forms)
    console = _console()
    for form in forms:
        policy = choose_policy(form) if options.policy == "auto" else load_policy(options.policy)
        print_scorecard(console, form, score(form, policy), options.lang)
        if options.against:
            other = load_policy(options.against)
            console.print(f"{policy.id} → {other.id}")
            for what, one, two in compare(form, policy, other):
                console.print(f"  {what}: {one} → {two}", markup=False)
    return OK


def _show(options: argparse.Namespace) -> int:
    forms = _read(options.path)
    if isinstance(forms, str):
        return _fail(forms)
    if options.format == "json":
        sys.stdout.write(json.dumps([form_to_json(form) for form in forms], ensure_ascii=False, indent=1) + "\n")
        return OK
    for form in forms:
        print_form(_console(), form, options.lang)
    return OK


def _render(options: argparse.Namespace) -> int:
    try:
        data = json.loads(Path(options.path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        return _fail(f"{options.path}: 不是可读的 JSON / not readable as JSON ({error})")
    forms = [form_from_json(entry) for entry in (data if isinstance(data, list) else [data])]
    output = options.output or str(Path(options.path).with_suffix(f".{options.format}"))
    _put(write_form(forms, options.template, options.format), output)
    return OK


def _codes(options: argparse.Namespace) -> int:
    if options.code is None:
        print_codes(_console(), options.lang)
        return OK
    code = options.code.upper()
    if code not in all_codes():
        return _fail(f"没有代码 {code} / no such code")
    print_code(_console(), code, options.lang)
    return OK


def _demo(options: argparse.Namespace) -> int:
    """Audit the samples that ship with the project, then serve the demo city until stopped."""
    package = Path(__file__).resolve().parent
    samples = next(folder for folder in (package / "samples", package.parents[1] / "samples") if folder.is_dir())
    report = Path.cwd() / "out" / "keheng-demo.html"
    report.parent.mkdir(exist_ok=True)
    code = main(["audit", str(samples), "--format", "html", "--output", str(report), "--lang", options.lang])
    sys.stdout.write(f"报告 / report: {report}\n")
    return code or serve_demo(options.scale, options.port)


if __name__ == "__main__":
    sys.exit(main())
