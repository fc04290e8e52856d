"""The addresses that were declared: single ones and networks."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from utilities.errors import SettingsInvalid

WIDEST_PREFIX = {4: 16, 6: 32}
"""Bits of the widest network that may be declared, by version of the protocol: one that holds a
good part of the internet would make every check green."""


@dataclass(frozen=True)
class Declared:
    """What EGRESS_ADDRESSES says; empty when nothing was declared."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def __contains__(self, address: str) -> bool:
        """Say whether an address is one of them."""
        found = ip_address(address)
        return any(found in network for network in self.networks)

    def __bool__(self) -> bool:
        return bool(self.networks)

    def __str__(self) -> str:
        return ", ".join(
            str(network.network_address if network.num_addresses == 1 else network)
            for network in self.networks
        )


def read_declared(text: str) -> Declared:
    """Read addresses and networks that are separated by commas.

    Raises:
        SettingsInvalid: one is no address, has bits beyond its network, or is too wide.
    """
    return Declared(tuple(_network(part.strip()) for part in text.split(",") if part.strip()))


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise SettingsInvalid(
            f"EGRESS_ADDRESSES: found {text!r}; expected an address as 203.0.113.7 or a network as "
            "203.0.113.0/28. Correct it."
        ) from None
    if "/" in text and str(network.network_address) != str(ip_address(text.partition("/")[0])):
        raise SettingsInvalid(
            f"EGRESS_ADDRESSES: {text!r} is an address within {network}. Declare either the address "
            "alone or the network."
        )
    if network.prefixlen < WIDEST_PREFIX[network.version]:
        raise SettingsInvalid(
            f"EGRESS_ADDRESSES: {text!r} holds {network.num_addresses:,} addresses; expected at "
            f"most a /{WIDEST_PREFIX[network.version]}. Declare the addresses of the NAT gateways."
        )
    return network
