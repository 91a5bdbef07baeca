"""Every field of every model is in the catalogue of personal data, and each entry says what the law asks."""

import json

import pytest
from django.apps import apps

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.personal.catalogue import assessments, catalogue, own_models, problems, table_of
from keheng.kernel.personal.masks import MASKS
from keheng.kernel.personal.models import Consent, DataRequest

GOOD = {"kind": "text", "class": "ordinary", "purpose_zh": "甲", "purpose_en": "a", "basis": "个人信息保护法 art. 13", "keep": "consent"}
OTHERS = ["notice", "version", "how", "given_at", "withdrawn_at"]


def test_the_catalogue_is_complete_and_sound():
    assert problems(own_models(), catalogue()) == []


def test_all_installed_packages_are_looked_at():
    labels = {model._meta.label for model in own_models()}
    assert {"kernel.AuditEntry", "personal.Consent", "access.Account", "directory.Person"} <= labels
    assert len(labels) == len([model for model in apps.get_models(include_auto_created=True) if "keheng" in model.__module__])


@pytest.mark.parametrize(("content", "sentences"), [
    ({"fields": {"person_key": GOOD}, "not_personal": OTHERS}, []),
    ({"fields": {}, "not_personal": ["person_key", *OTHERS]}, []),
    ({"fields": {"person_key": GOOD}, "not_personal": ["id", *OTHERS]}, []),
    ({"fields": {}, "not_personal": OTHERS}, ["person_key: neither personal nor not"]),
    ({}, [f"{name}: neither personal nor not" for name in ["person_key", *OTHERS]]),
    ({"fields": {"person_key": GOOD}, "not_personal": ["person_key", *OTHERS]}, ["person_key: both personal and not"]),
    ({"fields": {"person_key": GOOD, "gone": GOOD}, "not_personal": [*OTHERS, "left"]}, ["gone: no such field", "left: no such field"]),
    ({"fields": {"person_key": {**GOOD, "purpose_zh": ""}}, "not_personal": OTHERS}, ["person_key: no purpose in both languages"]),
    ({"fields": {"person_key": {**GOOD, "purpose_en": ""}}, "not_personal": OTHERS}, ["person_key: no purpose in both languages"]),
    ({"fields": {"person_key": {**GOOD, "basis": "law"}}, "not_personal": OTHERS}, ["person_key: no legal basis with its article"]),
    ({"fields": {"person_key": {**GOOD, "keep": "forever"}}, "not_personal": OTHERS}, ["person_key: no retention rule 'forever'"]),
    ({"fields": {"person_key": {**GOOD, "kind": "shoe"}}, "not_personal": OTHERS}, ["person_key: no kind 'shoe'"]),
    ({"fields": {"person_key": {**GOOD, "class": "secret"}}, "not_personal": OTHERS}, ["person_key: no class 'secret'"]),
    ({"fields": {"person_key": {**GOOD, "class": "sensitive"}}, "not_personal": OTHERS}, ["person_key: blocked: sensitive, and no impact assessment is on record"]),
    ({"fields": {"person_key": {**GOOD, "class": "sensitive", "assessment": "none"}}, "not_personal": OTHERS}, ["person_key: blocked: sensitive, and no impact assessment is on record"]),
    ({"fields": {"person_key": {**GOOD, "class": "sensitive", "assessment": "identity-numbers-2026"}}, "not_personal": OTHERS}, []),
])  # fmt: skip
def test_what_is_wrong_is_found(content, sentences):
    assert problems([Consent], {"personal.Consent": table_of("personal.Consent", content)}) == [
        f"personal.Consent.{one}" for one in sentences
    ]


def test_a_model_without_a_table_and_a_table_without_a_model_are_found():
    found = problems([Consent], {"personal.Gone": table_of("personal.Gone", {})})
    assert found == ["personal.Gone: no such model", "personal.Consent: not in the catalogue"]


@pytest.mark.parametrize("name", [
    "phone", "mobile", "phone_mark", "email", "mail_to", "id_number", "id_card", "passport", "address", "birth", "born_on", "name", "name_plain", "contact", "login", "surname",
])  # fmt: skip
def test_a_name_that_smells_of_a_person_needs_a_reason(name):
    field = DataRequest._meta.get_field("kind")
    fake = type(
        "Fake", (), {"__module__": "keheng.x", "_meta": type("Meta", (), {"label": "x.Fake", "concrete_fields": [named(field, name)]})}
    )
    content = {"fields": {}, "not_personal": [name]}
    assert problems([fake], {"x.Fake": table_of("x.Fake", content)}) == [
        f"x.Fake.{name}: its name suggests a person, say why it is not personal"
    ]
    assert problems([fake], {"x.Fake": table_of("x.Fake", {**content, "why": {name: "of an organisation"}})}) == []


def named(field, name):
    other = field.clone()
    other.set_attributes_from_name(name)
    return other


def test_assessments_say_what_was_weighed_and_are_kept_for_three_years():
    wanted = {"what_zh", "what_en", "date", "lawful_zh", "risk_zh", "measures_zh", "confirmed_by_zh", "kept_days"}
    assert {reference: set(one) for reference, one in assessments().items()} == dict.fromkeys(assessments(), wanted)
    assert [one for one in assessments().values() if int(one["kept_days"]) < 1096] == []


def test_every_kind_has_a_title_for_the_public():
    titles = json.loads((definitions_folder("personal") / "kinds.json").read_text(encoding="utf-8"))
    assert set(titles) == set(MASKS)
