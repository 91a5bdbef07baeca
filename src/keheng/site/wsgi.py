"""The application that the web server runs: lanes, the log of visits, kept pages, then Django."""

import gc
import os
import signal

from django.core.wsgi import get_wsgi_application

# A web process that is still loading has its parent's handlers, which only note a signal: it would be deaf until it serves.
signal.signal(signal.SIGTERM, signal.SIG_DFL)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keheng.site.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- settings can be read only now
from django.urls import get_resolver  # noqa: E402 -- goes with the line above

from keheng.kernel.trail.changed import last_change  # noqa: E402 -- goes with the line above
from keheng.site.installation import data_folder, probe_secret  # noqa: E402 -- goes with the line above
from keheng.site.kept_pages import KeptPages  # noqa: E402 -- goes with the line above
from keheng.site.lanes import Lanes  # noqa: E402 -- goes with the line above
from keheng.site.visits_log import VisitsLog  # noqa: E402 -- goes with the line above

# Read now, so that no visitor waits for it.
get_resolver().url_patterns  # noqa: B018 -- a property that reads all addresses once

# What lives as long as the process need not be looked through again; a page makes and drops some thousands of objects.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

application = Lanes(
    VisitsLog(
        KeptPages(django, settings.SESSION_COOKIE_NAME, last_change), data_folder() / "visits", settings.SESSION_COOKIE_NAME, probe_secret()
    )
)
