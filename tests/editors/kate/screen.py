"""What stands in an application's window, as a screen reader gets it told: AT-SPI over D-Bus.

Nothing is remembered: each look asks the application anew, so it shows what is there now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

LONGEST_S = 20
"""How long an application may take for one answer."""

_INTERFACE = "org.a11y.atspi."


@dataclass(frozen=True, slots=True)
class Part:
    """A window, a menu, a cell of a table, with the parts in it."""

    bus: DBusConnection
    owner: str
    path: str

    @property
    def name(self) -> str:
        """The text of a cell or an entry of a menu, the title of a window."""
        asked = Properties(self._address("Accessible")).get("Name")
        _, name = _answer(self.bus, asked)
        return str(name)

    @property
    def role(self) -> str:
        """What it is: `menu item`, `table cell` and so on."""
        return str(self._call("Accessible", "GetRoleName"))

    @property
    def children(self) -> list[Part]:
        found = self._call("Accessible", "GetChildren")
        return [Part(self.bus, owner, path) for owner, path in found]

    def all(self, role: str) -> Iterator[Part]:
        """Yield all parts with a role, in the order of the window."""
        if self.role == role:
            yield self
        for child in self.children:
            yield from child.all(role)

    def act(self) -> None:
        """Do what a click does: press it, or show its menu."""
        self._call("Action", "DoAction", "i", (0,))

    def _call(
        self, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        call = new_method_call(self._address(interface), method, signature, body)
        return _answer(self.bus, call)

    def _address(self, interface: str) -> DBusAddress:
        return DBusAddress(self.path, self.owner, _INTERFACE + interface)


def desktop() -> Part:
    """Return what holds all applications of this session."""
    launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
    with open_dbus_connection("SESSION") as session:
        address = _answer(session, new_method_call(launcher, "GetAddress"))
    bus = open_dbus_connection(address)
    return Part(bus, _INTERFACE + "Registry", "/org/a11y/atspi/accessible/root")


def _answer(bus: DBusConnection, call: Message) -> Any:
    reply = bus.send_and_get_reply(call, timeout=LONGEST_S)
    if reply.header.message_type is MessageType.error:
        raise LookupError(reply.body)  # it has gone meanwhile, or cannot do that
    return reply.body[0]
