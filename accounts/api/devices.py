from msgspec import convert

from accounts import clock, protocol
from accounts.api.shapes import session_shape
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.models import Device
from accounts.protocol import b64, octets
from accounts.queries import devices_of
from accounts.services.devices import bind_device, new_challenge
from accounts.services.paper import due_at, removals_of


@signed_in_route("GET", protocol.Nothing)
def devices(caller: Caller, body: protocol.Nothing) -> protocol.Devices:
    caller.with_device()
    return protocol.Devices(
        devices=tuple(_shape(device) for device in devices_of(caller.person)),
        removals=tuple(
            protocol.Removal(b64(one.device_id), clock.seconds(due_at(one)))
            for one in removals_of(caller.person)
        ),
    )


@signed_in_route("POST", protocol.Nothing)
def session_challenge(caller: Caller, body: protocol.Nothing) -> protocol.Challenge:
    return protocol.Challenge(b64(new_challenge(caller.session)))


@signed_in_route("POST", protocol.BindDevice)
def session_device(caller: Caller, body: protocol.BindDevice) -> protocol.SessionState:
    bind_device(caller.session, device=octets(body.device), signature=octets(body.signature))
    return session_shape(caller.session, has_factor=True)


def _shape(device: Device) -> protocol.OneDeviceUse:
    used, browser, platform = (getattr(device, name) for name in ("last_used", "browser", "platform"))
    return protocol.OneDeviceUse(
        device=b64(device.pk),
        added_at=clock.seconds(device.added_at),
        last_used=clock.seconds(used) if used is not None else None,
        browser=convert(browser, protocol.Browser | None),
        platform=convert(platform, protocol.Platform | None),
    )
