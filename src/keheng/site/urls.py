"""Addresses of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from keheng.access.urls import entrance as register
from keheng.access.views.signing_in import sign_in
from keheng.directory.urls import entrance as join
from keheng.matters.urls import public as matters
from keheng.matters.urls import work
from keheng.portal.urls import public, staff
from keheng.review.urls import public as review_public
from keheng.review.urls import staff as review_staff
from keheng.site import api, demo_faults, look, style, views

own = [
    path("style/", style.style, name="style"),
    path("demo-faults/", demo_faults.demo_faults, name="demo-faults"),
    path("api/", api.reference, name="api"),
    path("api/v1/openapi.json", api.description, name="api-description"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<row:pk>/retry/", views.retry, name="retry"),
    path("doctor/", views.doctor, name="doctor"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.export_trail, name="export-trail"),
]
handler404 = api.not_found
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("", include((own, "site"))),
    path("api/v1/", api.api.urls),
    path("account/", include("keheng.access.urls")),
    path("account/outside/", include("allauth.socialaccount.urls")),
    path("account/outside/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("allauth.idp.urls")),
    path("", include("keheng.kernel.uploads.urls")),
    path("personal/", include("keheng.kernel.personal.urls")),
    path("desk/", include("keheng.kernel.desk.urls")),
    path("manage/cases/", include((work, "casework"))),
    path("manage/", include((staff, "manage"))),
    path("review/", include((review_staff, "review"))),
    path("performance/", include("keheng.performance.urls")),
    path("", include("keheng.directory.urls")),
    *i18n_patterns(
        path("look/", look.choose, name="look"),
        path("account/login/", sign_in, name="account_login"),
        path("", include(([*register, *join], "entrance"))),
        path("account/", include("allauth.account.urls")),
        path("account/2fa/", include("allauth.mfa.urls")),
        path("reviews/", include((review_public, "reviews"))),
        path("", include((matters, "matters"))),
        path("", include((public, "portal"))),
        prefix_default_language=False,
    ),
]
