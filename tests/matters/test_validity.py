"""How long a document is valid: until a day, or without an end where its kind has none; said the same way everywhere."""

from datetime import date
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now
from matters.made_up import small
from matters.test_cases import do
from matters.test_pages import client_of
from matters.walking_forms import content_of

from keheng.kernel.uploads.receiving import append, begin_upload, complete, store
from keheng.matters.api import _case
from keheng.matters.models import Material
from keheng.matters.queries.archives.contents import members_of
from keheng.matters.queries.cases import lacking, loaded
from keheng.matters.queries.files import MATERIAL
from keheng.matters.service import open_case, save_answers

pytestmark = pytest.mark.django_db
LICENCE, PASSPORT = (
    "{id: licence, title: 营业执照, valid: true, endless: true, accept: [pdf]}",
    "{id: passport, title: 护照, valid: true, accept: [pdf]}",
)


@pytest.fixture
def case(people, on, shelved, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    on("2026-09-28")
    paper = '{id: paper, title: 证明, need: "cost > 5000"}'
    shelved(small((f"  - {paper}", f"  - {LICENCE}\n  - {PASSPORT}")))
    made = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=made.pk, typed={"name": "张三"}, seen={})
    return made


def hand_in(people, case, code, **typed):
    """Upload a file and hand it in on the page of the case; what the page says then."""
    content = content_of("pdf", f"{code}{typed}")
    upload = begin_upload(actor=people["person"], place_name=MATERIAL.name, name=f"{code}.pdf", size=len(content))
    append(upload, 0, BytesIO(content).read)
    complete(actor=people["person"], upload=upload)
    path = reverse("matters:material-add", args=[case.pk, code])
    return client_of("person").post(path, {f"upload-{code}": str(upload.pk), **typed}, follow=True).content.decode()


def test_who_has_a_document_without_an_end_says_so_and_it_is_said_so_everywhere(people, case):
    page = client_of("person").get(reverse("matters:case", args=[case.pk])).content.decode()
    assert page.count('name="endless"') == 1
    hand_in(people, case, "licence", endless="1", valid="2020-01-01")
    hand_in(people, case, "passport", valid="2027-01-01")
    one = Material.objects.get(code="licence")
    assert (one.endless, one.valid_until) == (True, None)
    case.refresh_from_db()
    assert lacking(loaded(case), date(2026, 9, 28)) == []
    told = [(each.code, each.valid_until, each.endless) for each in _case(loaded(case), people["person"])["files"]]
    assert told == [("licence", None, True), ("passport", date(2027, 1, 1), False)]
    page = client_of("person").get(reverse("matters:case", args=[case.pk])).content.decode()
    assert (page.count("<small>长期有效</small>"), page.count("<small>有效期至 2027-01-01</small>")) == (1, 1)
    # Years on, what has an end is over, what has none is not.
    assert [each.field for each in lacking(loaded(case), date(2099, 12, 31))] == ["material-passport"]
    done = do(people["person"], case, "submit")
    desk = client_of("clerk").get(f"/manage/cases/{done.pk}/").content.decode()
    assert (desk.count("<small>长期有效</small>"), desk.count("<small>有效期至 2027-01-01</small>")) == (1, 1)
    archived = next(member.content for member in members_of(loaded(done)) if member.path == "materials.xml").decode()
    assert ['title="营业执照" valid="长期有效"' in archived, 'title="护照" valid="2027-01-01"' in archived] == [True, True]


@pytest.mark.parametrize(("code", "typed", "said"), [
    ("licence", {}, "没有截止日期的，选“长期有效”"), ("licence", {"valid": "2026-09-27"}, "已过期或没有写有效期"),
    ("licence", {"valid": "2026-13-40"}, "已过期或没有写有效期"), ("passport", {"endless": "1"}, "不能长期有效"),
    ("passport", {"valid": "2026-09-27"}, "请填写不早于今天的有效期"),
])  # fmt: skip
def test_what_is_over_or_not_said_is_refused_with_what_to_do(people, case, code, typed, said):
    assert said in hand_in(people, case, code, **typed)
    assert not Material.objects.exists()


def test_the_day_that_once_stood_for_no_end_becomes_no_end(case):
    file = store().keep(BytesIO(content_of("pdf", "1")), MATERIAL.limits)
    days = (date(2099, 12, 31), date(2099, 12, 30), None)
    rows = [Material(case=case, code=f"m{n}", file=file, valid_until=day, by="1", at=now()) for n, day in enumerate(days)]
    Material.objects.bulk_create(rows)
    import_module("keheng.matters.migrations.0019_materials_without_an_end").say_so(apps, None)
    found = Material.objects.order_by("code").values_list("endless", "valid_until")
    assert list(found) == [(True, None), (False, date(2099, 12, 30)), (False, None)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.filter(code="m1").update(endless=True)
