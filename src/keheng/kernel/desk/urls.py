"""Addresses of the workbench, below /desk/."""

from django.urls import URLPattern

app_name = "desk"
urlpatterns: list[URLPattern] = []
