"""The door of access.

``open_account`` opens an account (Refused with every problem), ``appoint_manager`` makes it the first manager of a unit.
``managers_by_unit`` are the accounts that manage units; ``holders_of`` those that hold a permission where a record lies.
``standing`` tells what an account holds now and for which unit it acts; its ``principal`` is the actor of every act.
``roles`` are all roles by code. Who may open a page is said with ``keheng.kernel.doors``; which records, with ``Principal.within``.
"""

from keheng.access.actions.accounts import account_problems, anonymise, open_account, stop_dormant
from keheng.access.actions.grants import appoint_first_posts, appoint_manager
from keheng.access.queries import Standing, disposable_accounts, holders_of, managers_by_unit, password_link, standing, told_about
from keheng.access.rules.passwords import password_is_old
from keheng.access.rules.policy import policy
from keheng.access.rules.roles import roles

__all__ = [
    "Standing", "account_problems", "anonymise", "appoint_first_posts", "appoint_manager", "disposable_accounts", "holders_of",
    "managers_by_unit", "open_account", "password_is_old", "password_link", "policy", "roles", "standing", "stop_dormant", "told_about",
]  # fmt: skip
