"""四性检测: is a package authentic, complete, usable, safe? Every finding in words anyone understands.

The four names: GB/T 42727-2023 and DA/T 70-2018 as known from public summaries (待核); what is looked at stands here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from keheng.kernel.files import sniff
from keheng.kernel.uploads.pdfs import opened_pdf
from keheng.matters.rules.archives.package import APPLICATION, EVENTS, MANIFEST, METADATA
from keheng.matters.rules.archives.policy import policy

AUTHENTIC, COMPLETE, USABLE, SAFE = "真实", "完整", "可用", "安全"
KINDS = (AUTHENTIC, COMPLETE, USABLE, SAFE)
_CHUNK = 1 << 20
_ENCRYPTED = 1
_OPEN_TYPES = frozenset(
    {
        "application/pdf", "image/png", "image/jpeg", "application/zip", "text/plain",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: of which kind, whether it holds, and what was found."""

    kind: str
    holds: bool
    said: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the register knows of a package: the file's digest, its events, how many materials and outputs there are."""

    digest: str
    events: int
    materials: int
    outputs: int


def examined(path: Path, expected: Expected) -> list[Finding]:
    """All findings of the four kinds; a package that cannot be opened fails where that shows."""
    if not path.is_file():
        return [Finding(kind, kind == SAFE, "归档包文件不存在" if kind != SAFE else "没有文件可以检查") for kind in KINDS]
    with path.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest() == expected.digest
    found = [Finding(AUTHENTIC, whole, "归档包与登记的摘要一致" if whole else "归档包与登记的摘要不一致：内容被改动过")]
    try:
        with ZipFile(path) as package, TemporaryDirectory() as folder:
            found += _of_package(package, Path(folder), expected)
    except (BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        found += [Finding(kind, holds=False, said=f"归档包打不开：{type(error).__name__}") for kind in (COMPLETE, USABLE)]
    return found


def _of_package(package: ZipFile, folder: Path, expected: Expected) -> Iterator[Finding]:
    infos = package.infolist()
    unsafe = [info.filename for info in infos if _is_unsafe(info)]
    yield Finding(SAFE, not unsafe, _said("没有加密的文件和越界的路径", "加密或路径越界", unsafe))
    listed = _manifest(package)
    names = {info.filename for info in infos} - {MANIFEST}
    missing, extra = sorted(set(listed) - names), sorted(names - set(listed))
    yield Finding(COMPLETE, bool(listed), "清单可读" if listed else "没有清单，或清单读不出来")
    yield Finding(COMPLETE, not missing, _said("清单所列文件都在", "缺少文件", missing))
    yield Finding(COMPLETE, not extra, _said("没有清单以外的文件", "多出文件", extra))
    changed, broken, foreign = [], [], []
    for info in infos:
        if info.filename == MANIFEST or _is_unsafe(info):
            continue
        path = folder / hashlib.sha256(info.filename.encode()).hexdigest()
        digest = _extracted(package, info, path)
        if digest is None or (info.filename in listed and digest != listed[info.filename]):
            changed.append(info.filename)
        if digest is None or not _opens(path, info.filename):
            broken.append(info.filename)
        elif sniff(path) not in _OPEN_TYPES:
            foreign.append(info.filename)
    yield Finding(AUTHENTIC, not changed, _said(f"{len(listed)} 个文件的摘要与清单一致", "摘要与清单不一致", changed))
    yield Finding(USABLE, not broken, _said("每个文件都能打开", "打不开", broken))
    yield Finding(SAFE, not foreign, _said("文件格式都在允许的范围内", "格式不在允许的范围内", foreign))
    yield from _of_content(package, names, expected)


def _said(good: str, bad: str, names: Sequence[str]) -> str:
    return f"{bad}：{'、'.join(names[:5])}{f' 等 {len(names)} 个' if len(names) > 5 else ''}" if names else good  # noqa: PLR2004 -- names told


def _is_unsafe(info: ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    return bool(info.flag_bits & _ENCRYPTED) or path.is_absolute() or ".." in path.parts or "\\" in info.filename


def _manifest(package: ZipFile) -> Mapping[str, str]:
    try:
        content: Any = json.loads(package.read(MANIFEST))
        return {str(row["path"]): str(row["sha256"]) for row in content["files"]}
    except (KeyError, ValueError, TypeError, BadZipFile):
        return {}


def _extracted(package: ZipFile, info: ZipInfo, target: Path) -> str | None:
    """The digest of a member, put where it can be looked at; None for one that does not come out whole."""
    digest = hashlib.sha256()
    try:
        with package.open(info) as source, target.open("wb") as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
    except (BadZipFile, OSError, EOFError, ValueError):
        return None
    return digest.hexdigest()


def _opens(path: Path, name: str) -> bool:
    """Whether what calls itself a PDF or XML is one."""
    try:
        if name.endswith(".pdf"):
            with opened_pdf(path) as document:
                return document is not None and len(document) > 0
        if name.endswith(".xml"):
            etree.parse(str(path), _safe_parser())
    except (etree.XMLSyntaxError, OSError):
        return False
    return True


def _safe_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _of_content(package: ZipFile, names: set[str], expected: Expected) -> Iterator[Finding]:
    lacking = sorted({APPLICATION, METADATA, EVENTS} - names)
    yield Finding(COMPLETE, not lacking, _said("申请表、元数据、办理经过都在", "缺少", lacking))
    labels: Mapping[str, str] = policy()["elements"]
    said = _texts(package, METADATA)
    blank = [labels[name] for name in policy()["required"] if not said.get(labels[name])]
    yield Finding(COMPLETE, not blank, _said(f"{len(policy()['required'])} 项必备元数据都有", "元数据没有写", blank))
    counts = {"materials/": expected.materials, "outputs/": expected.outputs}
    for folder, count in counts.items():
        there = sum(name.startswith(folder) for name in names)
        what = "材料" if folder == "materials/" else "文书"
        yield Finding(COMPLETE, there == count, f"{what} {there} 份" if there == count else f"{what}有 {there} 份，登记为 {count} 份")
    told = said.get(labels["events"], "")
    same = told == str(expected.events)
    yield Finding(AUTHENTIC, same, f"办理经过 {told} 步，与登记一致" if same else f"办理经过 {told or '0'} 步，登记为 {expected.events} 步")


def _texts(package: ZipFile, name: str) -> dict[str, str]:
    """Labels and texts of the metadata."""
    try:
        root = etree.fromstring(package.read(name), _safe_parser())
    except (KeyError, etree.XMLSyntaxError, BadZipFile):
        return {}
    return {str(one.get("name")): (one.text or "").strip() for one in root.iter("element")}
