"""Django's settings. What differs between installations comes from ``installation``; everything else stands here."""

import os
from pathlib import Path

from keheng.site import installation

SECRET_KEY = installation.secret_key()
PERSONAL_KEY = installation.kept_secret("personal-key", "KEHENG_PERSONAL_KEY")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("KEHENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
DATABASES = {"default": installation.database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}
INSTALLED_APPS = [
    "keheng.site",
    "keheng.kernel",
    "keheng.kernel.search",
    "keheng.kernel.uploads",
    "keheng.kernel.personal",
    "keheng.kernel.tables",
    "keheng.kernel.desk",
    "keheng.kernel.api",
    "keheng.access",
    "keheng.directory",
    "keheng.review",
    "keheng.matters",
    "keheng.portal",
    "keheng.performance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "allauth.idp.oidc",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "keheng.site.middleware.headers",
    "keheng.site.middleware.api_problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "keheng.site.middleware.without_nul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "keheng.site.middleware.acting",
    "keheng.kernel.desk.sending.sent_drafts",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "keheng.site.page.frame",
            ]
        },
    }
]
FORM_RENDERER = "keheng.site.widgets.Renderer"
ROOT_URLCONF = "keheng.site.urls"
WSGI_APPLICATION = "keheng.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English"), ("ja", "日本語"), ("ko", "한국어")]
LOCALE_PATHS = [Path(__file__).with_name("locale")]
FORMAT_MODULE_PATH = "keheng.site.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = os.environ.get("KEHENG_MAIL", "django.core.mail.backends.filebased.EmailBackend")
FILES_FOLDER = installation.files_folder()
GATE_FOLDER = installation.data_folder() / "gate"
PRINTS_FOLDER = installation.data_folder() / "prints"
# How people reach the site, such as https://kjfw.example.gov.cn, for the links in mails.
SITE_ADDRESS = os.environ.get("KEHENG_ADDRESS", "").rstrip("/")
EMAIL_FILE_PATH = str(installation.data_folder() / "mail")

# Over HTTPS, which every installation but one on its own machine uses, cookies never leave it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = installation.uses_https()
SESSION_COOKIE_NAME = "keheng"
SECURE_HSTS_SECONDS = 31_536_000 if installation.uses_https() else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if installation.uses_https() else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "keheng.site.sent_too_late.sent_too_late"
SECURE_REFERRER_POLICY = "same-origin"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["keheng.access.rules.passwords.OneLaneArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "keheng.access.rules.passwords.ComplexPassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "keheng.access.rules.passwords.NewPassword"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/desk/", "/"

ACCOUNT_ADAPTER = "keheng.access.views.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Locks are ours, by (login name, address): two systems of locks would disagree.
# The rest is for codes of the second factor, where only someone with the password gets.
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": "5/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "科衡"
# Clocks of phones differ, and codes are typed until the last second (RFC 6238 section 5.2: one step back; the one ahead for phones).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {"authenticate": "keheng.access.forms.CodeForm", "reauthenticate": "keheng.access.forms.CodeAgainForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": installation.identity_providers()}}
SOCIALACCOUNT_ADAPTER = "keheng.access.views.adapter.OutsideAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
IDP_OIDC_ADAPTER = "keheng.access.views.adapter.IdentityAdapter"
IDP_OIDC_PRIVATE_KEY = installation.signing_key()

# On every handler, not on a logger: a logger's filter misses what its children record.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"personal": {"()": "keheng.kernel.personal.log_filter.PersonalFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["personal"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own set-up would write to handlers without the filter.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
