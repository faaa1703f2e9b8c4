"""What a host does to a team, alone or with somebody who was in it; an honest one does what it should."""

import json
from collections.abc import Callable
from dataclasses import replace

from accounts.codec import decode, encode
from accounts.objects import object_hash
from accounts.protocol import b64, octets
from messaging.client import xwing
from messaging.client.contents import write_text
from messaging.client.drafting import Deed, given_role, removed
from messaging.client.entries import Draft, make_message
from tests.malice import acts
from tests.malice.lies import AnotherLog, Retelling, Told
from tests.malice.planting import plant_entry, stranger
from tests.malice.teamscene import Act, TeamScene

Alter = Callable[[Told], Told]
AFTER, FORGED = "Et ensuite ?", "Doublez la dose."

# --- with whoever was in it -------------------------------------------------------------------------


def lets_a_removed_one_in_again(scene: TeamScene) -> None:
    scene.ines.change(scene.team, removed(scene.malo.chain))
    if scene.liar.honest:
        scene.ines.change(scene.team, scene.ines.adding(scene.malo.account))
    else:
        _plant_of_malo(scene)
    scene.say(AFTER)


def keeps_a_leaver_in(scene: TeamScene) -> None:
    left = scene.malo.append(scene.team, scene.malo.leaving(scene.team))
    assert left["type"] == "appended", json.dumps(left)
    if not scene.liar.honest:
        _plant_of_malo(scene)
    scene.ines.change(scene.team)
    scene.say(AFTER)


def lets_a_member_rule(scene: TeamScene) -> None:
    role = given_role(scene.malo.chain, "coordinator")
    if scene.liar.honest:
        scene.ines.change(scene.team, role)
    else:
        log = scene.malo.caught_up(scene.team)
        _plant(scene, scene.malo.drawn(log, role))
    scene.say(AFTER)


def rehomes_a_removed_member(scene: TeamScene) -> None:
    """Whoever is lied to was removed, and so was Malo, who adds both of them again after some time."""
    account = scene.lied_to.who.account
    row = scene.ines.look_up(account.family)
    chain = octets(row["chain"])
    scene.ines.change(scene.team, removed(chain), removed(scene.malo.chain))
    scene.lied_to.is_gone()
    scene.say("Entre ceux qui restent")
    if scene.liar.honest:
        scene.ines.change(scene.team, scene.ines.adding(account))
    else:
        _plant_of_malo(scene, scene.malo.adding(account), also={chain: row["id"]})
    scene.say(AFTER)


def rehomes_a_sitting_member(scene: TeamScene) -> None:
    """To one member the epoch that removes Malo is hidden, as if they were out; then comes one of his."""
    place, account = scene.dump().head, scene.lied_to.who.account
    _tell(scene, lambda log: log[:place])
    scene.ines.change(scene.team, removed(scene.malo.chain))
    made = scene.malo.made(scene.malo.with_herself(scene.dump().log(), scene.malo.adding(account)))
    scene.made["his secret"] = made.secret
    wrap = b64(made.wraps[scene.ines.chain_of(account)])

    def rehomed(log: list[Told]) -> list[Told]:
        hidden = replace(log[place], hidden=True)
        return [*log[:place], hidden, Told(made.statement, hidden.at, wrap)]

    _tell(scene, rehomed)
    scene.say(AFTER)
    acts.come_again(scene)


def seals_a_wrap_elsewhere(scene: TeamScene) -> None:
    """Malo's epoch is lawful, but one member's wrap, true to its hash, is for another key."""
    victim = scene.ines.chain_of(scene.lied_to.who.account)
    another = {} if scene.liar.honest else {victim: xwing.public_key(scene.malo.chance.draw(32))}
    made = scene.malo.made(scene.malo.drawn(scene.malo.caught_up(scene.team)), another)
    answer = scene.malo.offer(scene.team, made)
    assert answer.status == 200, answer
    scene.say(AFTER)


def speaks_for_another(scene: TeamScene) -> None:
    """Malo lends the secret that is good now; the device is one that the host made up for Inès."""
    text = FORGED if not scene.liar.honest else "Vraiment d'Inès"
    device = scene.ines.device if scene.liar.honest else stranger()
    talk = scene.ines.pull(scene.team)
    secret = scene.malo.pull(scene.team).log.secrets
    place = scene.ines.next_place(talk)
    entry = make_message(place, secret[place.epoch_hash], write_text(text), device, scene.malo.chance)
    if scene.liar.honest:
        talk.last_own = object_hash(entry)
        assert scene.ines.append(scene.team, entry)["type"] == "appended"
    else:
        talk.sent -= 1  # never hers
        plant_entry(scene.stage.server, scene.team, entry)
    scene.say(AFTER)


# --- alone ------------------------------------------------------------------------------------------


def alters_an_epoch(scene: TeamScene) -> None:
    _tell_of_next(scene, lambda one: replace(one, entry=_with_another_role(one.entry)))
    _gives_and_takes(scene)
    scene.say(AFTER)


def drops_an_epoch(scene: TeamScene) -> None:
    place = scene.dump().head
    _tell(scene, lambda log: [*log[:place], *log[place + 1 :]])
    _gives_and_takes(scene)
    scene.say(AFTER)
    acts.come_again(scene)


def leaves_the_place_of_an_epoch_empty(scene: TeamScene) -> None:
    _tell_of_next(scene, lambda one: replace(one, shown=False))
    _gives_and_takes(scene)
    scene.say(AFTER)


def gives_a_sitting_member_a_stub(scene: TeamScene) -> None:
    _tell_of_next(scene, lambda one: replace(one, hidden=True))
    scene.say("Ceci est caché.")
    scene.say(AFTER)


def changes_one_wrap(scene: TeamScene) -> None:
    _tell_of_next(scene, lambda one: replace(one, wrap=one.wrap and one.wrap[:-8] + "AAAAAAAA"))
    scene.ines.change(scene.team)
    scene.say(AFTER)


def plants_a_device(scene: TeamScene) -> None:
    acts.plants_a_device(scene)
    scene.readers.other.reload()


def shows_an_old_key_log(scene: TeamScene) -> None:
    acts.shortens_a_key_log(scene)


ACTS: tuple[Act, ...] = (
    lets_a_removed_one_in_again,
    keeps_a_leaver_in,
    lets_a_member_rule,
    rehomes_a_removed_member,
    rehomes_a_sitting_member,
    seals_a_wrap_elsewhere,
    speaks_for_another,
    alters_an_epoch,
    drops_an_epoch,
    leaves_the_place_of_an_epoch_empty,
    gives_a_sitting_member_a_stub,
    changes_one_wrap,
    plants_a_device,
    shows_an_old_key_log,
)


def _plant_of_malo(scene: TeamScene, *deeds: Deed, also: dict[bytes, str] | None = None) -> None:
    """The host lends him its whole log, takes his epoch as it is, and lets in whom it names."""
    draft = scene.malo.with_herself(scene.dump().log(), *deeds)
    _plant(scene, draft, {scene.malo.chain: scene.malo.me["id"], **(also or {})})


def _plant(scene: TeamScene, draft: Draft, comes: dict[bytes, str] | None = None) -> None:
    made = scene.malo.made(draft)
    scene.made["his secret"] = made.secret
    plant_entry(scene.stage.server, scene.team, made.statement, made.wraps, comes)


def _gives_and_takes(scene: TeamScene) -> None:
    """An epoch that changes something."""
    scene.ines.change(scene.team, given_role(scene.malo.chain, "coordinator"))


def _tell(scene: TeamScene, retell: Retelling) -> None:
    scene.liar.tell(AnotherLog(scene.id, retell))


def _tell_of_next(scene: TeamScene, alter: Alter) -> None:
    """From now on, of the entry that will come next."""
    place = scene.dump().head
    _tell(scene, lambda log: [alter(one) if n == place else one for n, one in enumerate(log)])


def _with_another_role(data: bytes) -> bytes:
    """The roster says something else, the signature is what it was."""
    match decode(data, len(data)):
        case [suite, label, bytes() as body, signer, signature]:
            fields = decode(body, len(body))
            assert isinstance(fields, dict)
            roster = fields["roster"]
            assert isinstance(roster, list)
            fields["roster"] = [{**row, "role": "coordinator"} for row in roster]
            return encode([suite, label, encode(fields), signer, signature])
    raise AssertionError("not an object")
