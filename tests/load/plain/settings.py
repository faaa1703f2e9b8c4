import os

import environ

SECRET_KEY = "only-for-measurements"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["channels", "tests.load.plain"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
_given = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": environ.Env().db_url("DATABASE_URL") if _given else {}}
if _given:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 12}}
else:  # as durable as ours
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PLAIN_STATE"] + "/plain.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 5000}}
}
if os.environ.get("REDIS_URL"):
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # As they come, redis-py ends a connection that is idle for five seconds and refuses the 101st.
            "hosts": [
                {"address": os.environ["REDIS_URL"], "socket_timeout": None, "max_connections": 10_000}
            ],
            "capacity": 5000,
            "prefix": "plain",
        },
    }
