"""Who takes part when cases go through reviews: a firm with two people, and those of the office."""

from people import actor_for, make_account, make_unit

from keheng.site.demo_rounds import Firm


def cast_of(folder, settings):
    """A firm with two people, a window clerk, an officer, a leader; and experts in the pool."""
    settings.FILES_FOLDER = folder / "files"
    unit = make_unit(credit_code="91990101000DBCMM5J")
    accounts = {"member": make_account("member", "unit_member", unit=unit), "manager": make_account("manager", "unit_manager", unit=unit)}
    for name, role in {"clerk": "window_clerk", "officer": "case_officer", "leader": "leader"}.items():
        accounts[name] = make_account(name, role)
    found = {name: actor_for(account, unit.pk if name in {"member", "manager"} else None) for name, account in accounts.items()}
    return {**found, "accounts": accounts, "unit": unit, "firm": Firm(found["member"], found["manager"], unit.name, unit.credit_code)}
