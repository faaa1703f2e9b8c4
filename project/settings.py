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
ALLOWED_HOSTS: list[str] = sorted({urlsplit(origin).hostname or "" for origin in ALLOWED_ORIGINS})
PUBLIC_ORIGIN = env.str("COLLOQUE_PUBLIC_ORIGIN", default=ALLOWED_ORIGINS[0])  # the links of mails
HTTPS = all(origin.startswith("https://") for origin in ALLOWED_ORIGINS)
NOTICE = env.str("COLLOQUE_NOTICE", default="")
LIMITS = read_limits(env)

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
INSTALLED_APPS = [
    "channels",
    "django_otp",
    "project",
    "accounts",
    "messaging",
]
MIDDLEWARE = [
    "project.headers.Headers",
    "project.client.StaticClient",
]
CLIENT_FOLDER = Path(env.str("COLLOQUE_CLIENT", default=str(BASE_DIR / "frontend" / "dist")))

AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["accounts.hashers.AccountArgon2"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_NAME = "__Host-colloque" if HTTPS else "colloque"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_PATH = "/"
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
        "pool": {"min_size": 1, "max_size": env.int("COLLOQUE_DATABASE_POOL", default=12), "timeout": 5},
        "options": "-c statement_timeout=15000 -c lock_timeout=5000",
    }

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
