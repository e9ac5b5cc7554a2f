"""Projects that are programs by themselves, though no file of the repository says that they are deployed.

Sources: Spring Boot's plugins of Maven and Gradle, the SDKs of .NET (``Microsoft.NET.Sdk.Web``, ``.Worker``),
npm's scripts with a library that serves HTTP or messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from posixpath import basename, dirname

from archlint.finding.regex import regex
from archlint.model.system.build_files import JVM_FILES, without_comments
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.world import World

_LARGEST = 200_000
_SDK = regex(r"<Project\s+Sdk\s*=\s*\"Microsoft\.NET\.Sdk\.(?:Web|Worker)\"")
_SETTINGS = regex(r"src/main/resources/(?:config/)?(?:application|bootstrap)\.(?:ya?ml|properties)\Z")
_BOOT = regex(r"spring-boot-maven-plugin|plugin[^\n]{0,20}spring-boot|[\"'(]org\.springframework\.boot[\"')]")
_SERVERS = (
    "eureka-server",
    "spring-cloud-config-server",
    "spring-boot-admin-starter-server",
    "zipkin-server",
)
_SERVING = frozenset(
    {
        *("express", "@nestjs/core", "fastify", "koa", "@hapi/hapi", "hapi", "restify", "apollo-server"),
        *(
            "@apollo/server",
            "moleculer",
            "next",
            "react-scripts",
            "@angular/core",
            "vue",
            "@feathersjs/feathers",
        ),
    }
)

_STARTING = ("start", "serve", "dev")
"""Beginnings of the names of scripts that start a program."""


def web_projects(world: World) -> frozenset[str]:
    """The paths of the folders of source that hold such a program; ask with ``world.fact(web_projects)``."""
    folders = world.fact(source_folders).by_path
    found = {named_folder(dirname(path)) for path in _paths(world)}
    return frozenset(path for path in found if path and path in folders)


def _paths(world: World) -> Iterator[str]:
    """The build files of programs."""
    configured = {
        path[: match.start()].rstrip("/") for path in world.kinds if (match := _SETTINGS.search(path))
    }
    for path in sorted(world.kinds):
        name = basename(path)
        if name.endswith(".csproj"):
            is_program = _SDK.search((world.text(path) or "")[:_LARGEST]) is not None
        elif name in JVM_FILES:
            is_program = _is_boot(world.text(path) or "", is_configured=dirname(path) in configured)
        else:
            is_program = name == "package.json" and _serves(world.text(path) or "")
        if is_program:
            yield path


def _is_boot(text: str, *, is_configured: bool) -> bool:
    """Whether a build file makes a program of Spring Boot that has settings, or a server by its library."""
    if len(text) > _LARGEST:
        return False
    text = without_comments(text)
    if "<packaging>pom<" in text:
        return False
    return any(name in text for name in _SERVERS) or (is_configured and _BOOT.search(text) is not None)


def _serves(text: str) -> bool:
    """Whether a file of npm has a script that starts something, and a library that serves."""
    if len(text) > _LARGEST:
        return False
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    used, scripts = data.get("dependencies"), data.get("scripts")
    if not isinstance(used, dict) or not isinstance(scripts, dict):
        return False
    return any(name.startswith(_STARTING) for name in scripts) and not _SERVING.isdisjoint(used)
