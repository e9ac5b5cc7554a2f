"""Import roots and dependencies that ``buf.yaml`` (v1beta1, v1, v2) and ``buf.work.yaml`` declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import join, normpath
from typing import Any

from archlint.documents.proto.buf_yaml import load, texts
from archlint.files.folders import all_folders
from archlint.finding.records import dataclass

_CONFIGURATIONS = ("buf.yaml", "buf.work.yaml")


@dataclass(frozen=True, slots=True)
class BufSettings:
    """What the configurations of a repository say together."""

    roots: frozenset[str] = frozenset()
    """Import roots, relative to the root of the world."""
    has_dependencies: bool = False
    """Whether modules of a registry are among the inputs, so that imports may be fetched from there."""
    programs: tuple[tuple[str, str], ...] = ()
    """The plugins and policies that are to be run, each with the path of its configuration."""


def read_settings(paths: Iterable[str], read: Callable[[str], bytes]) -> BufSettings:
    """What the configurations in the folders of files and above these say; one that cannot be read says
    nothing."""
    roots: set[str] = set()
    has_dependencies = False
    programs: list[tuple[str, str]] = []
    for folder in all_folders(paths):
        for name in _CONFIGURATIONS:
            configuration = load(join(folder, name), read)
            if configuration is None:
                continue
            for root in _roots_in(configuration):
                found = normpath(join(folder, root))
                roots.add("" if found == "." else found)
            has_dependencies |= bool(configuration.get("deps"))
            programs += ((join(folder, name), program) for program in _programs_in(configuration))
    return BufSettings(frozenset(roots), has_dependencies, tuple(programs))


def _programs_in(configuration: Mapping[str, Any]) -> Iterator[str]:
    """``plugins[].plugin`` and ``policies[].policy``; a plugin with arguments is a list of words."""
    for key, part in (("plugins", "plugin"), ("policies", "policy")):
        listed = configuration.get(key)
        for item in listed if isinstance(listed, list) else ():
            program = item.get(part) if isinstance(item, dict) else None
            first = program[:1] if isinstance(program, list) else [program]
            yield from texts(first)


def _roots_in(configuration: Mapping[str, Any]) -> Iterator[str]:
    """Folders relative to the configuration: ``modules[].path`` (v2), ``directories`` (work file),
    ``build.roots`` (v1beta1), else the folder itself."""
    build = configuration.get("build")
    listed = [
        *texts(configuration.get("directories")),
        *texts(build.get("roots") if isinstance(build, dict) else None),
    ]
    modules = configuration.get("modules")
    if isinstance(modules, list):
        listed += texts([module.get("path", ".") for module in modules if isinstance(module, dict)])
    yield from listed or ["."]
