"""Registration of the site with Django: when everything is loaded, the capabilities are wired together."""

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site."""

    name = "keheng.site"
    label = "keheng_site"
    verbose_name = "站点"

    def ready(self) -> None:
        """Load the wiring, which registers jobs and reactions, the site's own measures, and installed plugins."""
        import_module("keheng.site.wiring")
        import_module("keheng.site.own_measures")
        import_module("keheng.site.desk")
        import_module("keheng.kernel.plugins").load_installed()
