"""Who takes the list of organisations away proves again who they are, and gets what they had asked for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from directory.made_up import organisation
from people import PASSWORD, make_account, signed_in

from keheng.directory.actions.importing import organisation_sheet
from keheng.kernel.spreadsheets import read_rows


@pytest.mark.django_db
def test_who_exports_proves_again_who_they_are():
    unproven = signed_in(make_account("unproven", "case_officer", district="YL01"), proven=False)
    answer = unproven.post("/organisations/", {"export": "xlsx"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/account/reauthenticate/")
    assert unproven.get("/organisations/").status_code == 200


@pytest.mark.django_db
def test_what_was_filtered_for_an_export_is_exported_once_it_is_proven_who_asks():
    for number in (1, 2):
        organisation(f"第{number}研究中心", number)
    unproven = signed_in(make_account("unproven", "case_officer", district="990102"), proven=False)
    away = unproven.post("/organisations/?q=第2", {"export": "xlsx"}).headers["Location"]
    back = parse_qs(urlsplit(away).query)["next"][0]
    answer = unproven.post("/account/reauthenticate/", {"password": PASSWORD, "next": back}, follow=True)
    rows = read_rows(answer.content, organisation_sheet(), ignore_unknown=True).rows
    assert [row.values["name"] for row in rows] == ["第2研究中心"]
