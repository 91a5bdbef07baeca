"""The door of review.

``open_round`` takes subjects of one kind: what is judged, whose unit, who must not judge, and a document that tells nobody whose it is.
Everything of a round is an act that raises ``Refused`` with every problem at once. Events say when judges were drawn, when a list was
published and when a round closed (``keheng.review.events``); ``results_of`` gives the outcome by the subject's reference.
Subjects that come one by one ``enter_round``; ``standing_of`` tells where one stands, ``withdraw_subject`` takes it back, and
``bind_page`` says where its page is.
"""

from keheng.review.actions.draws import commit_draw, hand_in_half, pledge_half, reveal_draw
from keheng.review.actions.entering import enter_round, withdraw_subject
from keheng.review.actions.panel import declare_conflict, decline_round, state_independence
from keheng.review.actions.publicity import close_round, decide_objection, file_objection, publish_list
from keheng.review.actions.rounds import call_judges, name_observer, open_round
from keheng.review.actions.scoring import ask_further_reading, combine_round, submit_scores
from keheng.review.actions.texts import forget_texts
from keheng.review.queries.opinions import Opinion, opinions_on
from keheng.review.queries.results import Result, results_of
from keheng.review.queries.standings import SubjectStanding, bind_page, standing_of, standings_of
from keheng.review.rules.rounds import Call, Cited, Paper, RoundFacts, Subject, Unwanted

__all__ = [
    "Call", "Cited", "Opinion", "Paper", "Result", "RoundFacts", "Subject", "SubjectStanding", "Unwanted", "ask_further_reading",
    "bind_page", "call_judges", "close_round", "combine_round", "commit_draw", "decide_objection", "declare_conflict", "decline_round",
    "enter_round", "file_objection", "forget_texts", "hand_in_half", "name_observer", "open_round", "opinions_on", "pledge_half",
    "publish_list", "results_of", "reveal_draw", "standing_of", "standings_of", "state_independence", "submit_scores", "withdraw_subject",
]  # fmt: skip
