"""Which files hold the settings of an application, of which one, and under which profiles.

Sources: Spring Boot, "Externalized Configuration"; Spring Cloud Config (a repository whose files are called
as applications); ASP.NET, "Configuration"; Quarkus and MicroProfile; node-config; Rails' ``database.yml``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname

from archlint.files import Kind
from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.application_names import application_names
from archlint.model.appconfig.placed import LONGEST_FILE
from archlint.model.appconfig.units import FileHolder, holders_of
from archlint.model.compose import ComposeService
from archlint.model.system.evidence import Unit
from archlint.model.system.folders import SourceFolder, source_folders
from archlint.model.system.images import WEB_SERVERS, image_name
from archlint.model.world import World

_SPRING = regex(r"(?:application|bootstrap)(?:-([\w-]+))?\.(?:ya?ml|properties)")
_DOTNET = regex(r"appsettings(?:\.([\w.-]{1,60}))?\.json", re.IGNORECASE)
_NAMED = regex(
    r"(?:config|settings|configuration|database|mongoid|cable|microprofile-config)(?:[.-]([\w-]+))?"
    r"\.(?:ya?ml|json|toml|ini|properties)"
)
_ENVIRONMENT_FILE = regex(r"\.env(?:\.([\w-]+))?")
_IN_CONFIG = regex(r"([\w.-]+)\.(?:ya?ml|json|toml|ini|properties)")
_CONFIG_FOLDERS = frozenset({"config", "conf", "configs", "configuration", "settings"})
_SUFFIXES = (".yml", ".yaml", ".json", ".properties", ".toml", ".ini")
_GIVEN_OUT = (".yml", ".yaml", ".properties")
_FRAMEWORK_KEYS = frozenset({"spring", "server", "eureka", "management", "quarkus", "micronaut", "zuul"})
_FRAMEWORK = regex(r"(?m)^[ \t]*(?:spring|server|eureka|management|quarkus|micronaut|zuul)\.")
_NOT_RUN = frozenset(
    {
        *("test", "tests", "__tests__", "spec", "specs", "e2e", "docs", "doc", "examples", "example"),
        *(
            "samples",
            "vendor",
            "node_modules",
            "fixtures",
            "testdata",
            ".github",
            ".vscode",
            "i18n",
            "locales",
        ),
    }
)
_TEST_PROFILES = frozenset({"test", "tests", "it", "e2e", "ci", "integration", "integration-test", "unit"})
_TEMPLATES = frozenset({"example", "sample", "template", "dist", "defaults", "schema"})
NOT_READ = _TEST_PROFILES | _TEMPLATES
_EXEMPLARY = frozenset({"example", "sample", "template", "dist"})
_OF_DEVELOPERS = frozenset({"dev", "development", "local", "localhost", "default-dev"})


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file with settings of one application."""

    path: str
    unit: Unit
    profile: str
    """The profile that its name says; empty for none."""
    confidence: Confidence = Confidence.HIGH
    """How sure it is that the application uses it: low for what a server of configuration gives to all."""
    is_template: bool = False
    """Whether it shows what a file that is kept out of the repository holds."""

    @property
    def is_shared(self) -> bool:
        """Whether several applications are given it, so that each needs a second sign that it uses it."""
        return self.confidence is Confidence.LOW

    @property
    def is_of_developers(self) -> bool:
        """Whether it says how the application runs on the machine of a developer."""
        return self.profile in _OF_DEVELOPERS


def _readers(world: World, path: str) -> list[FileHolder]:
    """Who has a file with settings of an application; a web server has the files of the program behind it."""
    found = holders_of(world, path)
    kept = [item for item in found if not _serves_files(item.unit)]
    if len(kept) == 1 and len(found) > 1:
        return [FileHolder(kept[0].unit, Confidence.HIGH)]
    return kept


def _serves_files(unit: Unit) -> bool:
    return isinstance(unit, ComposeService) and image_name(unit.image or "") in WEB_SERVERS


def _stands_beside(world: World, path: str) -> bool:
    """Whether the file that a template stands for is here, or a compose file reads it."""
    folder = dirname(path)
    beside = f"{folder}/.env" if folder else ".env"
    return beside in world.kinds or folder in {dirname(item) for item in world.paths(Kind.COMPOSE)}


def is_test_profile(profile: str) -> bool:
    """Whether a profile is one of tests."""
    return profile in _TEST_PROFILES


def is_run(path: str) -> bool:
    """Whether a file lies in no folder of tests, examples or documentation."""
    return _NOT_RUN.isdisjoint(dirname(path).lower().split("/"))


def config_files(world: World) -> list[ConfigFile]:
    """The files with settings of the applications of a world; ask with ``world.fact(config_files)``."""
    found: list[ConfigFile] = []
    rest: dict[str, list[str]] = defaultdict(list)
    compose = {dirname(path) for path in world.paths(Kind.COMPOSE)}
    units = _named_units(world)
    for path in world.paths(Kind.DATA, Kind.OTHER):
        name = basename(path)
        if not (name.endswith(_SUFFIXES) or name.startswith(".env")) or not is_run(path):
            continue
        profile = profile_of(name)
        if profile in _EXEMPLARY and name.startswith(".env.") and not _stands_beside(world, path):
            found += [
                ConfigFile(path, item.unit, "", Confidence.MEDIUM, True) for item in _readers(world, path)
            ]
            continue
        if profile is None and not _is_given_out(path, units):
            profile = _profile_in(path, name)
        if profile is None:
            rest[dirname(path)].append(path)
        elif profile not in NOT_READ:
            holders = _readers(world, path)
            if name.startswith(".env") and dirname(path) in compose:  # it is that of the project first
                holders = [item for item in holders if isinstance(item.unit, ComposeService)]
            found += [ConfigFile(path, item.unit, profile, item.confidence) for item in holders]
    given = list(_of_repositories(world, rest, units))
    folders = {dirname(item.path) for item in given}
    own = [item for item in found if dirname(item.path) not in folders]
    shared = [item for item in found if dirname(item.path) in folders and _SPRING.match(basename(item.path))]
    clients = dict.fromkeys(item.unit for item in given) if shared else ()
    given += [
        ConfigFile(item.path, unit, item.profile, Confidence.LOW) for item in shared for unit in clients
    ]
    return sorted([*own, *given], key=lambda item: (item.path, item.unit.name))


def profile_of(name: str) -> str | None:
    """The profile of a file that is called as files with settings are; ``None`` for any other file."""
    for pattern in (_SPRING, _DOTNET, _NAMED, _ENVIRONMENT_FILE):
        match = pattern.fullmatch(name)
        if match:
            return (match[1] or "").lower()
    return None


def _profile_in(path: str, name: str) -> str | None:
    """In a folder of configuration the name of a file is its profile."""
    inside = _IN_CONFIG.fullmatch(name) if basename(dirname(path)).lower() in _CONFIG_FOLDERS else None
    return inside[1].lower() if inside else None


def _named_units(world: World) -> dict[str, SourceFolder]:
    """The folders of source by their names, and by those of their applications."""
    folders = world.fact(source_folders).by_path
    found = {folder.name.lower(): folder for folder in folders.values()}
    for path, names in world.fact(application_names).items():
        for name in names:
            found.setdefault(name, folders[path])
    return found


def _is_given_out(path: str, units: dict[str, SourceFolder]) -> bool:
    """Whether a file is called as an application whose source does not hold it."""
    named = _unit_named(path, units) if path.endswith(_GIVEN_OUT) else None
    return named is not None and not _holds(named[0], path)


def _of_repositories(
    world: World, files: dict[str, list[str]], units: dict[str, SourceFolder]
) -> Iterator[ConfigFile]:
    """Files that are called as applications and hold settings of a framework: a server of configuration
    gives them out."""
    for paths in files.values():
        for path in paths:
            named = _unit_named(path, units) if path.endswith(_GIVEN_OUT) else None
            if named is None or _holds(named[0], path) or named[1] in _TEST_PROFILES:
                continue
            if _has_settings(world, path):
                yield ConfigFile(path, *named)


def _has_settings(world: World, path: str) -> bool:
    """Whether a file has a key that applications of Spring, Quarkus or Micronaut have."""
    if path.endswith(".properties"):
        return _FRAMEWORK.search((world.text(path) or "")[:LONGEST_FILE]) is not None
    document = world.document(path)
    root = None if document is None else document.root
    return root is not None and any(key.partition(".")[0] in _FRAMEWORK_KEYS for key, _ in root.items())


def _unit_named(path: str, units: dict[str, SourceFolder]) -> tuple[SourceFolder, str] | None:
    stem = basename(path).rpartition(".")[0].lower()
    parts = stem.split("-")
    for count in range(len(parts), 0, -1):
        unit = units.get("-".join(parts[:count]))
        if unit is not None and unit.path:
            return unit, "-".join(parts[count:])
    return None


def _holds(folder: SourceFolder, path: str) -> bool:
    return path.startswith(f"{folder.path}/")


def profiles_in(names: Iterable[str]) -> frozenset[str]:
    """Profiles of a document that says for which it is: ``a & b``, ``a,b`` and ``!a`` name words."""
    return frozenset(word for name in names for word in re.split(r"[\s,&|!()]+", name.lower()) if word)
