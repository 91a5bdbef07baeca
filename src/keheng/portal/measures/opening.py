"""Where staff open the records behind figures of the portal: pages that one permission opens, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from keheng.kernel.powers import Principal
from keheng.portal.queries.addresses import manage_address


def opened_with(permission: str, name: str) -> Callable[[Principal, Collection[int]], Mapping[int, str]]:
    """Addresses of a page of staff by id, for who holds the permission."""

    def addresses(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
        return {key: manage_address(name, key) for key in keys} if actor.may(permission) else {}

    return addresses
