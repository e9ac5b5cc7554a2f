"""``discriminator``: the value of one member says which branch of ``oneOf`` or ``anyOf`` an object belongs
to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint.comparison.schemas.schema import Schema, schema_with

_OBJECT = frozenset(("object",))


class Discriminator:
    """The names that lead to each branch. A branch is known by the ``$ref`` that it is."""

    def __init__(self, written: Mapping[str, Any], branches: list[Any]) -> None:
        self.property = written["propertyName"]
        mapping = written.get("mapping")
        self.mapping = {
            str(name): target
            for name, target in (mapping.items() if isinstance(mapping, dict) else ())
            if isinstance(target, str)
        }
        self.default = written.get("defaultMapping")
        self.names = [self._names(branch) for branch in branches]
        """For each branch the names that lead to it; none for a branch that is no reference."""

    @classmethod
    def read(cls, schema: Mapping[str, Any], branches: list[Any]) -> Discriminator | None:
        """The discriminator of a schema, if it has one that can be read."""
        written = schema.get("discriminator")
        if isinstance(written, dict) and isinstance(written.get("propertyName"), str):
            return cls(written, branches)
        return None

    def _names(self, branch: Any) -> tuple[str, ...]:
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        if not isinstance(reference, str):
            return ()
        mapped = tuple(name for name, target in self.mapping.items() if _leads_to(target, reference))
        return mapped or (_last(reference),)

    def tagged(self, index: int, branch: Any, schema: Schema) -> Schema:
        """A branch that takes no object whose member names another one.

        A discriminator demands no member, that is up to the branches, unless one of them is the default.
        """
        names = self.names[index]
        if not names:
            return schema
        if isinstance(self.default, str) and _leads_to(self.default, branch["$ref"]):
            others = tuple(name for at, found in enumerate(self.names) if at != index for name in found)
            named = (
                schema_with(properties={self.property: schema_with(**{"not": schema_with(enum=others)})})
                if others
                else schema_with()
            )
        else:
            demanded = {"required": frozenset((self.property,)), "type": _OBJECT} if self.default else {}
            named = schema_with(properties={self.property: schema_with(enum=names)}, **demanded)
        return schema_with(allOf=(schema, named))


def _leads_to(target: str, reference: str) -> bool:
    """Whether what a mapping names is what a branch refers to: by reference, or by the name of a schema."""
    if target == reference:
        return True
    if "/" not in target and "#" not in target:
        return target in (_last(reference), reference.rsplit("/", 1)[-1])
    (file, _, fragment), (other, _, pointer) = target.partition("#"), reference.partition("#")
    if fragment and pointer:  # the one may name the file that the other stands in
        return fragment == pointer and (not file or not other or _path(file) == _path(other))
    return _path(target) == _path(reference)


def _path(file: str) -> str:
    return file.removeprefix("./")


def _last(reference: str) -> str:
    name = reference.rsplit("/", 1)[-1]
    return name.removesuffix(".json").removesuffix(".yaml").removesuffix(".yml")
