from django.urls import path

from accounts.api import factor, keys, links, people, session, sessions, vault

urlpatterns = [
    path("session", session.session),
    path("sign-in", session.sign_in),
    path("sign-in/code", session.sign_in_code),
    path("sign-in/printed", session.sign_in_printed),
    path("sign-out", session.sign_out),
    path("unlock", session.unlock),
    path("factor/fresh", factor.fresh),
    path("factor/totp/begin", factor.totp_begin),
    path("factor/totp/confirm", factor.totp_confirm),
    path("invitation/look", links.invitation_look),
    path("invitation/accept", links.invitation_accept),
    path("password/forgot", links.password_forgot),
    path("password/reset", links.password_reset),
    path("people", people.people),
    path("people/<str:id>", people.person),
    path("vault/make", vault.vault_make),
    path("vault/open", vault.vault_open),
    path("sessions", sessions.sessions),
    path("sessions/end", sessions.end),
    path("sessions/end-others", sessions.end_others),
    path("session/challenge", keys.session_challenge),
    path("session/device", keys.session_device),
    path("keys/start", keys.keys_start),
    path("keys/append", keys.keys_append),
    path("keys/log", keys.keys_log),
    path("keys/mine", keys.keys_mine),
]
