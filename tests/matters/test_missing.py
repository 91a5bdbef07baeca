"""What a draft lacks leads to where it is mended: to its question, to its cell of a table, to its file."""

import re
from datetime import date

import pytest
from matters.test_cases import IT
from matters.test_pages import client_of

from keheng.kernel.errors import Refused
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.guides import public_matters
from keheng.matters.queries.missing import missing
from keheng.matters.service import open_case, save_answers

pytestmark = pytest.mark.django_db


def listed(client, case):
    """The texts of the list with their addresses ('' for none)."""
    page = client.get(f"/matters/cases/{case.pk}/").content.decode()
    lines = re.findall(r"<li>(.*?)</li>", page.partition("处要完成")[2].partition("</ul>")[0])
    return {re.sub("<[^>]+>", "", line): re.search(r'href="([^"]*)"', f'{line}href=""')[1] for line in lines}


def is_there(client, address):
    path, _, name = address.partition("#")
    return f'id="{name}"' in client.get(path).content.decode()


def test_each_line_leads_to_its_input(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    rows = [IT["budget"][0], {"item": "测试", "code": "测试人月", "qty": "多少"}]
    save_answers(actor=people["firm"], case=case.pk, typed={"phone": "不详", "budget": rows}, seen={})
    client, form = client_of("firm"), f"/matters/cases/{case.pk}/form/"
    found = listed(client, case)
    told = {address: text for text, address in found.items()}
    assert told[f"{form}1/#id_name"].startswith("“项目名称”没有填写")
    assert "联系电话" in told[f"{form}1/#id_phone"]
    assert "数量" in told[f"{form}2/#id_budget-1-qty"]
    assert f"{form}2/#id_budget-1-price" in told
    assert any(address.startswith(f"/matters/cases/{case.pk}/#id_upload-") for address in told)
    assert [address for address in told if not is_there(client, address)] == []
    # Who confirms too early is led to the same places.
    confirm = client.get(f"/matters/cases/{case.pk}/do/submit/").content.decode()
    assert [address for address in told if f'href="{address}"' not in confirm] == []


def test_an_empty_table_leads_to_its_first_cell(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    client = client_of("firm")
    assert f"/matters/cases/{case.pk}/form/2/#id_budget-0-item" in listed(client, case).values()


def test_every_public_matter_leads_to_inputs_that_are_there(people, on):
    """Whatever a file asks: choices, computed cells, conditions, tables, files."""
    on("2026-09-28")
    seen, client = set(), {name: client_of(name) for name in ("firm", "person")}
    for read in public_matters(date(2026, 9, 28)):
        who = "firm" if "unit" in read.matter.audience else "person"
        try:
            case = open_case(actor=people[who], matter=read.matter.id)
        except Refused:
            # It follows another case, or its call is not open.
            continue
        seen.add(read.matter.id)
        lost = [one.url for one in missing(loaded(case), people[who]) if one.url and not is_there(client[who], one.url)]
        assert (read.matter.id, lost) == (read.matter.id, [])
    assert {"yl.it-project", "yl.work-permit-extension"} <= seen


def test_two_files_of_a_case_have_inputs_of_their_own(people, on):
    """One name for all of them: a label, and whoever reads the page aloud, would lead to the first."""
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    page = client_of("firm").get(f"/matters/cases/{case.pk}/").content.decode()
    names = re.findall(r'id="([^"]*_file)"', page)
    assert len(names) > 1
    assert len(names) == len(set(names))
