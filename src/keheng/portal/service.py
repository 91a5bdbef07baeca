"""The door of the portal.

Whoever has something open registers a source with ``register_open_now``; it is shown on the front page. ``register_resources`` puts a
group on the page of resources, ``register_offers`` what can be applied for into the service hall, ``register_places`` public records
into the site map for machines. ``moved_to`` tells where an address leads now. Whoever knows when a service is over makes an
``Occasion`` known and calls ``ask_after``: standing surveys ask whoever was served. Acts raise
``keheng.kernel.errors.Refused`` with every problem at once. Events: ``keheng.portal.events.content``.
"""

from keheng.portal.actions.checking import EXAMINE, examine
from keheng.portal.actions.feedback import Message, answer_feedback, blank_feedback, publish_answer, receive_feedback
from keheng.portal.actions.occasions import Served, ask_after
from keheng.portal.actions.outside import SEND_CODE
from keheng.portal.actions.steps import TELL_SUBSCRIBERS, expire_articles, publish_due
from keheng.portal.actions.subscriptions import SEND_CONFIRMATION, SEND_NEWS, confirmation_token, ending_token, tell_subscribers
from keheng.portal.actions.visits import count_logs, forget_visitors
from keheng.portal.queries.ages import Age, ages
from keheng.portal.queries.articles import worked_on
from keheng.portal.queries.feedback import held_about
from keheng.portal.queries.open_now import OpenNow, open_now, register_open_now
from keheng.portal.queries.public_places import register_places
from keheng.portal.queries.published import moved_to
from keheng.portal.queries.resources import Resource, ResourceGroup, register_resources
from keheng.portal.queries.services import Offer, register_offers
from keheng.portal.rules.occasions import Occasion, register_occasion

__all__ = [
    "EXAMINE", "SEND_CODE", "SEND_CONFIRMATION", "SEND_NEWS", "TELL_SUBSCRIBERS", "Age", "Message", "Occasion", "Offer", "OpenNow",
    "Resource", "ResourceGroup", "Served",
    "ages", "answer_feedback", "ask_after", "blank_feedback", "confirmation_token", "count_logs", "ending_token", "examine",
    "expire_articles", "forget_visitors", "held_about", "moved_to", "open_now", "publish_answer", "publish_due", "receive_feedback",
    "register_occasion", "register_offers", "register_open_now", "register_places", "register_resources", "tell_subscribers", "worked_on",
]  # fmt: skip
