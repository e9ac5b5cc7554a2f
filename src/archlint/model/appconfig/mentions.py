"""What the settings of applications say of the addresses that they connect to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from archlint.documents import Document, load_text
from archlint.files import Kind
from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.model.appconfig import dotenv, ini, properties, toml_texts
from archlint.model.appconfig.files import (
    NOT_READ,
    ConfigFile,
    config_files,
    is_test_profile,
    profile_of,
    profiles_in,
)
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.appconfig.placed import PlacedText, of_block, of_file
from archlint.model.appconfig.reading import ConfiguredAddress, Settings
from archlint.model.appconfig.settings import Setting, of_tree
from archlint.model.appconfig.units import environment_of, weakest
from archlint.model.appconfig.values import MACHINE
from archlint.model.system.evidence import Mention, Unit
from archlint.model.world import World

Environment = Callable[[Unit], Mapping[str, str]]
"""The variables that a unit is started with."""

_STRUCTURED = (".yml", ".yaml", ".json")
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
                if not _leads_somewhere(found, document):
                    continue
                yield Mention(
                    unit,
                    found.address,
                    found.place,
                    found.text,
                    _confidence(found, document),
                    found.setting.key,
                    found.is_call,
                )


def _leads_somewhere(found: ConfiguredAddress, document: ConfigDocument) -> bool:
    """Whether an address may lead to something: of the machine itself it needs a port, and in a template,
    whose values are those of the framework unless somebody changed them, a scheme of the web as well."""
    if found.address.host not in MACHINE:
        return True
    is_own = not document.file.is_template or found.address.scheme in ("http", "https")
    return is_own and found.address.effective_port is not None


def _confidence(found: ConfiguredAddress, document: ConfigDocument) -> Confidence:
    if found.address.host in MACHINE:
        return weakest((document.file.confidence, Confidence.MEDIUM))
    is_sure = found.names_a_peer or bool(found.address.scheme) or found.address.port is not None
    profiles = document.profiles or {document.file.profile}
    is_of_developers = document.file.is_of_developers or profiles <= {"dev", "development", "local"}
    is_high = is_sure and not is_of_developers
    return weakest((document.file.confidence, Confidence.HIGH if is_high else Confidence.MEDIUM))


def config_documents(world: World) -> Mapping[Unit, tuple[ConfigDocument, ...]]:
    """The settings of each application, those without a profile first; ask with
    ``world.fact(config_documents)``."""
    found: dict[int, list[ConfigDocument]] = defaultdict(list)
    units: dict[int, Unit] = {}
    for file, settings in (*_in_files(world), *_in_workloads(world)):
        profiles = profiles_in(item.value for item in settings if item.key in _PROFILE_KEYS)
        if not any(is_test_profile(profile) for profile in profiles):
            units[id(file.unit)] = file.unit
            found[id(file.unit)].append(ConfigDocument(file, tuple(settings), profiles))
    return {
        units[key]: tuple(sorted(documents, key=lambda item: bool(item.file.profile or item.profiles)))
        for key, documents in found.items()
    }


def _in_files(world: World) -> Iterator[tuple[ConfigFile, list[Setting]]]:
    files = world.fact(config_files)
    wanted = {file.path for file in files}
    loaded: dict[str, list[Document]] = defaultdict(list)
    for document in world.documents(Kind.DATA):
        if document.path in wanted:
            loaded[document.path].append(document)
    for file in files:
        if file.path in loaded:
            for document in loaded[file.path]:
                yield file, list(of_tree(document.root))
        elif not file.path.endswith(_STRUCTURED):
            text = of_file(world, file.path)
            for settings in _settings_in(text, file.path) if text is not None else ():
                yield file, settings


def _in_workloads(world: World) -> Iterator[tuple[ConfigFile, list[Setting]]]:
    """Settings in ConfigMaps that workloads mount."""
    mounted = [(item, profile_of(item.name)) for item in world.fact(mounted_files)]
    takers = Counter(item.node.value_place() for item, profile in mounted if profile is not None)
    for item, profile in mounted:
        text = None if profile is None or profile in NOT_READ else of_block(item.node)
        if text is not None:
            sure = Confidence.HIGH if takers[item.node.value_place()] == 1 else Confidence.MEDIUM
            file = ConfigFile(text.path, item.workload, profile or "", sure)
            for settings in _settings_in(text, item.name):
                yield file, settings


def _settings_in(text: PlacedText, name: str) -> Iterator[list[Setting]]:
    """The settings of each document of a text, by the name of its file."""
    if name.endswith(".properties"):
        yield from properties.documents_of(text)
    elif name.rpartition("/")[2].startswith(".env"):
        yield list(dotenv.settings_of(text))
    elif name.endswith(".ini"):
        yield list(ini.settings_of(text))
    elif name.endswith(".toml"):
        yield list(toml_texts.settings_of(text))
    elif name.endswith(_STRUCTURED):
        for document in load_text(name, text.text, Kind.DATA).documents:
            yield list(of_tree(document.root, text))
