"""Entries to the youth contest, invented: numbers of a code range that nobody has."""

from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.importing import sheet_of

MATTER = "yl.youth-contest"


def contest():
    return shelf()[MATTER][-1].matter


def number(serial, born="20110305"):
    """An identity number with its check digit."""
    first = f"99{serial // 1000:04}{born}{serial % 1000:03}"
    return first + "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first)) % 11]


def entry(serial, **other):
    """An entry as typed values of a sheet."""
    return {
        "tier": "普通学校", "stage": "初中", "code": f"A{serial:05}", "category": "科技创新成果", "work": f"会记录雨量的花盆 {serial}",
        "subject": "工程", "done_on": "2026-05-01", "summary": f"第 {serial} 号作品用翻斗计量雨水，按土壤湿度决定浇水时间，记录三个月的数据。",
        "adviser": "演示教师", "phone": "19900000000", "size": "1", "a_name": f"演示学生{serial:05}", "a_number": number(serial),
        "a_born": "2011-03-05", **other,
    }  # fmt: skip


def csv_of(rows, *, many_units=False):
    """A sheet as a school hands it in; values as texts."""
    columns = sheet_of(contest(), many_units=many_units).columns
    lines = [",".join(one.header_zh for one in columns)]
    lines += [",".join(str(row.get(one.name, "")) for one in columns) for row in rows]
    return "\n".join(lines).encode()
