"""Addresses."""

from django.http import HttpResponse
from django.urls import path

public = [path("matters/cases/<int:pk>/", lambda r, pk: HttpResponse(), name="case")]
work = [path("<int:pk>/", lambda r, pk: HttpResponse(), name="case")]
