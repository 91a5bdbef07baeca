"""Addresses of the workbench, below /desk/."""

from django.urls import path

from keheng.kernel.desk.views import lists

app_name = "desk"
urlpatterns = [
    path("tables/<str:code>/columns/", lists.columns, name="columns"),
    path("tables/<str:code>/filters/", lists.filter_save, name="filter-save"),
    path("filters/<int:pk>/forget/", lists.filter_forget, name="filter-forget"),
    path("exports/<int:pk>/", lists.export, name="export"),
]
