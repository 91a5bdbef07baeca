"""The door of matters.

``open_case``, ``save_answers``, ``move_case`` and ``move_many`` are what pages and jobs do; each raises
``keheng.kernel.errors.Refused`` with every problem at once. A capability that takes part in cases binds its functions to the names
that files use (``definitions/matters/points.json``) in ``site/wiring.py``: ``bind("guards", "review.done", function)`` with
``function(one: Loaded) -> bool | None``, ``bind("effects", "review.begin", function)`` with ``function(*, actor, case: int)`` in the
transaction of the move, ``bind("waivers", "directory.registered", function)`` with ``function(one: Loaded) -> bool``,
``bind("facts", "review.score", function)`` with ``function(case: int)`` whose answer stands as if it were typed. ``look_at`` reads a
case for such a function, ``excerpt`` says its answers, ``citing_tables`` those that name files; ``register_aside`` adds a piece to the
pages of a case; ``archive_case`` makes the package of a case that ended; ``register_keeper`` says what keeps an archive past its term.
Events: ``keheng.matters.events``.
"""

from keheng.matters.actions.applying import add_material, discard_draft, open_case, remove_material, renew_draft, save_answers
from keheng.matters.actions.archiving import archive_case, archive_ended, check_due
from keheng.matters.actions.booking import book_turn, cancel_turn, move_turn
from keheng.matters.actions.bulletins import freeze_bulletin
from keheng.matters.actions.fact_changes import note_change
from keheng.matters.actions.follow_ups import call_back, close_follow_up
from keheng.matters.actions.growing import Begun, Grown, Step, enter_cases, grow
from keheng.matters.actions.importing import begin_import, run_import
from keheng.matters.actions.matching import follow_case, follow_changes, follow_policies, match_everybody, match_unit
from keheng.matters.actions.moving import BatchResult, MoveWish, lapse_case, move_case, move_many
from keheng.matters.actions.objecting import answer_policy_objection, file_policy_objection
from keheng.matters.actions.offering import follow_offers, offer_policy, open_offer
from keheng.matters.actions.policies import tell_facts
from keheng.matters.actions.publishing import publish_guides
from keheng.matters.actions.rating import rate_case
from keheng.matters.actions.reminding import follow_calendar, lapse_due, remind_due
from keheng.matters.actions.serving import call_next, check_in, close_days, finish_turn, miss_turn, take_walk_in
from keheng.matters.actions.substituting import end_substitution, substitute
from keheng.matters.actions.ticking import tick_step
from keheng.matters.actions.working import drop_correction, note_correction, write_letter
from keheng.matters.models import Case
from keheng.matters.queries.archives.disposals import register_keeper
from keheng.matters.queries.asides import register_aside
from keheng.matters.queries.cases import Loaded, all_answers, cases_for, children_done, loaded, look_at, matter_of, own_cases
from keheng.matters.queries.excerpts import CitingTable, citing_tables, excerpt
from keheng.matters.queries.files import material_files
from keheng.matters.queries.policies.looking import policies_about
from keheng.matters.queries.texts import HeldText, cases_to_compare, compared, oldest_of, texts_of
from keheng.matters.rules.files.attached import Review, window_on
from keheng.matters.rules.files.points import bind
from keheng.matters.rules.files.shelf import all_in_force, flaws_of_files, in_force, not_as_released
from keheng.matters.rules.files.tables import Quotes

__all__ = [
    "BatchResult",
    "Begun",
    "Case",
    "CitingTable",
    "Grown",
    "HeldText",
    "Loaded",
    "MoveWish",
    "Quotes",
    "Review",
    "Step",
    "add_material",
    "all_answers",
    "all_in_force",
    "answer_policy_objection",
    "archive_case",
    "archive_ended",
    "begin_import",
    "bind",
    "book_turn",
    "call_back",
    "call_next",
    "cancel_turn",
    "cases_for",
    "cases_to_compare",
    "check_due",
    "check_in",
    "children_done",
    "citing_tables",
    "close_days",
    "close_follow_up",
    "compared",
    "discard_draft",
    "drop_correction",
    "end_substitution",
    "enter_cases",
    "excerpt",
    "file_policy_objection",
    "finish_turn",
    "flaws_of_files",
    "follow_calendar",
    "follow_case",
    "follow_changes",
    "follow_offers",
    "follow_policies",
    "freeze_bulletin",
    "grow",
    "in_force",
    "lapse_case",
    "lapse_due",
    "loaded",
    "look_at",
    "match_everybody",
    "match_unit",
    "material_files",
    "matter_of",
    "miss_turn",
    "move_case",
    "move_many",
    "move_turn",
    "not_as_released",
    "note_change",
    "note_correction",
    "offer_policy",
    "oldest_of",
    "open_case",
    "open_offer",
    "own_cases",
    "policies_about",
    "publish_guides",
    "rate_case",
    "register_aside",
    "register_keeper",
    "remind_due",
    "remove_material",
    "renew_draft",
    "run_import",
    "save_answers",
    "substitute",
    "take_walk_in",
    "tell_facts",
    "texts_of",
    "tick_step",
    "window_on",
    "write_letter",
]  # fmt: skip
