import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
http = get_asgi_application()

from messaging.consumers import websocket  # noqa: E402  # its models need the applications loaded

application = ProtocolTypeRouter({"http": http, "websocket": websocket})
