"""The door of the directory.

Organisations and people are found by number, code or ``*_for`` lists bounded by what the actor may see. Acts raise
``keheng.kernel.errors.Refused`` with every problem at once. ``related_units`` tells who stands above, below and beside a unit on a
day, ``avoidance_between`` why an expert should not judge a unit (empty: nothing is known), ``avoidance_among`` the same for many
experts, units and people at once. Events: ``keheng.directory.events``.
"""

from keheng.directory.actions.erasing import erase_person
from keheng.directory.actions.experts import add_avoidance_fact, apply_expert, approve_expert, leave_pool, resume_expert, suspend_expert
from keheng.directory.actions.merging import merge_records, tell_apart, undo_merge
from keheng.directory.actions.organisations import (
    change_organisation,
    close_organisation,
    facts_from,
    move_organisation,
    register_organisation,
    rename_organisation,
)
from keheng.directory.actions.people import (
    add_affiliation,
    change_person,
    end_affiliation,
    person_facts_from,
    register_person,
)
from keheng.directory.actions.relations import add_control, declare_related_party, end_control, end_related_party, set_parent
from keheng.directory.enums import districts, fields_of_work, kinds
from keheng.directory.queries.avoidance import Avoidance, avoidance_among
from keheng.directory.queries.organisations import find_by_code, matching, organisation_name, organisations_for
from keheng.directory.queries.own_data import data_about
from keheng.directory.queries.people import affiliated_with, experts_for, experts_of, people_for, people_numbered
from keheng.directory.queries.relations import AvoidanceReason, RelatedUnit, avoidance_between, related_units
from keheng.directory.rules.organisations import Facts
from keheng.directory.rules.people import PersonFacts

__all__ = [
    "Avoidance", "AvoidanceReason", "Facts", "PersonFacts", "RelatedUnit", "add_affiliation", "add_avoidance_fact", "add_control",
    "affiliated_with", "apply_expert", "approve_expert", "avoidance_among", "avoidance_between", "change_organisation", "change_person",
    "close_organisation", "data_about", "declare_related_party", "districts", "end_affiliation", "end_control", "end_related_party",
    "erase_person", "experts_for", "experts_of", "facts_from", "fields_of_work", "find_by_code", "kinds", "leave_pool", "matching",
    "merge_records", "move_organisation", "organisation_name", "organisations_for", "people_for", "people_numbered", "person_facts_from",
    "register_organisation", "register_person", "related_units", "rename_organisation", "resume_expert", "set_parent", "suspend_expert",
    "tell_apart", "undo_merge",
]  # fmt: skip
