from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("api/", include(f"{app}.urls"))
    for app in ("accounts", "messaging")
    if app in settings.INSTALLED_APPS and find_spec(f"{app}.urls")
]
