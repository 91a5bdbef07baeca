"""Registration of the site with Django: when everything is loaded, the capabilities are wired together."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

# Questions that a PostgreSQL connection keeps the plan of. The driver's own 100 are fewer than a day's different questions: each would
# push out another before it came again.
_PLANS_KEPT = 2_000


class SiteConfig(AppConfig):
    """The site."""

    name = "keheng.site"
    label = "keheng_site"
    verbose_name = "站点"

    def ready(self) -> None:
        """Load the wiring, which registers jobs and reactions, the site's own measures, and installed plugins."""
        import_module("keheng.site.wiring")
        import_module("keheng.site.database_statistics")
        import_module("keheng.site.own_measures")
        import_module("keheng.site.desk")
        import_module("keheng.kernel.plugins").load_installed()
        connection_created.connect(_keep_plans)


def _keep_plans(connection: Any, **_: Any) -> None:
    """A connection is made, or taken from the pool."""
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = _PLANS_KEPT
