"""Addresses of uploads and files."""

from django.urls import path

from keheng.kernel.uploads import downloads, previews, views

app_name = "uploads"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<uuid:number>/", views.upload, name="upload"),
    path("files/<str:digest>/<str:name>", downloads.download, name="file"),
    path("files/<str:digest>/pages/<row:number>.jpg", previews.page_picture, name="page"),
    path("files/<str:digest>/pages/<str:name>/", previews.reader, name="reader"),
]
