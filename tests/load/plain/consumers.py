"""One insert and one `group_send` a message."""

import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from tests.load.plain.models import Said


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        self.room = self.scope["path"].rpartition("/")[2]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        given = json.loads(text_data or "")
        said = await Said.objects.acreate(room=self.room, text=given["text"])
        await self.send(json.dumps({"ref": given["ref"], "seq": said.pk}))
        event = {"type": "chat.message", "seq": said.pk, "text": said.text, "at": said.at.timestamp()}
        await self.channel_layer.group_send(self.room, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(json.dumps({"seq": event["seq"], "text": event["text"], "at": event["at"]}))
