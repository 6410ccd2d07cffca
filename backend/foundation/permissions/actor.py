"""The person who acts, passed to every action as a plain value, and the one permission check."""

from dataclasses import dataclass

from backend.core.errors import NOT_ALLOWED, NOT_FOUND, Refusal
from backend.foundation.permissions.roles import Capability, Role, holds


@dataclass(frozen=True)
class Actor:
    """Who acts, for which agency, in which roles. Actions take it as an argument; none reads the session."""

    user_id: int
    agency_id: int
    department_id: int | None
    name: str
    roles: frozenset[Role]

    def may(self, capability: Capability) -> bool:
        return holds(self.roles, capability)


def require(actor: Actor, capability: Capability, agency_id: int | None = None) -> None:
    """Refuse unless `actor` may; what belongs to another agency is not found rather than forbidden."""
    if agency_id is not None and agency_id != actor.agency_id:
        raise Refusal(NOT_FOUND, what="这一项（不属于本单位）")
    if not actor.may(capability):
        raise Refusal(NOT_ALLOWED, capability=capability.value)
