"""Addresses: the public ones exist in four languages, those of staff stand below /manage/."""

from django.urls import URLPattern

public: list[URLPattern] = []
staff: list[URLPattern] = []
