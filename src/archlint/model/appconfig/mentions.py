"""What the settings of applications say of the addresses that they connect to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from archlint.documents import Document
from archlint.files import Kind
from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.model.appconfig import dotenv, ini, properties
from archlint.model.appconfig.files import ConfigFile, config_files, is_test_profile, profiles_in
from archlint.model.appconfig.placed import of_file
from archlint.model.appconfig.reading import ConfiguredAddress, Settings
from archlint.model.appconfig.settings import Setting, of_tree
from archlint.model.appconfig.units import environment_of, weakest
from archlint.model.system.evidence import Mention, Unit
from archlint.model.world import World

Environment = Callable[[Unit], Mapping[str, str]]
"""The variables that a unit is started with."""

_PROFILE_KEYS = ("spring.config.activate.on-profile", "spring.profiles")


@dataclass(frozen=True, slots=True)
class ConfigDocument:
    """The settings of one document of a file."""

    file: ConfigFile
    settings: tuple[Setting, ...]
    profiles: frozenset[str]


def mentions(world: World) -> Iterator[Mention]:
    """Every address in the settings of every application."""
    yield from world.fact(_told)


def _told(world: World) -> list[Mention]:
    return list(mentions_with(world, lambda unit: environment_of(world, unit)))


def mentions_with(world: World, environment: Environment) -> Iterator[Mention]:
    """As ``mentions``, with placeholders filled in with the environment of each application."""
    for unit, documents in world.fact(config_documents).items():
        everything = [item for document in documents for item in document.settings]
        settings = Settings(everything, environment(unit))
        for document in documents:
            for found in settings.addresses(document.settings):
                yield Mention(
                    unit,
                    found.address,
                    found.place,
                    found.text,
                    _confidence(found, document),
                    found.setting.key,
                    found.is_call,
                )


def _confidence(found: ConfiguredAddress, document: ConfigDocument) -> Confidence:
    is_sure = found.names_a_peer or bool(found.address.scheme) or found.address.port is not None
    profiles = document.profiles or {document.file.profile}
    is_of_developers = document.file.is_of_developers or profiles <= {"dev", "development", "local"}
    is_high = is_sure and not is_of_developers
    return weakest((document.file.confidence, Confidence.HIGH if is_high else Confidence.MEDIUM))


def config_documents(world: World) -> Mapping[Unit, tuple[ConfigDocument, ...]]:
    """The settings of each application, those without a profile first; ask with
    ``world.fact(config_documents)``."""
    found: dict[Unit, list[ConfigDocument]] = defaultdict(list)
    loaded = _documents_by_path(world)
    for file in world.fact(config_files):
        for settings in _settings_of(world, file.path, loaded.get(file.path, ())):
            profiles = profiles_in(item.value for item in settings if item.key in _PROFILE_KEYS)
            if not any(is_test_profile(profile) for profile in profiles):
                found[file.unit].append(ConfigDocument(file, tuple(settings), profiles))
    return {
        unit: tuple(sorted(documents, key=lambda item: bool(item.file.profile or item.profiles)))
        for unit, documents in found.items()
    }


def _documents_by_path(world: World) -> Mapping[str, list[Document]]:
    wanted = {file.path for file in world.fact(config_files)}
    found: dict[str, list[Document]] = defaultdict(list)
    for document in world.documents(Kind.DATA):
        if document.path in wanted:
            found[document.path].append(document)
    return found


def _settings_of(world: World, path: str, documents: list[Document] | tuple[()]) -> Iterator[list[Setting]]:
    if documents:
        for document in documents:
            yield list(of_tree(document.root))
        return
    text = of_file(world, path)
    if text is None:
        return
    if path.endswith(".properties"):
        yield from properties.documents_of(text)
    elif path.rpartition("/")[2].startswith(".env"):
        yield list(dotenv.settings_of(text))
    elif path.endswith(".ini"):
        yield list(ini.settings_of(text))
