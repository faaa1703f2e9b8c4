from django.http import HttpRequest

from accounts import protocol
from accounts.api.session import opened
from accounts.api.shapes import invitation_shape
from accounts.caller import Visit
from accounts.edge import ANY_STAGE, Reply, open_route
from accounts.services.invitations import accept_invitation, look_at_invitation
from accounts.services.reset import forgot_password, reset_password
from accounts.source import source_of


@open_route("POST", protocol.LookAtInvitation, stages=ANY_STAGE)
def invitation_look(
    request: HttpRequest, visit: Visit, body: protocol.LookAtInvitation
) -> protocol.Invitation:
    return invitation_shape(look_at_invitation(body.token, source_of(request)))


@open_route("POST", protocol.AcceptInvitation, stages=ANY_STAGE)
def invitation_accept(request: HttpRequest, visit: Visit, body: protocol.AcceptInvitation) -> Reply:
    issued = accept_invitation(
        token=body.token, password=body.password, source=source_of(request), instead_of=visit.session
    )
    return opened(issued)


@open_route("POST", protocol.ForgotPassword, stages=ANY_STAGE)
def password_forgot(request: HttpRequest, visit: Visit, body: protocol.ForgotPassword) -> protocol.Done:
    forgot_password(body.email, source_of(request))
    return protocol.Done()


@open_route("POST", protocol.ResetPassword, stages=ANY_STAGE)
def password_reset(request: HttpRequest, visit: Visit, body: protocol.ResetPassword) -> Reply:
    issued = reset_password(
        token=body.token, password=body.password, source=source_of(request), instead_of=visit.session
    )
    return opened(issued)
