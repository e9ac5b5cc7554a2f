"""What Confluent's registry calls an edit of a JSON Schema, and whether it refuses it.

The registry knows no values: it judges each edit by its kind. Source: the kinds are those that it names when
it refuses a schema, https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html#json-schema-compatibility-rules
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from archlint.comparison.json_schema.edits import SchemaEdit
from archlint.documents import Node
from archlint.model.json_schema import View

_LIMITS = {
    "maxLength": "MAX_LENGTH",
    "minLength": "MIN_LENGTH",
    "maximum": "MAXIMUM",
    "minimum": "MINIMUM",
    "exclusiveMaximum": "EXCLUSIVE_MAXIMUM",
    "exclusiveMinimum": "EXCLUSIVE_MINIMUM",
    "maxProperties": "MAX_PROPERTIES",
    "minProperties": "MIN_PROPERTIES",
    "maxItems": "MAX_ITEMS",
    "minItems": "MIN_ITEMS",
    "maxContains": "MAX_CONTAINS",
    "minContains": "MIN_CONTAINS",
}
_REST = {
    "additionalProperties": "ADDITIONAL_PROPERTIES",
    "unevaluatedProperties": "UNEVALUATED_PROPERTIES",
    "items": "ADDITIONAL_ITEMS",
    "unevaluatedItems": "UNEVALUATED_ITEMS",
}
"""Keywords about what nothing else speaks of."""
_MEMBERS = ("PROPERTY_ADDED", "PROPERTY_REMOVED", "ITEM_ADDED", "ITEM_REMOVED")
REFUSED = frozenset(
    (
        *("TYPE_NARROWED", "TYPE_CHANGED", "PATTERN_ADDED", "PATTERN_CHANGED", "MULTIPLE_OF_ADDED"),
        *("MULTIPLE_OF_EXPANDED", "MULTIPLE_OF_CHANGED", "REQUIRED_ATTRIBUTE_ADDED"),
        *("DEPENDENCY_ARRAY_ADDED", "DEPENDENCY_ARRAY_EXTENDED", "DEPENDENCY_ARRAY_CHANGED"),
        *("DEPENDENCY_SCHEMA_ADDED", "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"),
        *("REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL", "UNIQUE_ITEMS_ADDED"),
        *("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"),
        *("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", "ENUM_ARRAY_NARROWED", "ENUM_ARRAY_CHANGED"),
        *(
            "NOT_TYPE_EXTENDED",
            "PRODUCT_TYPE_EXTENDED",
            "SUM_TYPE_NARROWED",
            "ITEM_ADDED_TO_OPEN_CONTENT_MODEL",
        ),
        *("ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", *(f"{each}_REMOVED" for each in _REST.values())),
        *(f"{each}_NARROWED" for each in _REST.values()),
        *(f"{each}_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL" for each in _MEMBERS),
        *(f"{each}_ADDED" for each in (*_LIMITS.values(), "SCHEMA")),
        *(f"{each}_{'INCREASED' if 'MIN' in each else 'DECREASED'}" for each in _LIMITS.values()),
    )
)
"""All kinds that the registry refuses and that are certain here."""


def kind_of(edit: SchemaEdit, *, is_harmful: bool) -> str | None:
    """What the registry calls an edit; ``None`` where its name is not certain.

    ``is_harmful``: whether values are refused because of it. The registry asks this of members that a
    pattern or a schema for the others speaks of as well. Below ``not`` it has only two names: what lets in
    less there lets in more.
    """
    kind = None if edit.turns is None else _kind_by_itself(edit, is_harmful)
    if not edit.turns or kind is None:
        return kind
    return f"NOT_TYPE_{'EXTENDED' if is_refused(kind) is (edit.turns % 2 == 0) else 'NARROWED'}"


def _kind_by_itself(edit: SchemaEdit, is_harmful: bool) -> str | None:
    keyword = edit.keyword
    if keyword in ("properties", "prefixItems"):
        return _member(edit, "NOT" if is_harmful else "IS")
    if keyword in _LIMITS:
        return _limit(_LIMITS[keyword], edit)
    if keyword in _REST:
        return _rest(edit)
    judge = _JUDGES.get(keyword)
    return None if judge is None else judge(edit)


def is_refused(kind: str) -> bool:
    """Whether the registry refuses a schema for an edit of a kind, by its strict policy."""
    return kind in REFUSED


def _limit(name: str, edit: SchemaEdit) -> str | None:
    if edit.is_added or edit.is_removed:
        return _change(name, edit)
    old, new = edit.old_value, edit.new_value
    if not all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (old, new)):
        return None
    return f"{name}_{'INCREASED' if new > old else 'DECREASED'}"


def _change(name: str, edit: SchemaEdit) -> str:
    return f"{name}_{'ADDED' if edit.is_added else 'REMOVED' if edit.is_removed else 'CHANGED'}"


def _multiple(edit: SchemaEdit) -> str | None:
    if edit.is_added or edit.is_removed:
        return _change("MULTIPLE_OF", edit)
    try:
        old, new = (Fraction(str(each)) for each in (edit.old_value, edit.new_value))
        if old <= 0 or new <= 0:
            return None
    except ValueError:
        return None
    if new % old == 0:
        return "MULTIPLE_OF_EXPANDED"
    return "MULTIPLE_OF_REDUCED" if old % new == 0 else "MULTIPLE_OF_CHANGED"


def _unique(edit: SchemaEdit) -> str:
    return f"UNIQUE_ITEMS_{'ADDED' if edit.new_value is True else 'REMOVED'}"


def _enum(edit: SchemaEdit) -> str | None:
    if not all(isinstance(each, list) for each in (edit.old_value, edit.new_value)):
        return None
    old, new = ({repr(item) for item in each} for each in (edit.old_value, edit.new_value))
    return f"ENUM_ARRAY_{_relation(old, new)}" if old != new else None


def _relation(old: set[str], new: set[str]) -> str:
    return "EXTENDED" if old < new else "NARROWED" if new < old else "CHANGED"


def _type(edit: SchemaEdit) -> str | None:
    old, new = edit.old_value, edit.new_value
    if not isinstance(old, str) or not isinstance(new, str):
        return None  # a list of types is a choice to the registry, which it names in other ways
    if (old, new) == ("integer", "number"):
        return "TYPE_EXTENDED"
    return "TYPE_NARROWED" if (old, new) == ("number", "integer") else "TYPE_CHANGED"


def _required(edit: SchemaEdit) -> str:
    if edit.is_removed:
        return "REQUIRED_ATTRIBUTE_REMOVED"
    node = edit.reader.slots.get(("properties", edit.name))
    return f"REQUIRED_ATTRIBUTE{'_WITH_DEFAULT' if _has_default(node) else ''}_ADDED"


def _has_default(node: Node | None) -> bool:
    return node is not None and node.get("default").exists


def _member(edit: SchemaEdit, covered: str) -> str | None:
    """A property, or an item by its position, that came or went."""
    home = edit.writer if edit.is_added else edit.reader
    is_property = edit.keyword == "properties"
    model = _model(home) if is_property else _MODELS[_openness(home, "items")]
    word = "PROPERTY" if is_property else "ITEM"
    where = f"{'ADDED' if edit.is_added else 'REMOVED'}_{{}}_{model}_CONTENT_MODEL"
    if model == "PARTIALLY_OPEN":
        return f"{word}_{where.format(f'{covered}_COVERED_BY')}"
    if not is_property:
        return f"ITEM_{_word_of_items(edit, model)}{where.format('TO' if edit.is_added else 'FROM')}"
    child = edit.child(edit.reader if edit.is_added else edit.writer)
    return None if child is None else _property(edit, model, child)


def _word_of_items(edit: SchemaEdit, model: str) -> str:
    """A word for items that say no more than the list does without them."""
    old, new = edit.writer.names("prefixItems"), edit.reader.names("prefixItems")
    home, names = (edit.reader, new[len(old) :]) if edit.is_added else (edit.writer, old[len(new) :])
    values = [home.slots["prefixItems", name].value for name in names]
    if edit.is_added and model == "OPEN" and all(each in (True, {}) for each in values):
        return "WITH_EMPTY_SCHEMA_"
    is_shut_out = edit.is_removed and model == "CLOSED" and all(each is False for each in values)
    return "WITH_FALSE_" if is_shut_out else ""


_MODELS = ("CLOSED", "PARTIALLY_OPEN", "OPEN")


def _property(edit: SchemaEdit, model: str, child: Node) -> str:
    if edit.is_removed:
        is_false = child.value is False and model == "CLOSED"
        return f"PROPERTY_{'WITH_FALSE_' if is_false else ''}REMOVED_FROM_{model}_CONTENT_MODEL"
    if child.value in (True, {}) and model == "OPEN" and not edit.is_required:
        return "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"
    kind = "OPTIONAL" if not edit.is_required else "REQUIRED"
    with_default = "_WITH_DEFAULT" if edit.is_required and _has_default(child) else ""
    where = "OPEN" if model == "OPEN" else "UNOPEN"
    return f"{kind}_PROPERTY{with_default}_ADDED_TO_{where}_CONTENT_MODEL"


def _model(view: View) -> str:
    """Whether an object may have names that its schema does not list: any, some or none."""
    more = view.slots.get(("additionalProperties", ""))
    if view.names("patternProperties"):
        return "PARTIALLY_OPEN"
    if more is None or more.value in (True, {}):
        return "OPEN"
    return "CLOSED" if more.value is False else "PARTIALLY_OPEN"


def _rest(edit: SchemaEdit) -> str | None:
    """What may be there besides: added is what lets in more, removed what lets in less."""
    if edit.keyword == "items" and not _has_list(edit):
        return f"SCHEMA_{'ADDED' if edit.is_added else 'REMOVED'}"
    old, new = (_openness(each, edit.keyword) for each in (edit.writer, edit.reader))
    if old == new:
        return None
    words = {
        (0, 2): "ADDED",
        (2, 0): "REMOVED",
        (0, 1): "EXTENDED",
        (1, 2): "EXTENDED",
        (2, 1): "NARROWED",
        (1, 0): "NARROWED",
    }
    return f"{_REST[edit.keyword]}_{words[old, new]}"


def _has_list(edit: SchemaEdit) -> bool:
    return bool(edit.writer.names("prefixItems") and edit.reader.names("prefixItems"))


def _openness(view: View, keyword: str) -> int:
    """0: nothing else, 1: what a schema says, 2: anything."""
    node = view.slots.get((keyword, ""))
    if node is None or node.value in (True, {}):
        return 2
    return 0 if node.value is False else 1


def _dependency(edit: SchemaEdit) -> str | None:
    """A name that demands others, if it is the only one that changed."""
    before, after = edit.old_value or {}, edit.new_value or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return None
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(changed) != 1:
        return None
    (name,) = changed
    if name not in before or name not in after:
        return f"DEPENDENCY_ARRAY_{'ADDED' if name in after else 'REMOVED'}"
    old, new = (
        set(map(repr, each[name])) if isinstance(each[name], list) else set() for each in (before, after)
    )
    return f"DEPENDENCY_ARRAY_{_relation(old, new)}"


def _size(name: str, edit: SchemaEdit) -> str | None:
    if not edit.writer.names(edit.keyword) or not edit.reader.names(edit.keyword):
        return None
    return (
        f"{name}_{'EXTENDED' if edit.is_added else 'NARROWED'}" if edit.is_added or edit.is_removed else None
    )


_JUDGES: Mapping[str, Callable[[SchemaEdit], str | None]] = {
    "pattern": partial(_change, "PATTERN"),
    "multipleOf": _multiple,
    "uniqueItems": _unique,
    "enum": _enum,
    "type": _type,
    "required": _required,
    "dependentRequired": _dependency,
    "dependentSchemas": partial(_change, "DEPENDENCY_SCHEMA"),
    "anyOf": partial(_size, "SUM_TYPE"),
    "oneOf": partial(_size, "SUM_TYPE"),
    "allOf": partial(_size, "PRODUCT_TYPE"),
}
