"""How fast the search is: invented instruments, at least 200 varied questions, unranked and ranked, with facets counted.

``python benchmarks/ground_search.py [--scale small|full]``; PostgreSQL where ``DATABASE_URL`` leads (``tools/with_postgres.sh``
starts one), else SQLite in a temporary folder. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
if __name__ == "__main__":
    _FOLDER = tempfile.TemporaryDirectory()
    os.environ["KEHENG_DATA"] = _FOLDER.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.core.management import call_command
from django.db import connection

from keheng.kernel.search.documents import PUBLIC, Document, Facets, See
from keheng.kernel.search.finding import search, suggest
from keheng.kernel.search.indexing import index, remove_kind
from keheng.kernel.search.models import Entry

KIND = "benchmark"
ROWS = {"small": 20_000, "full": 200_000}
QUESTIONS = 60
UNRANKED, RANKED, SUGGESTED = 50.0, 100.0, 50.0
P95 = 0.95
QUALITIES = (
    "高分辨 超高速 便携式 全自动 多功能 台式 精密 数字 智能 微型 原位 低温 真空 激光 红外 紫外 荧光 离子 电子 等离子体 三维 在线 快速 双束"
)
DEVICES = "质谱仪 显微镜 色谱仪 光谱仪 离心机 培养箱 测序仪 衍射仪 分析仪 测试系统 试验机 热像仪 示波器 工作站 反应釜 天平 粘度计 硬度计"
SENTENCES = (
    "用于材料表面成分分析 适用于生物样品检测 可提供送样测试服务 面向企业开放共享 由专人操作 支持网上预约 使用前需培训 配有冷阱 可变温测量 "
    "可测粒度分布 适合水质和土壤检测 有计量证书 样品需干燥 按机时收费 周末可预约 支持科技创新券 可出具检测报告"
)
QUALITY, DEVICE, SENTENCE = QUALITIES.split(), DEVICES.split(), SENTENCES.split()
PLACES = [f"YL{number:02}" for number in range(1, 15)]
BRANDS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
EVERYBODY = frozenset({See(PUBLIC)})


def instruments(count: int) -> Iterator[Document]:
    """Invented instruments, the same at every run; every hundredth has a name of its own."""
    chance = random.Random(2026)  # noqa: S311 -- no secret: the same rows every time
    rare = [chr(0x4E00 + chance.randrange(8000)) + chr(0x4E00 + chance.randrange(8000)) for _ in range(count // 100)]
    for number in range(count):
        quality = "".join(chance.sample(QUALITY, 2)) + (rare[number // 100] if number % 100 == 0 else "")
        model = f"{chance.choice(BRANDS)}{chance.choice(BRANDS)}{chance.choice(BRANDS)}-{chance.randint(100, 9999)}"
        device = chance.choice(DEVICE)
        place = chance.choice(PLACES)
        body = f"{'，'.join(chance.sample(SENTENCE, 6))}。{quality}"
        yield Document(
            KIND, str(number), f"{quality}{device} {model}", body, f"/instruments/{number}/", PUBLIC,
            unit=number % 500, district=place, facets={"place": place, "device": device, "open": "是" if number % 3 else "否"},
        )  # fmt: skip


def questions() -> dict[str, list[tuple[str, Facets]]]:
    """Questions by sort, each at least 60: what people type, from very common to unknown."""
    chance = random.Random(7)  # noqa: S311 -- no secret: the same at every run
    rows = list(islice(instruments(max(ROWS.values())), 0, 20_000, 100))
    none: Facets = {}
    common = [*DEVICE, *QUALITY, *(sentence[-4:] for sentence in SENTENCE)]
    twos = [word[begin : begin + 2] for word in [*DEVICE, *SENTENCE] for begin in range(len(word) - 1)]
    facet = [("质谱", {"place": place}) for place in PLACES] + [("分析", {"device": device, "open": "是"}) for device in DEVICE]
    return {
        "rare": [(row.body[-2:], none) for row in rows[:QUESTIONS]],
        "common": [(word, none) for word in common][:QUESTIONS],
        "two characters": [(chance.choice(twos), none) for _ in range(QUESTIONS)],
        "latin prefix": [(row.title.split()[-1][: chance.randint(1, 6)], none) for row in rows[:QUESTIONS]],
        "several words": [(f"{chance.choice(QUALITY)} {chance.choice(DEVICE)} {chance.choice(twos)}", none) for _ in range(QUESTIONS)],
        "facets": [(text, dict(wanted)) for text, wanted in (facet * 2)[:QUESTIONS]],
    }


def milliseconds(asked: list[tuple[str, Facets]], *, ranked: bool) -> list[float]:
    """How long each question takes, its first page with total and facet counts."""
    times = []
    for text, facets in asked:
        begin = time.perf_counter()
        search(text, visible=EVERYBODY, facets=facets, ranked=ranked)
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def p95(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(times)[int(len(times) * P95)]


def typed() -> list[float]:
    """How long suggestions take while names are typed, a character at a time."""
    times = []
    for text in [*DEVICE, *QUALITY, "AB", "QX-1", "ZZ-99"]:
        for end in range(1, len(text) + 1):
            begin = time.perf_counter()
            suggest(text[:end], visible=EVERYBODY)
            times.append((time.perf_counter() - begin) * 1e3)
    return times


def promises(scale: str) -> list[dict[str, object]]:
    """Publish, measure, judge, and leave the database as it was."""
    began = time.perf_counter()
    index(instruments(ROWS[scale]))
    print(f"{ROWS[scale]} documents published in {time.perf_counter() - began:.0f} s; load of the machine {os.getloadavg()[0]:.1f}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    try:
        sorts = questions()
        every = [asked for sort in sorts.values() for asked in sort]
        milliseconds(every[::10], ranked=True)
        found = []
        for limit, ranked in ((UNRANKED, False), (RANKED, True)):
            times = {sort: milliseconds(asked, ranked=ranked) for sort, asked in sorts.items()}
            for sort, some in times.items():
                print(f"{'ranked' if ranked else 'unranked':9} {sort:16} median {median(some):6.1f} ms  p95 {p95(some):6.1f} ms")
            name = (
                f"p95 of {len(every)} questions to {ROWS[scale]} rows, {'ranked top 20' if ranked else 'unranked'}, {connection.vendor}, ms"
            )
            found.append(_promise(name, limit, p95([one for some in times.values() for one in some])))
        found.append(_promise(f"p95 of suggestions from {ROWS[scale]} rows, {connection.vendor}, ms", SUGGESTED, p95(typed())))
    finally:
        remove_kind(KIND)
    return found


def _promise(name: str, limit: float, value: float) -> dict[str, object]:
    return {"name": name, "limit": limit, "measured": round(value, 2), "holds": value < limit}


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(ROWS), default="small")
    scale = parser.parse_args().scale
    call_command("migrate", verbosity=0)
    if Entry.objects.exists():
        parser.error("DATABASE_URL leads to a database in use: measure on an empty one")
    found = promises(scale)
    said = {"benchmark": "ground_search", "database": connection.vendor, "cores": os.cpu_count(), "promises": found}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
