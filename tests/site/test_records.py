"""The records behind figures: each measure that names them leads to pages that open, for those who may, on the demo city."""

from itertools import islice

import pytest
from django.utils.timezone import localdate
from people import actor_for, signed_in

from keheng.access.models import Account
from keheng.kernel.measures import all_measures, opened
from keheng.kernel.periods import Period

_LOOKED_AT = 1
_SCOPES = {
    "performance.outside": {"key": "portal.response"}, "matters.answered_so": {"of": "found:正常"}, "matters.completed_amount": {"of": "grant"},
}  # fmt: skip
# What the demo city's two years have no row of.
NOT_IN_THE_CITY = {"directory.organisations.other", "performance.certified"}


def keys_of(measure):
    """Ids of the first records of this year and the last."""
    years = [Period.year(localdate().year - back) for back in (0, 1)]
    scope = _SCOPES.get(measure.code, {})
    return [row[measure.records.key] for year in years for row in islice(measure.evidence(year, scope), _LOOKED_AT)]


@pytest.mark.one_database
def test_rows_lead_to_pages_that_open(in_city):
    readers = [(actor_for(one), signed_in(one)) for one in Account.objects.filter(login__startswith="demo.").order_by("login")]
    lost, without, looked = [], set(), set()
    for measure in all_measures():
        keys = keys_of(measure) if measure.records else []
        found = [(place, page) for place, (actor, _) in enumerate(readers) for page in opened(measure.records, actor, keys).values()]
        lost += [(measure.code, "nobody opens it")] * bool(keys and not found)
        lost += [(measure.code, page) for place, page in set(found) - looked if readers[place][1].get(page).status_code != 200]
        looked |= set(found)
        without |= {measure.code} if measure.records and not keys else set()
    assert not lost, lost
    assert without == NOT_IN_THE_CITY
