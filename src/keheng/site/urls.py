"""Addresses of the site."""

from django.urls import URLPattern, path

from keheng.site.views import health

urlpatterns: list[URLPattern] = [path("healthz", health, name="health")]
