"""Variables as templates show them: ``.env.example`` stands for an ``.env`` that is kept out of the
repository. They tell of the system what files that are not here would; nothing is found wrong in them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from posixpath import join

from archlint.model.compose.env_files import EnvLine, env_lines
from archlint.model.compose.files import Scope, within
from archlint.model.compose.layers import Layer, Layers
from archlint.model.compose.services import ComposeService, ComposeVariable
from archlint.model.compose.woven import Woven
from archlint.model.world import World

_ENDINGS = (".example", ".sample", ".template", ".dist", "-example", "-sample", ".default")
_BEGINNINGS = ("example", "sample", ".example", ".sample")


def exemplary_variables(service: ComposeService) -> tuple[ComposeVariable, ...]:
    """The variables of a service that only templates tell: of files that it is given and that are not here,
    and of its entries whose values the project's own file would fill in."""
    found: dict[str, ComposeVariable] = {}
    for variant in service.variants:
        for item in variant.items("env_file"):
            setting = item.get("path") if item.node.is_map else item
            path = within(item.scope.folder, setting.known_text or "")
            for line in _lines(service.world, path) if path is not None else ():
                if line.value is not None:
                    entry = setting.node.value_place()
                    found.setdefault(
                        line.name, ComposeVariable(line.name, line.value, entry, is_of_file=True)
                    )
        for variable in _filled_in(service.world, variant):
            found.setdefault(variable.name, variable)
    return tuple(found.values())


def _filled_in(world: World, variant: Layers) -> Iterator[ComposeVariable]:
    entries = variant.entries("environment")
    unknown = {
        name for name, entry in entries.items() if entry.value is not None and not entry.value.is_known
    }
    if not unknown:
        return
    filled = Layers([Layer(layer.node, _with_template(world, layer.scope)) for layer in variant.layers])
    for name, entry in filled.entries("environment").items():
        if name in unknown and entry.value is not None and entry.value.is_known:
            yield ComposeVariable(name, entry.value, entry.setting.node.value_place())


def _with_template(world: World, scope: Scope) -> Scope:
    """What a file is read with, and what the template of the project's variables adds to it."""
    shown: Mapping[str, Woven] = {
        line.name: line.value for line in _lines(world, join(scope.folder, ".env")) if line.value is not None
    }
    return Scope(scope.folder, {**shown, **scope.variables})


def _lines(world: World, path: str) -> list[EnvLine]:
    template = template_of(path, world.kinds)
    text = world.text(template) if template is not None else None
    if template is None or text is None:
        return []
    return env_lines(template, text, lambda _: None, revision=world.tree.revision, is_raw=False)


def template_of(path: str, known: Container[str]) -> str | None:
    """The template beside a file with variables that is not here: ``.env.example`` of ``.env``."""
    if path in known:
        return None
    folder, _, name = path.rpartition("/")
    names = [f"{name}{ending}" for ending in _ENDINGS] + [f"{begun}{name}" for begun in _BEGINNINGS]
    return next((each for each in (join(folder, name) for name in names) if each in known), None)
