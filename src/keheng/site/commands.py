"""The commands that run an installation: serve, migrate, doctor, jobs, measures, backup, restore, verify."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keheng.site.installation import ROOT, SetupError, files_folder, heads_folder
from keheng.site.matter_commands import add_matter_commands

OK, WRONG, UNUSABLE = 0, 1, 2


def add_commands(commands: Any) -> None:
    """Add the commands to the parser of ``keheng``; Django loads only when one of them runs."""
    serve = commands.add_parser("serve", help="启动站点和后台进程 / serve the site with its worker")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2, metavar="N")
    serve.set_defaults(run=_ready(_serve))
    commands.add_parser("migrate", help="升级数据库结构 / upgrade the database").set_defaults(run=_ready(_migrate))
    commands.add_parser("doctor", help="检查安装并说明怎么办 / what ails this installation").set_defaults(run=_ready(_doctor))
    for name, run, text in (
        ("backup", _backup, "在线备份 / back up while people work"),
        ("restore", _restore, "恢复备份并校验 / restore and verify"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", metavar="FILE", type=Path)
        command.set_defaults(run=_ready(run))
    jobs = commands.add_parser("jobs", help="失败和重试中的后台任务 / jobs that failed or will be tried again")
    jobs.add_argument("--retry", metavar="ID", type=int, help="重新执行失败的任务 / try a failed job again")
    jobs.set_defaults(run=_ready(_jobs))
    measures = commands.add_parser("measures", help="指标读数及其依据 / figures and the records behind them")
    measures.add_argument("code", nargs="?", metavar="CODE", help="列出这一指标的依据行 / the rows behind this one")
    measures.add_argument("--year", type=int, default=datetime.now(UTC).year)
    measures.set_defaults(run=_ready(_measures))
    proven = commands.add_parser("prove", help="从记录重新计算已签发的自评表 / compute signed forms again from the records")
    proven.add_argument("form", nargs="?", default="", metavar="FORM", help="表的编号、项目编码或 年度/编码 / number, code or year/code")
    proven.set_defaults(run=_ready(_prove))
    appoint = commands.add_parser("appoint", help="新安装任命三员 / fill the three posts of a new installation")
    for post, text in (("system", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员")):
        appoint.add_argument(f"--{post}", required=True, metavar="LOGIN,EMAIL,NAME", help=text)
    appoint.set_defaults(run=_ready(_appoint))
    redraw = commands.add_parser("redraw", help="复算公开的专家抽取 / run a published draw of judges again")
    redraw.add_argument("file", metavar="FILE", type=Path)
    redraw.set_defaults(run=_redraw)
    verify = commands.add_parser("verify", help="校验审计链和文件 / check the audit trail and the files")
    verify.add_argument(
        "--export", metavar="FILE", type=Path, help="另存审计记录和独立校验脚本 / also write the trail and a verifier that needs no Keheng"
    )
    verify.set_defaults(run=_ready(_verify))
    add_matter_commands(commands, _ready)


def _ready(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Set Django up first, and turn what the environment or the disk refuses into one sentence."""

    def ready(options: argparse.Namespace) -> int:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keheng.site.settings")
        import django  # noqa: PLC0415 -- the other commands must not pay for it
        from django.db import DatabaseError  # noqa: PLC0415 -- the other commands must not pay for it

        try:
            django.setup()
            return run(options)
        except SetupError as error:
            return _say(str(error))
        except DatabaseError as error:
            return _say(f"数据库出错：{error}；请执行 keheng doctor / the database failed: run keheng doctor")
        except OSError as error:
            return _say(f"读写失败：{error}；请执行 keheng doctor / reading or writing failed: run keheng doctor")

    return ready


def _redraw(options: argparse.Namespace) -> int:
    """Whether a published draw holds; needs neither Django nor a database."""
    from keheng.review.rules.draw import redraw  # noqa: PLC0415 -- the other commands must not pay for its solver

    try:
        proof = redraw(json.loads(options.file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _say(f"读不出抽取文件：{error} / this is no file of a draw")
    for holds, zh, en in (
        (proof.digest_holds, "名单和规则的摘要", "digest of pool and rules"),
        (proof.keys_hold, "密钥的承诺", "commitments to the key"),
        (proof.seats_hold, "抽取结果", "seats"),
    ):
        sys.stdout.write(f"{'相符' if holds else '不符'}  {zh} / {en}: {'equal' if holds else 'DIFFERENT'}\n")
    return OK if proof.holds else WRONG


def _say(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return UNUSABLE


def _serve(options: argparse.Namespace) -> int:
    from django.db import connection  # noqa: PLC0415 -- after set-up

    from keheng.matters.service import flaws_of_files  # noqa: PLC0415 -- after set-up
    from keheng.site.supervisor import serve  # noqa: PLC0415 -- after set-up

    if flaws := flaws_of_files():
        sys.stdout.writelines(f"✗ {flaw}\n" for flaw in flaws)
        return WRONG
    _migrate(options)
    connection.close()
    sys.stdout.write(f"科衡 http://{options.host}:{options.port}/  （Ctrl-C 停止 / stops）\n")
    sys.stdout.flush()
    return serve(options.host, options.port, options.workers)


def serve_demo(scale: str, port: int) -> int:
    """Bring the demo city up in a data folder of its own, and serve it."""
    os.environ.setdefault("KEHENG_DATA", str(ROOT / "var" / "demo"))

    def run(options: argparse.Namespace) -> int:
        from django.db import connection  # noqa: PLC0415 -- after set-up

        from keheng.site.demo_city import load, print_accounts  # noqa: PLC0415 -- after set-up
        from keheng.site.supervisor import serve  # noqa: PLC0415 -- after set-up

        load(options.scale)
        print_accounts(f"http://127.0.0.1:{options.port}/")
        sys.stdout.flush()
        connection.close()
        return serve("127.0.0.1", options.port, workers=2)

    return _ready(run)(argparse.Namespace(scale=scale, port=port))


def _migrate(_options: argparse.Namespace) -> int:
    from django.core.management import call_command  # noqa: PLC0415 -- after set-up

    call_command("migrate", interactive=False, verbosity=0)
    return OK


def _doctor(_options: argparse.Namespace) -> int:
    from keheng.site.doctor import examine  # noqa: PLC0415 -- after set-up

    found = examine()
    for ailment in found:
        sys.stdout.write(f"{'✗' if ailment.serious else '!'} {ailment.what}: {ailment.zh} / {ailment.en}\n")
    if not found:
        sys.stdout.write("一切正常 / all is well\n")
    return WRONG if any(ailment.serious for ailment in found) else OK


def _jobs(options: argparse.Namespace) -> int:
    from keheng.kernel.jobs.queue import NotFailedError, retry_job, troubled  # noqa: PLC0415 -- after set-up
    from keheng.kernel.trail.record import Actor  # noqa: PLC0415 -- after set-up

    if options.retry is not None:
        try:
            retry_job(actor=Actor(f"shell:{os.environ.get('USER', '')}"), job_id=options.retry)
        except NotFailedError as error:
            return _say(str(error))
        sys.stdout.write(f"任务 {options.retry} 将重新执行 / will be tried again\n")
        return OK
    found = list(troubled())
    for job in found:
        when = f"{job.due_at:%m-%d %H:%M} 重试" if job.state == job.WAITING else "已停止，--retry 重新执行"
        sys.stdout.write(f"{job.pk} {job.kind} 第 {job.attempts} 次（{when}）: {job.error}\n")
    if not found:
        sys.stdout.write("没有失败的任务 / no job has failed\n")
    return WRONG if any(job.state == job.FAILED for job in found) else OK


def _appoint(options: argparse.Namespace) -> int:
    """Open the three first accounts; each sets a password by the link printed, which works once."""
    import secrets  # noqa: PLC0415 -- only here

    from allauth.account.models import EmailAddress  # noqa: PLC0415 -- after set-up
    from django.db import transaction  # noqa: PLC0415 -- after set-up

    from keheng.access.service import appoint_first_posts, open_account, password_link  # noqa: PLC0415 -- after set-up
    from keheng.kernel.errors import Refused  # noqa: PLC0415 -- after set-up
    from keheng.kernel.trail.record import Actor  # noqa: PLC0415 -- after set-up

    actor = Actor(f"shell:{os.environ.get('USER', '')}")
    opened = {}
    try:
        with transaction.atomic():
            for post in ("system", "security", "audit"):
                login, email, name = (f"{getattr(options, post)},,".split(","))[:3]
                password = f"{secrets.token_urlsafe(24)}aA1-"
                opened[f"{post}_admin"] = open_account(actor=actor, login=login, email=email, password=password, name=name)
                EmailAddress.objects.filter(user=opened[f"{post}_admin"]).update(verified=True)
            appoint_first_posts(actor=actor, accounts=opened)
    except Refused as refusal:
        return _say("\n".join(f"{one.zh}：{one.remedy_zh} / {one.en}" for one in refusal.problems))
    for account in opened.values():
        sys.stdout.write(f"{account.login} 设置密码 / set a password: {password_link(account)}\n")
    return OK


def _measures(options: argparse.Namespace) -> int:
    from keheng.kernel.measures import all_measures, read  # noqa: PLC0415 -- after set-up
    from keheng.kernel.periods import Period  # noqa: PLC0415 -- after set-up

    period = Period.year(options.year)
    found = [measure for measure in all_measures() if options.code in {None, measure.code}]
    if not found:
        return _say(f"没有指标 {options.code} / no such measure")
    for measure in found:
        reading = read(measure.code, period)
        value = "—" if reading.value.value is None else f"{reading.value.value.normalize():f} {measure.unit}"
        sys.stdout.write(
            f"{measure.code}  {period}  {value}  （{measure.definition}；依据 {reading.rows} 行，SM3 {reading.digest[:12]}）\n"
        )
        if options.code:
            sys.stdout.writelines(f"  {json.dumps(row, ensure_ascii=False, default=str)}\n" for row in measure.evidence(period, {}))
    return OK


def _prove(options: argparse.Namespace) -> int:
    from keheng.performance.service import prove  # noqa: PLC0415 -- after set-up

    count = wrong = 0
    for proof in prove(options.form):
        count += 1
        wrong += not proof.equal
        form = proof.evaluation
        seal = "" if proof.sealed else "；存档的表与签名摘要不符 / the stored form is not the signed one"
        found = "一致 / equal" if proof.equal else f"{len(proof.wrong)} 格不同 / cells differ{seal}"
        sys.stdout.write(f"{form.project.year}/{form.project.code} {form.project.title}：{len(proof.cells)} 格，{found}\n")
        sys.stdout.writelines(f"  ✗ {cell.place}：{cell.then} → {cell.now or '没有数据'}（{cell.why}）\n" for cell in proof.wrong)
    if not count:
        return _say(f"没有已签发的自评表 {options.form} / no such signed form")
    sys.stdout.write(f"共 {count} 张，{count - wrong} 张一致 / {count - wrong} of {count} forms hold\n")
    return WRONG if wrong else OK


def _backup(options: argparse.Namespace) -> int:
    from keheng.site.backup import BackupError, write_backup  # noqa: PLC0415 -- after set-up

    try:
        size = write_backup(options.file.resolve())
    except BackupError as error:
        return _say(str(error))
    sys.stdout.write(f"已备份 / written: {options.file}（{size / 1024**2:.1f} MB）\n")
    return OK


def _restore(options: argparse.Namespace) -> int:
    from keheng.site.backup import BackupError, restore_backup  # noqa: PLC0415 -- after set-up

    try:
        restore_backup(options.file.resolve())
    except BackupError as error:
        return _say(str(error))
    options.export = None
    return _verify(options)


def _verify(options: argparse.Namespace) -> int:
    from keheng.kernel.files import FileStore  # noqa: PLC0415 -- after set-up
    from keheng.kernel.models import AuditEntry, StoredFile  # noqa: PLC0415 -- after set-up
    from keheng.kernel.trail import heads, verifier  # noqa: PLC0415 -- after set-up

    try:
        wrong = list(heads.problems(heads_folder()))
        for at in heads.restores(heads_folder()):
            sys.stdout.write(f"! {at} 恢复过备份，此前较新的链头不再有效 / a backup was restored then\n")
    except heads.DamagedHeadsError as error:
        wrong = [f"链头文件已损坏：{error} / the file of heads is damaged"]
    wrong.extend(FileStore(files_folder()).problems())
    for sentence in wrong:
        sys.stdout.write(f"✗ {sentence}\n")
    if options.export:
        count = heads.export(options.export)
        script = options.export.with_name("verifier.py")
        script.write_bytes(Path(verifier.__file__).read_bytes())
        sys.stdout.write(f"已导出 {count} 条 / exported: {options.export}；校验 / check: python {script} {options.export}\n")
    if not wrong:
        sys.stdout.write(
            f"审计链和文件完好，{AuditEntry.objects.count()} 条记录，{StoredFile.objects.count()} 个文件 / trail and files hold\n"
        )
    return WRONG if wrong else OK
