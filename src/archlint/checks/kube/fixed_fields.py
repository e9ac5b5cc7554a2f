"""What changed since the base although it cannot change once the object is in a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.manifests.changes import FixedFieldChange
from archlint.documents import Node
from archlint.finding.place import dotted
from archlint.finding.words import listed
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import shown

_MOST_NAMED = 4
_SECRET = "Secret"
_DELETE = "delete the object before it is applied, or give it another name"


@change(FixedFieldChange)
def fixed_field_changed(changed: FixedFieldChange, options: Options) -> Iterator[Observation]:
    """A field that the API server never changes."""
    field = changed.field
    way = dotted(field.now.route[len(changed.base.node.route) :])
    is_secret = changed.base.kind == _SECRET and way != "type"
    yield observe(
        field.now.place(),
        "secret" if is_secret else "default",
        related=[(field.before.place(), "at the base")],
        identity=changed.base.source.names(field.now.route),
        objects=listed(_names(changed.objects), _MOST_NAMED),
        field=way,
        before=_words(field.before),
        now=_words(field.now),
        remedy=field.remedy or _DELETE,
    )


def _names(objects: Sequence[KubernetesObject]) -> list[str]:
    """Each object once; those of one name by their namespaces too, as far as these are known."""
    plain = [f"{item.kind} '{item.name}'" for item in objects]
    if len({*plain}) == len(plain):
        return plain
    spaces = (f"{item.namespace}/" if item.namespace else "" for item in objects)
    return [
        *dict.fromkeys(
            f"{item.kind} '{space}{item.name}'" for item, space in zip(objects, spaces, strict=True)
        )
    ]


def _words(node: Node) -> str:
    if not node.is_set:
        return "not set"
    if node.is_map or node.is_list:
        return shown(_flow(node.value))
    return f"'{shown(node.value)}'"


def _flow(value: object) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)
