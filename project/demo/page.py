"""The page « Les téléphones »: one card a person, in French, with nothing loaded from elsewhere."""

from html import escape

from project.demo import totp
from project.demo.mails import Mail
from project.demo.people import ADMINISTRATOR, NOTICE
from project.demo.phones import Phone


def render(*, people: list[Phone], mails: list[Mail], origin: str, admin: str) -> str:
    at = totp.now()
    cards = "\n".join(_card(phone, at, admin) for phone in people)
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Les téléphones · Colloque</title>
<link rel="stylesheet" href="/phones.css">
<script src="/phones.js" defer></script>
</head>
<body>
<header><p class="strip">{escape(NOTICE)}</p></header>
<main>
<h1>Les téléphones</h1>
<p class="lead">Cette page joue les téléphones, les tiroirs et les boîtes aux lettres de personnes fictives.
Ouvrez <a href="{escape(origin)}" target="_blank" rel="noopener noreferrer">Colloque</a> dans deux navigateurs
(ou une fenêtre privée), et connectez-vous comme deux d’entre elles : adresse et mot de passe,
code à six chiffres, puis <em>code de secours</em>, car votre navigateur est nouveau pour elles.</p>
<div class="cards">
{cards}
</div>
<section aria-labelledby="mails">
<h2 id="mails">Courriels reçus</h2>
{_mails(mails, origin)}
</section>
<p class="said" role="status" aria-live="polite"></p>
</main>
</body>
</html>
"""


def _card(phone: Phone, at: float, admin: str) -> str:
    key = escape(phone.key)
    printed = "".join(f"<li><code>{escape(code)}</code></li>" for code in phone.printed_codes)
    return f"""<article class="card" aria-labelledby="{key}">
<h2 id="{key}">{escape(phone.name)}</h2>
<p class="title">{escape(phone.title)}</p>
<dl>
{_row("Adresse", phone.email)}
{_row("Mot de passe", phone.password)}
{_live(phone, at)}
{_row("Code de secours", " ".join(phone.recovery_code))}
{_administration(admin) if phone.key == ADMINISTRATOR else ""}
</dl>
<details><summary>Codes à usage unique imprimés</summary><ul class="printed">{printed}</ul></details>
</article>"""


def _administration(admin: str) -> str:
    link = f'<a href="{escape(admin)}" target="_blank" rel="noopener noreferrer">{escape(admin)}</a>'
    return f"""<div class="row"><dt>Administration</dt><dd>{link}</dd>
<dd>Même adresse, même mot de passe, et un code neuf à chaque fois.</dd></div>"""


def _live(phone: Phone, at: float) -> str:
    key, code = escape(phone.key), totp.code(phone.totp_secret, at)
    copy = _copy("Code à six chiffres", f'data-copy-code="{key}"')
    return f"""<div class="row live"><dt>Code à six chiffres</dt>
<dd><code data-code="{key}">{code[:3]} {code[3:]}</code>
<span class="left" data-left>encore {totp.seconds_left(at)} s</span>{copy}</dd></div>"""


def _row(label: str, value: str) -> str:
    shown, copied = escape(value), f'data-copy="{escape(value)}"'
    return f'<div class="row"><dt>{label}</dt><dd><code>{shown}</code>{_copy(label, copied)}</dd></div>'


def _copy(label: str, what: str) -> str:
    name = escape(label)
    hidden = f'<span class="hidden"> : {name}</span>'
    return f'<button type="button" {what} data-label="{name}">Copier{hidden}</button>'


def _mails(mails: list[Mail], origin: str) -> str:
    if not mails:
        return '<p class="empty">Aucun courriel.</p>'
    return "\n".join(_mail(mail, origin) for mail in mails)


def _mail(mail: Mail, origin: str) -> str:
    lines = "\n".join(_line(line, origin) for line in mail.text.splitlines())
    return f"""<details class="mail"><summary><strong>{escape(mail.subject)}</strong>
<span>à {escape(mail.to)}</span> <span>{escape(mail.date)}</span></summary><pre>{lines}</pre></details>"""


def _line(line: str, origin: str) -> str:
    # Only links of our own server become links: the rest of a mail stays text.
    if line.strip().startswith(origin + "/"):
        return (
            f'<a href="{escape(line.strip())}" target="_blank" rel="noopener noreferrer">{escape(line)}</a>'
        )
    return escape(line)
