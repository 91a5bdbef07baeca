"""Files by content: kept once, refused with a reason, damage found, nothing half-written."""

import io
import os
import random
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from keheng.kernel import files
from keheng.kernel.files import FileRefusedError, FileStore, Limits, scan_with, sniff
from keheng.kernel.models import StoredFile

ANY = frozenset({"text/plain", "application/pdf", "image/png", "application/zip", "application/octet-stream", "text/html"})
PDF = b"%PDF-1.7\n" + b"x" * 5000
LIMITS = Limits(1 << 20, frozenset({"application/pdf", "text/plain"}))


def office(member: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(member, "x")
    return data.getvalue()


@pytest.fixture
def store(fresh):
    return FileStore(fresh / "files")


def test_equal_content_is_kept_once(store):
    first, second = store.keep(io.BytesIO(PDF), LIMITS), store.keep(io.BytesIO(PDF), LIMITS)
    assert (first.digest, StoredFile.objects.count(), first.media_type, first.size) == (second.digest, 1, "application/pdf", len(PDF))
    assert store.path(first.digest).read_bytes() == PDF
    assert (list(store.problems()), list(store.strays())) == ([], [])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<html><script>", "type"),
        (b"  <!DOCTYPE x>", "type"),
        (b"<svg>", "type"),
        (b"MZ\0\0", "type"),
        (b"a" * ((1 << 20) + 1), "too_big"),
        (PDF + b"EICAR", "infected"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(store, monkeypatch, data, code):
    monkeypatch.setattr(files, "_scanners", [])
    scan_with(lambda path: "EICAR" if b"EICAR" in path.read_bytes() else "")
    with pytest.raises(FileRefusedError) as caught:
        store.keep(io.BytesIO(data), LIMITS)
    assert (caught.value.code, bool(caught.value.zh), bool(caught.value.en)) == (code, True, True)
    assert (StoredFile.objects.count(), list(store.strays())) == (0, [])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("other"), "application/zip"),
        (b"PK\x03\x04broken", "application/octet-stream"),
        ("科技".encode(), "text/plain"),
        ("科技".encode()[:-1], "text/plain"),
        ("科技资源".encode("gb18030"), "text/plain"),
        (b"\xff\xfe\xfd\xfc\xfb\xfa", "application/octet-stream"),
        (b"\0\1", "application/octet-stream"),
    ],
)
def test_types_are_told_by_content(tmp_path, data, kind):
    path = tmp_path / "named.pdf"
    path.write_bytes(data)
    assert sniff(path) == kind


def test_missing_changed_and_stray_files_are_found(store):
    gone, cut, changed = (store.keep(io.BytesIO(PDF + bytes([n])), LIMITS) for n in b"abc")
    store.path(gone.digest).unlink()
    store.path(cut.digest).write_bytes(PDF[:-1])
    store.path(changed.digest).write_bytes(PDF + b"d")
    assert sorted(sentence.split("：")[0] for sentence in store.problems()) == ["文件内容被改动", "文件内容被改动", "文件缺失"]
    (store.folder / ".arriving-x").write_bytes(b"x")
    assert [path.name for path in store.strays()] == [".arriving-x"]


def test_many_keep_the_same_file_at_once(store):
    def keep(_):
        row = store.keep(io.BytesIO(PDF), LIMITS)
        connection.close()
        return row.digest

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keep, range(40)))) == 1
    assert (StoredFile.objects.count(), list(store.problems()), list(store.strays())) == (1, [], [])


def test_a_stream_that_breaks_leaves_nothing(store):
    class Broken(io.BytesIO):
        def read(self, _size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.keep(Broken(), LIMITS)
    assert list(store.strays()) == []


def test_ten_thousand_mutated_uploads_are_kept_or_refused(tmp_path):
    chance = random.Random(11)  # noqa: S311 -- the same damage every time
    seeds = [
        PDF,
        office("xl/workbook.xml"),
        office("word/document.xml"),
        "科技资源共享".encode() * 40,
        b"\x89PNG\r\n\x1a\n" + os.urandom(400),
    ]
    kinds, path = set(), tmp_path / "upload"
    for _ in range(10_000):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.randrange(len(data) + 1)])
        kinds.add(sniff(path))
    assert {"application/pdf", "text/plain", "application/octet-stream", "image/png"} <= kinds


def test_verify_looks_at_the_files(store):
    row = store.keep(io.BytesIO(PDF), LIMITS)

    def verify() -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "keheng.cli", "verify"], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert verify() == (0, "审计链和文件完好，0 条记录，1 个文件 / trail and files hold\n")
    store.path(row.digest).write_bytes(b"other")
    code, said = verify()
    assert (code, "文件内容被改动" in said) == (1, True)
