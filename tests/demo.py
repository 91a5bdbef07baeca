"""The demo city at its small scale, for tests that walk through it."""

from keheng.access import demo as access_demo
from keheng.directory import demo as directory_demo
from keheng.directory.models import Organisation
from keheng.kernel.accounts import accounts
from keheng.kernel.desk import demo as desk_demo
from keheng.matters import demo as matters_demo
from keheng.performance import demo as performance_demo
from keheng.portal import demo as portal_demo
from keheng.review import demo as review_demo
from keheng.site import demo_contest, demo_funds


def load_city():
    """Units, people, an account for each role, the public site."""
    directory_demo.load(scale="small", progress=lambda *_: None)
    units = Organisation.objects.filter(kind="enterprise", status="active").order_by("pk")[:2]
    opened = access_demo.load([one.pk for one in units], units[0].district)
    desk_demo.load({one.login: accounts().find(one.login) for one in opened})
    portal_demo.load(scale="small", progress=lambda *_: None)
    review_demo.load(progress=lambda *_: None)
    matters_demo.load(scale="small", progress=lambda *_: None)
    demo_funds.load(scale="small", progress=lambda *_: None)
    demo_contest.load(scale="small", progress=lambda *_: None)
    performance_demo.load(scale="small", progress=lambda *_: None)
