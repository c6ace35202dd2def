"""How the rooms are put together. Everything that differs between installations comes from the environment."""

from pathlib import Path

import environ  # type: ignore[import-untyped]
from csp.constants import NONE, SELF

from tiepcan.config import data_folder, demonstration

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]

# Where an installation keeps what is its own: the embedded database, files of evidence, its secret.
DATA = Path(env("TIEPCAN_DATA", default=str(ROOT / ".data"))).resolve()
# Key that signs sessions and forms; made in the data folder when not given.
SECRET_KEY = env("TIEPCAN_SECRET_KEY", default="") or data_folder.secret_key(DATA)
# Key that encrypts identity numbers of households; made in the data folder when not given. It never changes.
IDENTITY_KEY = env("TIEPCAN_IDENTITY_KEY", default="") or data_folder.identity_key(DATA)
# Names under which the program is reached, parted by commas.
ALLOWED_HOSTS = env.list("TIEPCAN_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# "1" when people reach the program over https through a proxy that sets X-Forwarded-Proto.
BEHIND_HTTPS = env.bool("TIEPCAN_HTTPS", default=False)

# Days that a file of households is kept with its rows after it ended: written, taken back, given up or failed.
FORGET_FILES_AFTER = env.int("TIEPCAN_FORGET_FILES_AFTER", default=30)
# Days that a file of households is kept which nobody had written or gave up, from its coming.
FORGET_UNDECIDED_FILES_AFTER = env.int("TIEPCAN_FORGET_UNDECIDED_FILES_AFTER", default=90)

# A .pem, or a folder of them: certificates of the authorities whose signatures in a .pdf are believed.
TRUSTED_CERTIFICATES = env("TIEPCAN_TRUSTED_CERTIFICATES", default="")

DEBUG = False
DEMONSTRATION_DAY = data_folder.demonstration_day(DATA)

# Told on the sign-in page of a demonstration, and of nothing else.
DEMONSTRATION_SIGN_INS = (
    [(a.username, a.shown_as) for a in demonstration.ACCOUNTS] if DEMONSTRATION_DAY else []
)
DEMONSTRATION_PASSWORD = demonstration.PASSWORD if DEMONSTRATION_DAY else ""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "tiepcan.audit",
    "tiepcan.units",
    "tiepcan.web",
    "tiepcan.accounts",
    "tiepcan.paperwork",
    "tiepcan.standards",
    "tiepcan.plans",
    "tiepcan.households",
    "tiepcan.supports",
    "tiepcan.devices",
    "tiepcan.telecom",
    "tiepcan.verification",
    "tiepcan.reporting",
    "tiepcan.home",
    "tiepcan.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tiepcan.web.middleware.tells_where_to",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tiepcan.intake.middleware.not_too_large",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tiepcan.accounts.middleware.who_asks",
    "tiepcan.home.views.told",
    "tiepcan.accounts.middleware.doors",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tiepcan.config.urls"
WSGI_APPLICATION = "tiepcan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "tiepcan.web.environment.environment",
            "context_processors": [
                "tiepcan.home.frame.of_page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

# A real server (postgres://user:password@host/name), or nothing: then the embedded one starts by itself.
DATABASE_URL = env("DATABASE_URL", default="")
DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    else {
        "ENGINE": "tiepcan.config.embedded",
        "NAME": "postgres",
        # A refused row must not end in the server's log with the words that were typed into it.
        "OPTIONS": {
            "folder": DATA / "postgresql",
            "options": "-c log_min_error_statement=panic -c log_error_verbosity=terse",
        },
    }
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History: triggers write what changed, and nobody may change what they wrote.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["tiepcan.accounts.backends.Sessions"]
PASSWORD_HASHERS = ["tiepcan.accounts.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "tiepcan.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home:home"
CSRF_FAILURE_VIEW = "tiepcan.home.views.stale_form"

SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day and its evening; from the sign-in, not from the last page
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = BEHIND_HTTPS
CSRF_COOKIE_SECURE = BEHIND_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_HTTPS
SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}

# The server that sends reminders (smtp+tls://user:password@host:587), or nothing: then people are reminded on the pages alone.
EMAIL_URL = env("TIEPCAN_EMAIL_URL", default="")
MAIL_IS_SET_UP = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
# Whom reminders come from.
DEFAULT_FROM_EMAIL = env("TIEPCAN_EMAIL_FROM", default="tiepcan@localhost")
EMAIL_TIMEOUT = 20

LANGUAGE_CODE = "vi"
USE_I18N = True
FORMAT_MODULE_PATH = ["tiepcan.config.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# A plan's paper is at most 30 MB; photos are scaled down. What is larger never reaches a view.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The form that divides a total has three fields for each of up to 10,600 units.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000
# The lists of all communes of a province are dropped together.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
FILE_UPLOAD_PERMISSIONS = 0o600

# Nothing personal: what failed and where, never what was sent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
