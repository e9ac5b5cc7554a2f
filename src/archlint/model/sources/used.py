"""Whether the source of a party names a variable: the second sign for values that are merely at hand."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding.regex import regex
from archlint.model.sources.environment import (
    PROPERTY,
    TAG_NAME,
    is_variable_name,
    variable_of_name,
)
from archlint.model.sources.literals import SourceCode
from archlint.model.sources.reading import source_files
from archlint.model.system.parties import Party
from archlint.model.world import World

_ENVIRONMENT_NAME = regex(r"(?:process|import\.meta|Bun|Deno)\.env\.[A-Za-z_]\w*")


class VariablesRead:
    """The environment variables, and properties of Spring, that the source of folders names."""

    def __init__(self, world: World) -> None:
        self._naming = world.fact(source_files).naming
        self._known: dict[tuple[str, str], bool] = {}

    def is_read(self, folder: str, name: str) -> bool:
        """Whether source of a folder names a variable; only files are taken apart that have it as a word."""
        key = (folder, name)
        if key not in self._known:
            files = self._naming.get(folder, {}).get(name.encode(), ())
            self._known[key] = any(name in _named(file.code) for file in files)
        return self._known[key]


def variables_read(world: World) -> VariablesRead:
    """The variables that source reads; ask with ``world.fact(variables_read)``."""
    return VariablesRead(world)


def reads_variable(world: World, party: Party, name: str) -> bool:
    """Whether source of the party names an environment variable, or folders below its own do."""
    read = world.fact(variables_read) if party.folders else None
    return read is not None and any(read.is_read(folder.path, name) for folder in party.folders)


def _named(code: SourceCode) -> Iterator[str]:
    for match in _ENVIRONMENT_NAME.finditer(code.plain):
        yield variable_of_name(match[0])
    for literal in code.literals:
        if is_variable_name(literal.text):
            yield literal.text
        elif "${" in literal.text:
            yield from (match[1] for match in PROPERTY.finditer(literal.text))
        elif code.language.name == "go" and "env" in literal.text:
            yield from (match[1] for match in TAG_NAME.finditer(literal.text))
