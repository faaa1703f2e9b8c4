from typing import Any

from django.contrib.admin import display

from accounts.admin.acts import Act, Given
from accounts.admin.columns import chosen, dated
from accounts.admin.listing import Listing
from accounts.admin.marks import mark, short
from accounts.models import Device, Person
from accounts.models.actions import What
from accounts.policy import is_cut, may_act_on
from accounts.services.cutting import cut_off


def find_device(key: str) -> Device | None:
    try:
        id = bytes.fromhex(key)
    except ValueError:
        return None
    return Device.objects.select_related("person").filter(pk=id).first()


def _key(device: Device) -> str:
    return bytes(device.pk).hex()


def _name(device: Device) -> str:
    return f"Navigateur {short(device.pk)} · {device.person.given} {device.person.family}"


def _may(by: Person, device: Device) -> bool:
    return may_act_on(by, device.person)


def _is_served(device: Device) -> bool:
    return device.sort == Device.Sort.BROWSER and not is_cut(device)


def _cut_off(device: Device, by: Person, given: Given) -> Device:
    cut_off(device)
    return device


CUT_OFF: Act[Any] = Act(
    "couper", What.DEVICE_CUT_OFF, "Couper cet appareil",
    "Ses sessions se ferment, et ce que ce navigateur garde devient illisible même pour lui. Il ne peut "
    "plus se présenter comme cet appareil. Il reste dans la liste d’appareils de la personne, qu’elle "
    "seule peut changer : invitez-la à le retirer depuis un autre appareil.",
    "Couper", "L’appareil est coupé.", _cut_off,
    find=find_device, name=_name, key_of=_key, may=_may, is_offered=_is_served, is_grave=True,
)  # fmt: skip


class DeviceListing(Listing):
    heading = "Appareils"
    lead = (
        "Les navigateurs de chacun, d’après la liste que la personne signe elle-même. Rien ne peut y "
        "être ajouté d’ici."
    )
    list_display = ("who", "sort_word", "number", dated("added_at", "Ajouté le"), "state_mark")
    list_filter = (chosen("sort", "Sorte", {"browser": "Navigateur", "paper": "Code de secours"}),)
    list_select_related = ("person",)
    search_fields = ("person__search", "person__email")
    ordering = ("-added_at", "added_n")
    acts = (CUT_OFF,)

    @display(description="Personne")
    def who(self, device: Device) -> str:
        return f"{device.person.given} {device.person.family}"

    @display(description="Sorte")
    def sort_word(self, device: Device) -> str:
        return "Code de secours" if device.sort == Device.Sort.PAPER else "Navigateur"

    @display(description="Empreinte")
    def number(self, device: Device) -> str:
        return short(device.pk)

    @display(description="État")
    def state_mark(self, device: Device) -> str:
        if device.cut_off_at is not None:
            return mark("Coupé", "bad")
        return mark("Retiré", "quiet") if device.revoked_at is not None else mark("En service", "good")
