import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.load.plain.settings")
http = get_asgi_application()

from tests.load.plain.consumers import Chat  # noqa: E402  # its model needs the applications loaded

application = ProtocolTypeRouter({"http": http, "websocket": Chat.as_asgi()})
