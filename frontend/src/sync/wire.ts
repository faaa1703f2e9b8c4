import type { Wire, WireEvents } from "./socket";

/** What a socket of the platform, in a browser or in Node, is to the channel above it. */
export function wireOf(socket: WebSocket, events: WireEvents): Wire {
  socket.onopen = events.opened;
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") events.received(data);
  };
  socket.onclose = ({ code }) => {
    events.closed(code);
  };
  return {
    send: (text) => {
      socket.send(text);
    },
    close: () => {
      socket.close();
    },
  };
}
