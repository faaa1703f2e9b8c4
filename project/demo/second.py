"""A second browser for one of the people, added from the first by the code that it shows."""

import time
from concurrent.futures import ThreadPoolExecutor

from project.bootstrap.console import Fault
from project.demo import totp
from project.demo.headless import Headless, Refusal
from project.demo.phones import Phone

OWNER = "ines"
AGENT = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Firefox/145.0"
FIRST_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Firefox/145.0"
_PATIENCE = 60.0


def add_second(phone: Phone, first: Headless, second: Headless) -> None:
    second.ask("open")
    second.ask("signIn", email=phone.email, password=phone.password, shared=False)
    _give_code(phone, second)
    groups = second.ask("offerPairing")["groups"]
    first.ask("takePairing", code="-".join(groups))
    with ThreadPoolExecutor(1) as aside:
        confirmed = aside.submit(first.ask, "confirmPairing")
        _follow(second)
        confirmed.result()


def _give_code(phone: Phone, client: Headless) -> None:
    """Each code is good once, and the last one was given at enrolment: the next may be some seconds away."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            client.ask("secondFactor", code=totp.code(phone.totp_secret, time.time() + totp.PERIOD))
        except Refusal as refusal:
            if refusal.code != "bad_code":
                raise
            time.sleep(5)
        else:
            return
    raise Fault("no one-time code was taken")


def _follow(client: Headless) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        step = client.ask("followPairing")
        if step == "joined":
            return
        if step == "over":
            break
        time.sleep(0.2)
    raise Fault("the second browser was not added")
