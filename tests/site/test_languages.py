"""The public pages in English, Japanese and Korean: catalogues are whole, and no Chinese is left that is not marked as such."""

import gettext
import re
import struct
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache as django_cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from lxml import html
from people import PASSWORD, make_account, make_unit
from portal.halls_made_up import a_guide, a_hall, at, booked
from portal.made_up import published
from portal.outreach_made_up import VISITOR, opened, phone
from reachable import codes_for_visitors

from keheng.kernel.errors import problem, registry
from keheng.kernel.spoken import Translated, in_chinese, told
from keheng.kernel.templatetags.spoken import beside_page, written_in
from keheng.portal.actions.registrations import register_people
from keheng.portal.queries.addresses import address
from keheng.portal.queries.notices import registration_text, visit_text
from keheng.portal.queries.tickets import link_of, visit_link
from keheng.portal.rules.registrations import attendee

LANGUAGES = ("en", "ja", "ko")
BRAND = {"en": "Keheng", "ja": "科衡", "ko": "Keheng"}
HAN = re.compile(r"[\u3400-\u9fff]")
SIGNS = re.compile(r"[，。；：、（）]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
TEXT_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")


def catalogue(language, suffix):
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"django.{suffix}"


@cache
def entries(language):
    """Entries of a catalogue as (flags, context, msgid, plural, translations), the header left out."""
    found = []
    for block in catalogue(language, "po").read_text(encoding="utf-8").split("\n\n")[1:]:
        flags = [line for line in block.splitlines() if line.startswith("#,")]
        said = {key: unquoted(text) for key, text in re.findall(r'^(msg[\w\[\]]+) ((?:"[^\n]*"\n?)+)', block, re.MULTILINE)}
        texts = tuple(text for key, text in said.items() if key.startswith("msgstr"))
        found.append((" ".join(flags), said.get("msgctxt"), said["msgid"], said.get("msgid_plural"), texts))
    return found


def unquoted(text):
    """What a po file's quoted lines say."""
    whole = "".join(line.strip()[1:-1] for line in text.strip().splitlines())
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_translated_with_its_placeholders(language):
    found = entries(language)
    assert len(found) > 400
    assert [one[:3] for one in found] == [one[:3] for one in entries("en")]
    forms = 2 if language == "en" else 1
    wrong = [
        msgid
        for flags, _context, msgid, plural, texts in found
        if "fuzzy" in flags
        or not all(text.strip() for text in texts)
        or len(texts) != (forms if plural else 1)
        or any(Counter(PLACEHOLDER.findall(text)) != Counter(PLACEHOLDER.findall(msgid)) for text in texts)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_in_their_language(language):
    texts = [text for *_rest, said in entries(language) for text in said]
    if language == "ja":
        assert [text for text in texts if not is_japanese(text)] == []
        assert sum(bool(re.search(r"[\u3040-\u30ff]", text)) for text in texts) > len(texts) / 2
    else:
        assert [text for text in texts if HAN.search(text) or SIGNS.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(language):
    raw = catalogue(language, "mo").read_bytes()
    magic, _revision, count = struct.unpack("<III", raw[:12])
    found = entries(language)
    # One more for the header.
    assert (magic, count) == (0x950412DE, len(found) + 1)
    with catalogue(language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for _flags, context, msgid, plural, texts in found:
        if plural:
            # Japanese and Korean have one form for one and for two.
            assert (compiled.ngettext(msgid, plural, 1), compiled.ngettext(msgid, plural, 2)) == (texts[0], texts[-1])
        else:
            assert (compiled.pgettext(context, msgid) if context else compiled.gettext(msgid)) == texts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_depend_on_the_sources_alone(language):
    text = catalogue(language, "po").read_text(encoding="utf-8")
    assert [word for word in ("POT-Creation-Date", "PO-Revision-Date", "\n#:", "\n#~", "/home/") if word in text] == []


def is_japanese(text):
    """Whether Japanese could be written so: simplified characters are not in its character set."""
    try:
        "".join(HAN.findall(text)).encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


@cache
def sources():
    """Chinese source texts that no Japanese page should hold."""
    return [
        msgid for _flags, _context, msgid, _plural, texts in entries("ja") if len(msgid) > 3 and "%" not in msgid and msgid not in texts
    ]


def left_in_chinese(answer, language):
    """Chinese on a page outside of what is marked as another language, and Chinese signs on pages that have none."""
    page = html.fromstring(answer.content.decode())
    assert page.get("lang") == language
    assert page.findtext(".//title").endswith(f" · {BRAND[language]}")
    found = []
    for element in page.find("body").iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "textarea"}:
            continue
        marked = next(one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang"))
        texts = [element.text, *(one.tail for one in element), *(element.get(name) for name in TEXT_ATTRIBUTES)]
        if element.tag == "input" and element.get("type") == "submit":
            texts.append(element.get("value"))
        found += [text.strip() for text in texts if text and marked == language and is_left(text, language)]
    return found


def is_left(text, language):
    if language == "ja":
        return not is_japanese(text) or any(source in text for source in sources())
    return bool(HAN.search(text) or SIGNS.search(text))


def followed(answer, path):
    """Addresses that a page leads to."""
    for link in html.fromstring(answer.content.decode()).xpath("//a/@href"):
        whole = link.split("#")[0]
        yield path.split("?")[0] + whole if whole.startswith("?") else whole


def alternates(answer):
    """The page's own addresses by language, as its head tells them."""
    page = html.fromstring(answer.content.decode())
    return {
        one.get("hreflang"): one.get("href").removeprefix("http://testserver") for one in page.xpath("//link[@rel='alternate'][@hreflang]")
    }


def pages_of(client, language, limit=130, each=3):
    """Public pages of a language that one reaches by links, a few of each kind."""
    queue, seen, kinds = [f"/{language}/", f"/{language}/media/", f"/{language}/nowhere/"], set(), Counter()
    while queue and len(seen) < limit:
        path = queue.pop(0)
        kind = re.sub(r"\d+", "N", path.split("=")[0])
        if path in seen or kinds[kind] >= each or not path.startswith(f"/{language}/"):
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = client.get(path)
        if answer.status_code in {200, 404} and answer.headers["Content-Type"].startswith("text/html"):
            queue += followed(answer, path)
            yield path, answer


@pytest.mark.one_database
def test_no_page_of_the_city_has_chinese_in_its_frame(in_city):
    client = Client()
    for language in LANGUAGES:
        walked = dict(pages_of(client, language))
        assert len(walked) > 60
        assert {path: left for path, answer in walked.items() if (left := left_in_chinese(answer, language))} == {}
        note = {"en": "has not been translated", "ja": "翻訳のない内容", "ko": "번역되지 않은 내용"}[language]
        assert [path for path, answer in walked.items() if note not in answer.content.decode()] == []
        told = {path: alternates(answer) for path, answer in walked.items() if "?" not in path and "/nowhere/" not in path}
        for path, others in list(told.items())[:10]:
            if not path.startswith(f"/{language}/look/"):
                assert path in others.values() or "/articles/" in path, path
                for code, other in others.items():
                    assert alternates(client.get(other)) == others, (code, other)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_told_in_the_language_of_the_page(language):
    translation.activate("zh-hans")
    django_cache.clear()
    session, hall = opened(), a_hall()
    a_guide(languages=("zh-hans", language))
    wrong = {"name": "", "phone": "12", "number": "x", "email": "x", "session": session.pk, "agreed": "on", "people": "0"}
    day = f"{at():%Y-%m-%d}"
    for path in (
        f"/events/{session.activity_id}/register/",
        "/events/my/",
        "/halls/my/",
        f"/halls/{hall.code}/book/?day={day}&language={language}",
        "/feedback/",
        "/feedback/query/",
        "/subscribe/",
    ):
        for given in (
            wrong,
            wrong | {"name": "Kim", "unit_title": "Kim Labs", "contact": "x", "title": "x", "body": "x", "kind": "question"},
        ):
            answer = Client().post(f"/{language}{path}", given)
            assert answer.status_code in {200, 422}, path
            assert left_in_chinese(answer, language) == [], path
    page = Client().post(f"/{language}/events/my/", {"number": "HD-1", "phone": "19900001234"}).content.decode()
    wording = registry()["REG_UNKNOWN"]
    assert (wording[language] in page, wording[f"remedy_{language}"] in page, 'lang="en"' in page.partition("k-problems")[2][:600]) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_visitor_can_be_refused_with_has_words_in_the_language(language):
    codes = codes_for_visitors()
    assert {"REG_FULL", "VISIT_TAKEN", "SUR_COOKIE", "OBJECTION_LATE", "PORTAL_EMAIL", "ACC_PASSWORD_PLAIN", "DIR_CODE_TAKEN"} <= codes
    assert [code for code in sorted(codes) if not registry()[code].get(language)] == []
    texts = [registry()[code][part + language] for code in codes for part in ("", "remedy_")]
    if language == "ja":
        assert [text for text in texts if not is_japanese(text)] == []
    else:
        assert [text for text in texts if HAN.search(text) or SIGNS.search(text)] == []


def test_what_has_no_words_in_a_language_is_told_in_english_and_marked_so():
    page = {}
    for language in ("zh-hans", "en", "ja", "ko"):
        with translation.override(language):
            several = [problem("OBJECTION_NAME", "name"), problem("OBJECTION_OUTCOME")]
            assert told(told(several)) == told(several)
            page[language] = html.fromstring(render_to_string("parts/problems.html", {"problems": several})).xpath("//li")
    shown = {language: [(one.text_content(), one.xpath(".//@lang")) for one in lines] for language, lines in page.items()}
    assert {language: lines[0][0][:4] for language, lines in shown.items()} == {
        "zh-hans": "没有写姓", "en": "the ", "ja": "お名前が", "ko": "이름이 ",
    }  # fmt: skip
    assert {language: lines[0][1] for language, lines in shown.items()} == {language: [] for language in shown}
    assert {language: lines[1][1] for language, lines in shown.items()} == {"zh-hans": [], "en": [], "ja": ["en"] * 2, "ko": ["en"] * 2}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_pages_and_messages_are_in_ones_language(language):
    said = {language: {"title": "Title of it", "summary": "What it is"}}
    session = opened(1, translations=said)
    first, second = (
        register_people(actor=VISITOR, session=session.pk, people=[attendee("Kim", phone(number))], language=language)[0]
        for number in (1, 2)
    )
    a_guide()
    hall = a_hall(translations={language: {"title": "Title of it"}})
    visit = booked(hall, unit_title="Kim Labs")
    with translation.override(language):
        texts = [registration_text(first, "confirmed"), registration_text(second, "waiting"), visit_text(visit, "approved")]
        reads = [address("registration", link_of(one.pk), language=language) for one in (first, second)]
        reads.append(address("visit", visit_link(visit.pk), language=language))
    assert ["Title of it" in title for title, _body in texts] == [True] * 3
    # The place is a record's own word: nobody translated it.
    lines = [line for title, body in texts for line in (title, *body.splitlines()) if "云岭" not in line and "科创" not in line]
    assert [line for line in lines if is_left(line, language)] == []
    for path in reads:
        assert path.startswith(f"/{language}/")
        answer = Client().get(path)
        assert answer.status_code == 200
        assert left_in_chinese(answer, language) == []


@pytest.mark.django_db
def test_the_display_settings_are_asked_in_the_language_of_the_page():
    answer = Client().get("/ko/look/?next=/ko/help/")
    assert left_in_chinese(answer, "ko") == []
    assert Client().post("/ko/look/", {"theme": "dark", "next": "/ko/help/"}).headers["Location"] == "/ko/help/"


@pytest.mark.django_db
def test_a_guides_language_is_not_taken_for_that_of_the_page():
    hall = a_hall()
    page = html.fromstring(Client().get(f"/ja/halls/{hall.code}/?language=ko").content.decode())
    assert page.get("lang") == "ja"
    assert page.xpath("//a[@aria-current='true'][contains(@class, 'k-chip')]/@lang") == ["ko"]


def test_texts_are_marked_where_nobody_translated_them():
    shown = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            shown[language] = [
                in_chinese("云<岭"),
                in_chinese("云岭科技馆", 4),
                in_chinese(Translated("Yunling")),
                in_chinese(""),
                in_chinese(None),
            ]
    assert shown == {
        "zh-hans": ["云<岭", "云...", "Yunling", "", ""],
        "en": ['<span lang="zh-hans">云&lt;岭</span>', '<span lang="zh-hans">云岭科…</span>', "Yunling", "", ""],
    }


@pytest.mark.django_db
def test_what_is_found_opens_beside_the_page():
    row = published("研发费用加计扣除办法")
    assert [written_in(f"/articles/{row.pk}/"), written_in(f"/ko/articles/{row.pk}/")] == ["zh-hans", "ko"]
    with translation.override("en"):
        assert beside_page(f"/articles/{row.pk}/") == f"/en/articles/{row.pk}/"
        assert beside_page("/manage/content/") == "/manage/content/"
    page = html.fromstring(Client().get("/ja/search/?q=研发费用").content.decode())
    assert page.xpath("//ol/li/@lang") == ["zh-hans"]
    assert page.xpath("//ol/li//a/@href") == [f"/ja/articles/{row.pk}/"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-hans", "2026年5月4日 16:05"), ("en", "4 May 2026, 16:05"), ("ja", "2026年5月4日 16:05"), ("ko", "2026년 5월 4일 16:05")],
)
def test_dates_are_written_as_the_language_writes_them(language, expected):
    with translation.override(language):
        moment = datetime(2026, 5, 4, 16, 5)  # noqa: DTZ001 -- a wall clock without a zone is what gets written
        assert date_format(moment, "DATETIME_FORMAT") == expected


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_and_registering_is_in_ones_language(language):
    django_cache.clear()
    make_unit("云岭明光新材料有限公司")
    wrong = {"login": "1", "password": "short", "email": "x", "name": "", "code": "123", "kind": "x", "phone": "1", "district": "x"}
    pages = ("/account/login/", "/account/register/", "/account/register/gone/", "/join/", "/account/password/reset/")
    for path in pages:
        for answer in (Client().get(f"/{language}{path}"), Client().post(f"/{language}{path}", wrong), Client().post(f"/{language}{path}")):
            assert answer.status_code in {200, 410, 422}, path
            assert left_in_chinese(answer, language) == [], path
        others = alternates(Client().get(f"/{language}{path}"))
        assert {code: others.get(code) for code in ("zh-hans", "en")} == {"zh-hans": path, "en": f"/en{path}"}
    top = html.fromstring(Client().get(f"/{language}/help/").content.decode()).xpath("//header//a/@href")
    assert {f"/{language}/join/", f"/{language}/account/login/"} <= set(top)


@pytest.mark.django_db
def test_the_second_factor_is_asked_in_the_language_of_signing_in():
    person = make_account("kim", "operator")
    answer = Client().post("/ko/account/login/", {"login": person.login, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/ko/account/2fa/authenticate/")
    assert left_in_chinese(answer, "ko") == []


def test_a_fault_of_the_server_is_told_in_four_languages():
    page = html.fromstring(render_to_string("500.html"))
    assert [page.get("lang"), *page.xpath("//section/@lang")] == ["zh-Hans", *LANGUAGES]
