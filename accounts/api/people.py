from accounts import protocol
from accounts.api.shapes import person_shape
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.errors import Refused
from accounts.queries import people_found, person_seen


@signed_in_route("GET", protocol.FindPeople)
def people(caller: Caller, body: protocol.FindPeople) -> protocol.People:
    return protocol.People(tuple(person_shape(person) for person in people_found(caller.person, body.q)))


@signed_in_route("GET", protocol.OnePerson)
def person(caller: Caller, body: protocol.OnePerson) -> protocol.Person:
    found = person_seen(caller.person, body.id)
    if found is None:
        raise Refused("not_found")  # of another organisation or nobody: the same bytes
    return person_shape(found)
