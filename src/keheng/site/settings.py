"""Django's settings. What differs between installations comes from ``installation``; everything else stands here."""

import os

from keheng.site import installation

SECRET_KEY = installation.secret_key()
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("KEHENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
DATABASES = {"default": installation.database()}
INSTALLED_APPS = ["keheng.kernel", "keheng.site"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "keheng.site.urls"
WSGI_APPLICATION = "keheng.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
