from accounts import protocol
from accounts.api.shapes import one_session_shape
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.services.sessions import end_session_named, end_sessions_of, live_sessions


@signed_in_route("GET", protocol.Nothing)
def sessions(caller: Caller, body: protocol.Nothing) -> protocol.Sessions:
    live = sorted(live_sessions(caller.person), key=lambda one: one != caller.session)  # this one first
    return protocol.Sessions(tuple(one_session_shape(one, here=one == caller.session) for one in live))


@signed_in_route("POST", protocol.EndSession)
def end(caller: Caller, body: protocol.EndSession) -> protocol.Done:
    end_session_named(caller.person, body.id)
    return protocol.Done()


@signed_in_route("POST", protocol.Nothing)
def end_others(caller: Caller, body: protocol.Nothing) -> protocol.Done:
    end_sessions_of(caller.person, but=caller.session)
    return protocol.Done()
