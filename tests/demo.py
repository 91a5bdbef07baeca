"""The demo city at its small scale, for tests that walk through it."""

from keheng.access import demo as access_demo
from keheng.directory import demo as directory_demo
from keheng.directory.models import Organisation


def load_city():
    """Units, people and an account for each role."""
    directory_demo.load(scale="small", progress=lambda *_: None)
    units = Organisation.objects.filter(kind="enterprise", status="active").order_by("pk")[:2]
    access_demo.load([one.pk for one in units], units[0].district)
