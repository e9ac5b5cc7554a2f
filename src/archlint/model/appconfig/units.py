"""Whose file a file of configuration is, and which variables its program is started with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname

from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.compose.mounts import mounted_paths
from archlint.model.kubernetes import Workload
from archlint.model.services.configuration import configuration
from archlint.model.services.references import variables_of
from archlint.model.sources.dockerfiles import Dockerfile
from archlint.model.sources.traced import UNKNOWN
from archlint.model.system.evidence import Unit
from archlint.model.system.folders import SourceFolder, folder_of
from archlint.model.system.parties import parties
from archlint.model.world import World

_SEPARATOR = regex(r"[\s/,\"\[\]]+")


@dataclass(frozen=True, slots=True)
class FileHolder:
    """A unit that a file of configuration may be of."""

    unit: Unit
    confidence: Confidence
    """How sure that is: high where nobody else has the file, medium where several have, low where several
    have its folder and nothing says who of them reads it."""


def holders_of(world: World, path: str) -> Sequence[FileHolder]:
    """The compose services into which a file is mounted; else the folder of source that holds it."""
    mounts = world.fact(_mounts)
    here = path
    while here:
        if here in mounts:
            return _of_mounts(mounts[here], path, here)
        here = dirname(here)
    folder = folder_of(world, path)
    return () if folder is None else (FileHolder(folder, Confidence.HIGH),)


def _of_mounts(services: Sequence[ComposeService], path: str, mounted: str) -> list[FileHolder]:
    """What of several services has a file: those whose command names it, if one does."""
    if len(services) == 1:
        return [FileHolder(services[0], Confidence.HIGH)]
    if path == mounted:
        return [FileHolder(service, Confidence.MEDIUM) for service in services]
    name = basename(path)
    naming = [item for item in services if any(name in text.text for text, _ in item.commands)]
    sure = Confidence.HIGH if len(naming) == 1 else Confidence.MEDIUM
    return [FileHolder(item, sure if item in naming else Confidence.LOW) for item in services]


def weakest(confidences: Iterable[Confidence]) -> Confidence:
    """The lowest of some confidences."""
    found = set(confidences)
    return next(item for item in (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH) if item in found)


def built_with(world: World, folder: SourceFolder, path: str, programs: Sequence[str]) -> list[str]:
    """The Dockerfiles of a folder that copy a file, or a folder that it lies in; if none does, those that
    name one of some programs."""
    parts = set(path.lower().removeprefix(f"{folder.path.lower()}/").split("/"))
    texts = {dockerfile: (world.text(dockerfile) or "").lower() for dockerfile in folder.dockerfiles}
    copying = [
        dockerfile
        for dockerfile, text in texts.items()
        for line in text.split("\n")
        if line.lstrip().startswith(("copy", "add")) and not parts.isdisjoint(_SEPARATOR.split(line))
    ]
    naming = (
        dockerfile for dockerfile, text in texts.items() if any(program in text for program in programs)
    )
    return list(dict.fromkeys(copying or naming))


def _mounts(world: World) -> Mapping[str, list[ComposeService]]:
    """The files and folders of the repository that compose services see, but for the root itself."""
    found: dict[str, list[ComposeService]] = defaultdict(list)
    for service in world.all(ComposeService):
        for path in dict.fromkeys(mounted_paths(service)):
            found[path].append(service)
    return found


def environment_of(world: World, unit: Unit) -> Mapping[str, str]:
    """The variables that a unit is started with; where its deployments differ, those of the first."""
    known = world.fact(_environments)
    key = id(unit)
    if key not in known:
        known[key] = _environment(world, unit), unit
    return known[key][0]


def _environments(world: World) -> dict[int, tuple[Mapping[str, str], Unit]]:
    return {}


def _environment(world: World, unit: Unit) -> Mapping[str, str]:
    if isinstance(unit, Workload):
        return _of_workload(world, unit)
    if isinstance(unit, ComposeService):
        return _of_compose(unit)
    found: dict[str, str] = {}
    if isinstance(unit, SourceFolder):
        for party in world.fact(parties).of_path(unit.path):
            given = [_of_compose(service) for service in party.composed]
            given += [
                _of_workload(world, item) for item in (party.service.workloads if party.service else ())
            ]
            for variables in given:
                found = {**variables, **found}
        found = {**_of_images(world, unit), **found}
    return found


def _of_images(world: World, folder: SourceFolder) -> dict[str, str]:
    """What the Dockerfiles of a folder set."""
    found: dict[str, str] = {}
    for path in folder.dockerfiles:
        stage = Dockerfile(world.text(path) or "").final
        for setting in stage.settings.values() if stage else ():
            if UNKNOWN not in setting.value.text:
                found.setdefault(setting.name, setting.value.text)
    return found


def _of_compose(service: ComposeService) -> dict[str, str]:
    found: dict[str, str] = {}
    for variable in service.variables:
        if variable.value.is_known:
            found.setdefault(variable.name, variable.text)
    return found


def _of_workload(world: World, workload: Workload) -> dict[str, str]:
    known = world.fact(configuration)
    found: dict[str, str] = {}
    for container in workload.containers:
        for variable in variables_of(container, known):
            found.setdefault(variable.name, variable.value)
    return found
