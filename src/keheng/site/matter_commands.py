"""``keheng matters``: check the files of matters, and note those that are released."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

OK, WRONG = 0, 1
Ready = Callable[[Callable[[argparse.Namespace], int]], Callable[[argparse.Namespace], int]]


def add_matter_commands(commands: Any, ready: Ready) -> None:
    """Add ``matters check``, ``matters make`` and ``matters release``."""
    parser = commands.add_parser("matters", help="检查事项文件 / check the files of matters")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="列出文件的全部问题并运行其中的测试 / everything wrong, and the files' own tests")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="不写时检查全部 / all when none is named")
    check.set_defaults(run=ready(_check))
    make = acts.add_parser("make", help="由政策文件生成申请事项 / make the matters that policies are applied for by")
    make.add_argument("files", nargs="+", type=Path, metavar="POLICY")
    make.set_defaults(run=ready(_make))
    release = acts.add_parser("release", help="登记文件的摘要；施行后不能再改 / note digests: a file in force never changes")
    release.add_argument("files", nargs="+", type=Path, metavar="FILE")
    release.set_defaults(run=ready(_release))


def _check(options: argparse.Namespace) -> int:
    from keheng.matters.rules.checking import checked  # noqa: PLC0415 -- after set-up
    from keheng.matters.rules.files.shelf import matter_files  # noqa: PLC0415 -- after set-up
    from keheng.matters.rules.matching.policy_shelf import policy_flaws  # noqa: PLC0415 -- after set-up

    sound, flaws = checked(options.files or matter_files())
    flaws += [] if options.files else policy_flaws()
    for flaw in flaws:
        sys.stdout.write(f"✗ {flaw}\n")
    for read in sound:
        matter = read.matter
        sys.stdout.write(f"✓ {matter.title} {matter.id} {matter.version}：{len(matter.tests)} 项测试通过 / tests passed\n")
    return WRONG if flaws else OK


def _make(options: argparse.Namespace) -> int:
    from keheng.matters.rules.files.reading import FlawedError  # noqa: PLC0415 -- after set-up
    from keheng.matters.rules.matching.policy_shelf import make_matter  # noqa: PLC0415 -- after set-up

    wrong = False
    for path in options.files:
        try:
            target, text = make_matter(path)
        except FlawedError as error:
            wrong = True
            sys.stdout.writelines(f"✗ {flaw}\n" for flaw in error.flaws)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
            sys.stdout.write(f"✓ {target}\n")
    return WRONG if wrong else OK


def _release(options: argparse.Namespace) -> int:
    from django.utils.timezone import localdate  # noqa: PLC0415 -- after set-up

    from keheng.matters.rules.checking import checked  # noqa: PLC0415 -- after set-up
    from keheng.matters.rules.files.shelf import release  # noqa: PLC0415 -- after set-up

    _, flaws = checked(options.files)
    if not flaws:
        flaws = [flaw for path in options.files for flaw in release(path, localdate())]
    for flaw in flaws:
        sys.stdout.write(f"✗ {flaw}\n")
    if not flaws:
        sys.stdout.write(f"已登记 {len(options.files)} 个文件 / released\n")
    return WRONG if flaws else OK
