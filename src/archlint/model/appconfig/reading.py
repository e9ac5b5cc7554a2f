"""The addresses that the settings of one application name, with placeholders filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.finding import Place
from archlint.finding.records import dataclass, replace
from archlint.model.appconfig.keys import is_call, names_a_peer, words_of
from archlint.model.appconfig.placeholders import UNKNOWN, Lookup, fill
from archlint.model.appconfig.settings import Setting
from archlint.model.appconfig.values import FoundAddress, addresses_in_value
from archlint.model.services import protocols
from archlint.model.services.addresses import Address

_NESTED = 3
"""Settings that are named by settings that are named by settings."""
_SCHEMES = {
    "rabbitmq": "amqp",
    "rabbit": "amqp",
    "mail": "smtp",
    "mongo": "mongodb",
    "postgresql": "postgres",
}


@dataclass(frozen=True, slots=True)
class ConfiguredAddress:
    """An address that a setting names."""

    setting: Setting
    address: Address
    place: Place
    is_call: bool
    names_a_peer: bool
    """Whether the key says that the value is the address of another service."""
    is_filled: bool
    """Whether the environment, or another setting, gave the host."""

    @property
    def text(self) -> str:
        """As it is shown: never with user and password."""
        return f"{self.setting.key}={self.address.authority}"


class Settings:
    """The settings of one application, and the environment that it runs in."""

    def __init__(self, settings: Iterable[Setting], environment: Mapping[str, str]) -> None:
        self._settings = list(settings)
        self._environment = environment
        self._by_key: dict[str, Setting] = {}
        for setting in self._settings:
            self._by_key.setdefault(_plain(setting.key), setting)

    def addresses(self, own: Sequence[Setting] | None = None) -> Iterator[ConfiguredAddress]:
        """Every address of the given settings, of all if none are given."""
        for setting in self._settings if own is None else own:
            if self.overridden(setting.key):
                continue
            yield from self._of_setting(setting)

    def overridden(self, key: str) -> bool:
        """Whether the environment has a variable that takes the place of a setting."""
        return any(name in self._environment for name in relaxed(key))

    def _of_setting(self, setting: Setting) -> Iterator[ConfiguredAddress]:
        names = setting.names
        is_peer = names_a_peer(names)
        if not is_peer and not any(sign in setting.value for sign in (":", "=")):
            return
        filled = fill(setting.value, self._lookup(_NESTED))
        for found in addresses_in_value(filled.text, bare=is_peer, machine=True):
            start, end = filled.written(found.start, found.end)
            address = self._completed(setting, found) if found.is_bare else found.address
            yield ConfiguredAddress(
                setting,
                address,
                setting.place(start, end),
                is_call(names),
                is_peer,
                setting.value[start:end].lower() != found.address.host,
            )

    def _lookup(self, depth: int) -> Lookup:
        def value_of(name: str) -> str | None:
            for known in (name, *relaxed(name)):
                if known in self._environment:
                    return self._environment[known]
            setting = self._by_key.get(_plain(name)) if depth else None
            if setting is None:
                return None
            text = fill(setting.value, self._lookup(depth - 1)).text
            return None if UNKNOWN in text else text

        return value_of

    def _completed(self, setting: Setting, found: FoundAddress) -> Address:
        """A host with the port and the name of the database that the settings beside it have."""
        port = self._beside(setting.key, "port")
        database = self._beside(setting.key, "database") or self._beside(setting.key, "dbname") or ""
        number = int(port) if port and port.isascii() and port.isdigit() and len(port) < 6 else None
        kinds = (self._beside(setting.key, "adapter") or "", *reversed(words_of(setting.key)))
        named = (_SCHEMES.get(kind, kind) for kind in kinds)
        scheme = next((name for name in named if name == "smtp" or protocols.of_scheme(name)), "")
        is_port_open = bool(port) and number is None
        return replace(
            found.address, port=number, scheme=scheme, database=database, is_port_open=is_port_open
        )

    def _beside(self, key: str, word: str) -> str | None:
        """The value of the setting that is called as this one but for its last word."""
        words = words_of(key)
        beside = "".join(words[:-1]) + word if words else word
        setting = self._by_key.get(beside)
        return None if setting is None else fill(setting.value, self._lookup(_NESTED)).text


def relaxed(key: str) -> tuple[str, ...]:
    """The names of the variables that set a key: of Spring (with and without dashes) and of ASP.NET."""
    upper = key.upper().replace("[", "_").replace("]", "").replace(".", "_")
    return upper.replace("-", ""), upper.replace("-", "_"), key.replace(".", "__"), key.replace(".", "_")


def _plain(key: str) -> str:
    return "".join(words_of(key))
