"""Addresses of uploads and files."""

from django.urls import path

from keheng.kernel.uploads import downloads, views

app_name = "uploads"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<uuid:number>/", views.upload, name="upload"),
    path("files/<str:digest>/<str:name>", downloads.download, name="file"),
]
