"""Addresses of personal data, below ``personal/``."""

from django.urls import path, re_path

from keheng.kernel.personal import views

app_name = "personal"
urlpatterns = [
    path("catalogue/", views.catalogue_page, name="catalogue"),
    path("reveal/<str:label>/<str:pk>/<str:field>/", views.reveal_page, name="reveal"),
    path("mine/", views.mine, name="mine"),
    re_path(r"^mine/export/(?P<form>json|pdf)/$", views.export, name="export"),
    path("mine/ask/", views.ask, name="ask"),
    path("mine/consent/", views.consent, name="consent"),
    path("requests/", views.request_list, name="requests"),
    path("requests/<row:pk>/", views.request_page, name="request"),
    path("holds/", views.holds, name="holds"),
    path("retention/", views.retention, name="retention"),
]
