"""Every setting, read from the environment and from var/colloque.env; what is missing stops the start."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ

from project.limits import read_limits
from project.logs import configure

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
STATE = Path(env.str("COLLOQUE_STATE", default=str(BASE_DIR / "var")))
if (STATE / "colloque.env").is_file():
    env.read_env(STATE / "colloque.env")

DEBUG = False
SECRET_KEY = env.str("COLLOQUE_SECRET_KEY")
AT_REST_KEY = env.str("COLLOQUE_AT_REST_KEY")

# Exact origins that may use the API and the socket; the accepted hosts are theirs and no other.
ALLOWED_ORIGINS: list[str] = env.list("COLLOQUE_ORIGINS")
PUBLIC_ORIGIN = ALLOWED_ORIGINS[0] if ALLOWED_ORIGINS else ""  # the one that mails link to
PUBLIC_ORIGIN = env.str("COLLOQUE_PUBLIC_ORIGIN", default=ALLOWED_ORIGINS[0])  # the links of mails
# The administration has a host of its own, so that a flaw there is far from anybody's keys.
ADMIN_ORIGIN = env.str("COLLOQUE_ADMIN_ORIGIN", default=PUBLIC_ORIGIN.replace("://", "://admin.", 1))
ALLOWED_HOSTS: list[str] = sorted(
    {urlsplit(origin).hostname or "" for origin in (*ALLOWED_ORIGINS, ADMIN_ORIGIN)}
)
HTTPS = all(origin.startswith("https://") for origin in ALLOWED_ORIGINS)
NOTICE = env.str("COLLOQUE_NOTICE", default="")
LIMITS = read_limits(env)

# Passkeys answer to one name for life: under another, every one of them has to be made again.
OTP_WEBAUTHN_RP_NAME = "Colloque"
OTP_WEBAUTHN_RP_ID = env.str("COLLOQUE_PASSKEY_HOST", default=urlsplit(PUBLIC_ORIGIN).hostname or "")
OTP_WEBAUTHN_ALLOWED_ORIGINS = [
    origin for origin in ALLOWED_ORIGINS if f".{urlsplit(origin).hostname}".endswith(f".{OTP_WEBAUTHN_RP_ID}")
]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
INSTALLED_APPS = [
    "channels",
    "django_otp",
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "project",
    "accounts",
    "messaging",
    "django_otp_webauthn",  # after the person whom its tables belong to
]
MIDDLEWARE = [
    "project.headers.Headers",
    "project.hosts.AdminHost",
    "project.client.StaticClient",
]
# The administration has sessions of ours and guards each of its views itself (accounts/admin/site.py): no
# middleware of Django's stands before the API.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]
DATABASE_ROUTERS = ["project.tables.OwnTables"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "accounts" / "admin" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
CLIENT_FOLDER = Path(env.str("COLLOQUE_CLIENT", default=str(BASE_DIR / "frontend" / "dist")))

AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["accounts.hashers.AccountArgon2"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_NAME = "__Host-colloque" if HTTPS else "colloque"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_PATH = "/"
ADMIN_COOKIE_NAME = "__Host-colloque-admin" if HTTPS else "colloque-admin"
CSRF_COOKIE_NAME = "__Host-colloque-csrf" if HTTPS else "colloque-csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [ADMIN_ORIGIN]  # behind a proxy that ends TLS, Django would not know its own scheme
CSRF_FAILURE_VIEW = "accounts.admin.pages.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # nothing touches a disk
TRUSTED_PROXIES = env.int("COLLOQUE_TRUSTED_PROXIES", default=0)
APPEND_SLASH = False

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

_sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(STATE / "colloque.sqlite3")}
_named: dict[str, Any] = env.db_url("DATABASE_URL") if env.str("DATABASE_URL", default="") else _sqlite
DATABASES = {"default": _named}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # An acknowledged entry is durable: FULL waits for the disk at every commit.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["HOST"] = unquote(_database["HOST"] or "")  # a socket's folder comes percent-encoded
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),  # sslmode and the like, from the address
        "pool": {"min_size": 1, "max_size": env.int("COLLOQUE_DATABASE_POOL", default=12), "timeout": 5},
        "options": "-c statement_timeout=15000 -c lock_timeout=5000",
    }

# Figures and health, on an address of their own: `127.0.0.1:9464`, `[::1]:9464`. Empty: no such address.
WATCH = urlsplit("//" + env.str("COLLOQUE_WATCH", default=""))

REDIS_URL = env.str("REDIS_URL", default="")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "colloque"},
        }
    }

DEFAULT_FROM_EMAIL = env.str("COLLOQUE_MAIL_FROM", default="colloque@localhost")
EMAIL_TIMEOUT = 10
if env.str("COLLOQUE_SMTP_URL", default=""):
    vars().update(env.email_url("COLLOQUE_SMTP_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(STATE / "mail")

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING_CONFIG = None
configure(env.str("COLLOQUE_LOG_LEVEL", default="INFO"))
