"""Credentials that stand in files with settings of applications, as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import ConfigDocument, config_documents
from archlint.model.appconfig.settings import Setting
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.plain_values import known_token, random_key
from archlint.model.world import World

_DEFAULT = regex(r"\$\{[^:{}]{1,200}:-?(.*)\}\Z")
_FOR_BROWSERS = regex(r"(?:NEXT_PUBLIC|REACT_APP|VITE|NUXT_PUBLIC|VUE_APP|EXPO_PUBLIC|GATSBY|NG_APP|PUBLIC)_")
"""Begins a variable that a web framework writes into what every browser gets: no secret by its purpose.

Sources: on environment variables Next.js, Create React App, Vite, Nuxt, Vue, Expo, Gatsby, SvelteKit.
"""
_OF_DEVELOPERS = frozenset({"dev", "devel", "development", "local", "docker", "test", "demo"})


@dataclass(frozen=True)
class PlainSetting:
    """A setting that holds a credential."""

    setting: Setting
    unit: str
    token: str
    """What kind of credential it is, as its form says."""
    start: int
    """Where the credential begins in the value, and where it ends."""
    end: int

    @classmethod
    def all(cls, world: World) -> Iterable[PlainSetting]:
        """Every such setting, by application; what Compose takes is told for its services."""
        told = {variable.place for service in world.all(ComposeService) for variable in service.variables}
        seen: set[Place] = set()
        for unit, documents in world.fact(config_documents).items():
            if isinstance(unit, Workload):
                continue  # an entry of a ConfigMap
            for document in documents:
                for found in _of_document(document, unit.name):
                    if found.place not in told and found.place not in seen:
                        seen.add(found.place)
                        yield found

    @property
    def place(self) -> Place:
        """The credential."""
        return self.setting.place(self.start, self.end)

    @property
    def source(self) -> Source:
        """The file."""
        return self.setting.text.source

    @property
    def object(self) -> ObjectRef:
        """The application."""
        return ObjectRef("service", self.unit)


def _of_document(document: ConfigDocument, unit: str) -> Iterator[PlainSetting]:
    profiles = document.profiles or {document.file.profile}
    is_tried_out = bool(profiles & _OF_DEVELOPERS)
    for setting in document.settings:
        if _FOR_BROWSERS.match(setting.names[-1]):
            continue
        text, start, end = setting.value, 0, len(setting.value)
        default = _DEFAULT.match(text)
        if default:
            text, start, end = default[1], default.start(1), default.end(1)
        token = known_token(text)
        if token is None and not is_tried_out:
            token = random_key(setting.names[-1], text)
        if token is not None:
            yield PlainSetting(setting, unit, token, start, end)
