"""Where a message of ours may go: an address that somebody typed must not lead into the office's own network."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, Queue
from threading import Thread
from typing import Any

Address = IPv4Address | IPv6Address
#: Addresses of IPv4 as translators between the two protocols write them (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")


class BadTarget(ValueError):  # noqa: N818  # the name says what it is about
    """A target that is not allowed; the argument is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an administrator allows beside the public internet: names of hosts, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, typed: str) -> "Allowed":
        """Read names, addresses and networks, blanks or commas between: `data.office 10.1.2.0/24`."""
        hosts, networks = set[str](), list[IPv4Network | IPv6Network]()
        for word in typed.replace(",", " ").split():
            try:
                networks.append(ip_network(word, strict=False))
            except ValueError:
                hosts.add(word.casefold().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def covers(self, host: str, address: Address) -> bool:
        return host.casefold().rstrip(".") in self.hosts or any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that was checked: connect to this and not to the name again, which may mean another one by then."""

    family: int
    address: tuple[Any, ...]


def checked(host: str, port: int, allowed: Allowed, *, seconds: float) -> list[Endpoint]:
    """The addresses of a host, in the order in which to try them.

    Raises BadTarget when one of them is loopback, link-local, private or multicast and not allowed; OSError when the
    name leads nowhere, or nobody says so in time.
    """
    found = []
    for family, address in _looked_up(host, port, seconds):
        # The scope of a link-local address stands behind a percent sign.
        target = ip_address(str(address[0]).partition("%")[0])
        if not _is_public(target) and not allowed.covers(host, target):
            raise BadTarget(
                f"Địa chỉ nhận dẫn tới {target}, một địa chỉ nội bộ; chỉ gửi tới đó khi quản trị máy chủ ghi máy hoặc "
                "mạng này vào DEAN_WEBHOOK_PRIVATE."
            )
        found.append(Endpoint(family, address))
    return found


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inside = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inside is not None:
            return _is_public(inside)
    return address.is_global and not address.is_multicast


def _looked_up(host: str, port: int, seconds: float) -> list[tuple[int, tuple[Any, ...]]]:
    """Ask for the addresses of a name. The system's own patience may be half a minute, so it is asked aside."""
    answers: Queue[list[tuple[int, tuple[Any, ...]]] | OSError] = Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except (OSError, UnicodeError) as broken:
            answers.put(broken if isinstance(broken, OSError) else OSError(str(broken)))

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.01))
    except Empty:
        raise TimeoutError("the name was not looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
