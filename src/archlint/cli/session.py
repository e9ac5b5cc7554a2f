"""What a command needs before it can run: root, configuration, rules and the settings in force."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archlint.adapters.sources import gather_rules
from archlint.cache import cache_folder
from archlint.cli.exits import UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.house import house_of
from archlint.config import (
    Configuration,
    ConfigurationError,
    Located,
    Settings,
    load_settings,
    locate,
    read_configuration,
)
from archlint.documents.kubernetes.definitions import definitions
from archlint.finding import Notice, Profile, Rule
from archlint.finding.records import dataclass, replace
from archlint.registry import PageError, Registry, UnknownRule
from archlint.reports.characters import visible


@dataclass(frozen=True, slots=True)
class Session:
    """Root, rules and settings of one run."""

    root: Path
    registry: Registry
    settings: Settings
    notices: tuple[Notice, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force."""
        return self.rules_with("")

    @property
    def rules_on_request(self) -> tuple[Rule, ...]:
        """The rules that are not in force and that an object may turn on for itself."""
        return self.registry.on_request(self.rules, self.settings.ignore)

    def rules_with(self, tag: str) -> tuple[Rule, ...]:
        """The rules in force where optional rules of a tag belong to the profile."""
        settings = self.settings
        return self.registry.choose(settings.profile, settings.select, settings.ignore, with_tag=tag)


def open_session(paths: Sequence[str], flags: Flags) -> Session:
    """Find and read the configuration for some paths and put the flags on top; raises ``UsageProblem``."""
    try:
        explicit = Path(flags.config_file) if flags.config_file else None
        located = locate([Path(path) for path in paths], explicit)
    except ConfigurationError as problem:
        raise UsageProblem(str(problem)) from None
    return session_with(located, flags)


def session_with(located: Located, flags: Flags) -> Session:
    """The session of a configuration that was found; raises ``UsageProblem``."""
    try:
        configuration = None if located.file is None else read_configuration(located.file, located.root)
        registry, failed = _registry(located.root, configuration, flags)
        house = house_of(located.root, flags.ruleset, configuration, registry)
    except ConfigurationError as problem:
        raise UsageProblem(str(problem)) from None
    except PageError as problem:
        raise UsageProblem(visible(str(problem))) from None
    registry = house.registry
    try:
        settings = load_settings(configuration, registry, _clusters(flags))
    except ConfigurationError as problem:
        raise UsageProblem(house.explained(str(problem))) from None
    notices = [*settings.notices, *failed, *house.notices]
    if located.slip is not None:
        notices.append(
            Notice("warning", f"'{located.slip}' is not read; the configuration is called archlint.yaml")
        )
    settings = house.settings(_with_flags(settings, flags, located.root))
    for selector in (*settings.select, *settings.ignore):
        try:
            registry.require(selector)
        except UnknownRule as problem:
            raise UsageProblem(house.explained(str(problem))) from None
    settings = replace(settings, options=registry.with_presets(settings.select, settings.options))
    return Session(located.root, registry, settings, tuple(notices))


def _clusters(flags: Flags) -> str | None:
    """The version of Kubernetes that a flag names, without ``v`` and patch; raises ``UsageProblem``."""
    given = flags.kubernetes_version
    if given is None:
        return None
    known = definitions()
    version = ".".join(given.removeprefix("v").split(".")[:2])
    if version not in [f"1.{minor}" for minor in range(known.oldest, known.newest + 1)]:
        raise UsageProblem(
            f"Kubernetes '{given}' is not known; --kubernetes-version takes"
            f" 1.{known.oldest} to 1.{known.newest}"
        )
    return version


def schema_folders(session: Session, flags: Flags) -> tuple[tuple[str, Path], ...]:
    """The folders with schemas, those of the flags first, each with its name; raises ``UsageProblem``."""
    named = [(_below(name, session.root), Path(name)) for name in flags.schemas]
    named += [(name, session.root / name) for name in session.settings.schemas]
    for name, path in named:
        if not path.is_dir():
            raise UsageProblem(f"'{name}' is no folder; schemas lie in one")
    return tuple(named)


def helm_program(flags: Flags) -> str | None:
    """The path of the program that renders charts, if one is named; raises ``UsageProblem``."""
    if flags.helm is None:
        return None
    from archlint.adapters.helm_program import HelmProblem, found

    try:
        return found(flags.helm)
    except HelmProblem as problem:
        raise UsageProblem(str(problem)) from None


def _registry(root: Path, configuration: Configuration | None, flags: Flags) -> tuple[Registry, list[Notice]]:
    """All rules, of archlint, plugins and the configuration's folders, and errors for plugins that fail."""
    folders = configuration.rule_folders if configuration is not None else ()
    return gather_rules(None if flags.no_cache else cache_folder(), root, folders)


def _with_flags(settings: Settings, flags: Flags, root: Path) -> Settings:
    """Settings with the flags on top: a flag that is given replaces what the file says."""
    changed: dict[str, Any] = {}
    if flags.select is not None:
        changed["select"] = flags.select
    if flags.ignore is not None:
        changed["ignore"] = flags.ignore
    if flags.profile is not None:
        changed["profile"] = Profile[flags.profile.upper()]
    if flags.exclude:
        changed["exclude"] = flags.exclude
    if flags.baseline is not None:
        changed["baseline"] = _below(flags.baseline, root)
    origins = {**settings.origins, **{name: f"--{name}" for name in changed}}
    return replace(settings, **changed, origins=origins)


def _below(path: str, root: Path) -> str:
    """A path of the command line as seen from the root; absolute if it lies elsewhere."""
    given = Path(os.path.normpath(Path(path).absolute()))
    whole = Path(os.path.realpath(given.parent)) / given.name  # a link of that name is not followed
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)
