"""Ports that are taken are an error that names them; nothing moves to another port by itself."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from deploy.local.failure import LocalRunError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Port:
    """A port that the run listens on: its number, who listens, and the variable that chooses another."""

    number: int
    listener: str
    variable: str


def refusal(number: int) -> str | None:
    """Why nothing can listen on that port of this machine now, or None where it is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Connections of a run that has just ended linger on the port without being in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, number))
        except PermissionError:
            return "may not be used without more rights"
        except OSError:
            return "is taken"
    return None


def listens(number: int) -> bool:
    """Whether something takes connections on that port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, number)) == 0


def free_port(start: int) -> int:
    """The first free port from ``start`` on: for what nobody has to find, such as Erlang's own ports.

    No other call gives the same one as long as this process lives, in whichever process it is made: between the
    choice of a port and its use there may be seconds, and several runs may be starting.
    """
    for number in range(start, min(start + 1000, 65536)):
        if refusal(number) is None and claim(number):
            return number
    raise LocalRunError(f"None of the ports {start} to {start + 999} is free on {LOOPBACK}.")


def claim(number: int) -> bool:
    """Keeps ``free_port`` from giving that port to anybody as long as this process lives, also while nothing
    listens there. Whether nobody had claimed it before.
    """
    held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # A name that is no file (it begins with a zero byte): it can be had once, and goes with its holder.
        held.bind(f"\0contactpunt-port-{number}")
    except OSError:
        held.close()
        return False
    held.detach()
    return True


def check_ports(ports: Iterable[Port]) -> None:
    """Raises ``LocalRunError`` naming every port that cannot be had, its service, and how to choose another."""
    complaints: list[str] = []
    seen: dict[int, Port] = {}
    for port in ports:
        reason = refusal(port.number)
        twin = seen.setdefault(port.number, port)
        if twin is not port:
            reason = f"is meant for {twin.listener} ({twin.variable}) too"
        if reason:
            other = free_port(min(port.number + 100, 60_000))
            complaints.append(
                f"Port {port.number} for {port.listener} {reason}. Free it, or choose another: "
                f"make run {port.variable}={other}"
            )
    if complaints:
        raise LocalRunError("\n       ".join(complaints))
