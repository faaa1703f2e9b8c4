"""The administration: lists that only read, and acts that are told, confirmed with a fresh code and logged.

No form here writes a column by its name. What may be changed is an `Act`, what may be seen is a `Listing`.
"""

from accounts.admin.devices import DeviceListing
from accounts.admin.history import ActionListing
from accounts.admin.invitations import InvitationListing
from accounts.admin.memberships import MembershipListing
from accounts.admin.organisations import OrganisationListing
from accounts.admin.people import PersonListing
from accounts.admin.sessions import SessionListing
from accounts.admin.site import Administration
from accounts.models import Action, Device, Invitation, Membership, Organisation, Person, Session

site = Administration("admin")
for model, listing in (
    (Person, PersonListing),
    (Organisation, OrganisationListing),
    (Membership, MembershipListing),
    (Invitation, InvitationListing),
    (Device, DeviceListing),
    (Session, SessionListing),
    (Action, ActionListing),
):
    site.register(model, listing)

__all__ = ["site"]
