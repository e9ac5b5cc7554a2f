"""Projects that are programs by themselves, though no file of the repository says that they are deployed.

They are looked at where nothing built here is deployed: a repository whose services are started by hand.

Sources: the SDKs of .NET (``Microsoft.NET.Sdk.Web``, ``.Worker``), npm's ``start`` script with a library that
serves HTTP or messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from posixpath import basename, dirname

from archlint.finding.regex import regex
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.world import World

_LARGEST = 200_000
_SDK = regex(r"<Project\s+Sdk\s*=\s*\"Microsoft\.NET\.Sdk\.(?:Web|Worker)\"")
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


def web_projects(world: World) -> frozenset[str]:
    """The paths of the folders of source that hold such a program; ask with ``world.fact(web_projects)``."""
    folders = world.fact(source_folders).by_path
    found = {named_folder(dirname(path)) for path in _paths(world)}
    return frozenset(path for path in found if path and path in folders)


def _paths(world: World) -> Iterator[str]:
    for path in sorted(world.kinds):
        if path.endswith(".csproj"):
            if _SDK.search((world.text(path) or "")[:_LARGEST]):
                yield path
        elif basename(path) == "package.json" and _serves(world.text(path) or ""):
            yield path


def _serves(text: str) -> bool:
    if len(text) > _LARGEST or '"start' not in text:
        return False
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    used = data.get("dependencies")
    return isinstance(used, dict) and not _SERVING.isdisjoint(used)
