"""What two people do in the same moment."""

from datetime import timedelta
from threading import Barrier, Thread

from django.db import connection
from django.utils.timezone import localdate
from people import actor_for, make_account, make_person

from keheng.access.actions.grants import apply_for_grant
from keheng.kernel.errors import Refused

TODAY = localdate()
YEAR = TODAY + timedelta(days=366)


def test_two_posts_applied_for_in_the_same_moment_leave_one(fresh):
    """Two administrators apply at once for two posts for one person, who has two accounts."""
    person = make_person()
    applicants = [make_account(f"applicant{n}", "system_admin") for n in range(2)]
    accounts = [make_account(f"account{n}", person=person) for n in range(2)]
    barrier, outcomes = Barrier(2), []

    def apply(n, role):
        barrier.wait()
        try:
            apply_for_grant(actor=actor_for(applicants[n]), account=accounts[n], role=role, begins=TODAY, ends=YEAR, reason="工作需要")
            outcomes.append("applied")
        except Refused as refusal:
            outcomes.append(refusal.problems[0].code)
        finally:
            connection.close()

    threads = [Thread(target=apply, args=(n, role)) for n, role in enumerate(("audit_admin", "security_admin"))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["ACC_POST_DOUBLE", "applied"]
