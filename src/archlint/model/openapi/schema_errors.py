"""What a validator finds in a document of which the published schema has several forms for one object: the
errors of the form that was meant, without what only follows from others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archlint.finding.records import dataclass, replace
from archlint.finding.words import quoted, shortened, written

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_SELECTORS = frozenset({"in", "type", "style", "scheme", "flow"})
"""Keys whose value decides which form of an object is meant."""
WORDS = {
    "object": "a map",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class SchemaError:
    """An error with nothing below it."""

    at: tuple[str | int, ...]
    keyword: str
    kind: Any
    message: str
    is_conditional: bool = False
    """Whether it is demanded only if a selector has some value."""
    stated: str | int = ""
    """The last step to what demands it."""
    because: str | int = ""
    """The field that is not allowed to have others beside it."""
    options: tuple[str, ...] = ()
    """The values that a selector may have in any of the forms."""
    way: tuple[str | int, ...] = ()
    """Where the schema stands that refuses it, with the keyword last."""
    among: int = 0
    """Of how many forms, none of which fits, this is about the nearest; 0 where there is no other."""


def leaves(errors: Iterable[ValidationError]) -> list[SchemaError]:
    """The errors with every choice between forms narrowed down to the form that was most likely meant."""
    found: list[SchemaError] = []
    for error in errors:
        at, kind = tuple(error.instance_path), _kind(error)
        if kind.name in ("oneOf", "anyOf") and any(kind.context):
            found.extend(_of_branches(at, kind.name, [leaves(branch) for branch in kind.context], error))
        else:
            way = tuple(error.schema_path)
            is_conditional = not {"then", "else"}.isdisjoint(way)
            stated = way[-1] if way else ""
            because = way[-2] if way[-3:-2] == ("dependentSchemas",) else ""
            found.append(
                SchemaError(at, kind.name, kind, error.message, is_conditional, stated, because, way=way)
            )
    return _without_echoes(found)


def _kind(error: ValidationError) -> Any:
    """What the error is about; each kind has attributes of its own."""
    return error.kind


def _without_echoes(errors: list[SchemaError]) -> list[SchemaError]:
    """Leave out what only follows from a wrong type, or from a missing field that would select the form."""
    mistyped = {e.at for e in errors if e.keyword in ("type", "types")}
    lacking = mistyped | {e.at for e in errors if e.keyword == "required"}
    unselected = unselected_in(errors)
    explained = {e.at for e in errors if e.keyword != "not"}
    return [
        e
        for e in errors
        if not (e.at in mistyped and e.keyword not in ("type", "types"))
        and not (e.at in unselected and e.is_conditional)
        and not (e.at in lacking and e.keyword in ("oneOf", "minProperties"))
        and not (e.at in explained and e.keyword == "not" and not _names_fields(e))
    ]


def unselected_in(errors: list[SchemaError]) -> set[tuple[str | int, ...]]:
    """Where the field is missing that says which form is meant, so that all else in it is a guess. What only
    one form has, which another field has selected, selects no other."""
    return {e.at for e in errors if not e.is_conditional and _lacks_selector(e)}


def _lacks_selector(error: SchemaError) -> bool:
    return error.keyword == "required" and error.kind.property in _SELECTORS


def _of_branches(
    at: tuple[str | int, ...], keyword: str, branches: list[list[SchemaError]], error: ValidationError
) -> list[SchemaError]:
    whole = tuple(error.schema_path)
    tried = [branch for branch in branches if branch]
    if len(tried) < len(branches):  # some forms fit: too many of them
        return [SchemaError(at, keyword, error.kind, error.message, way=whole)]
    forms = [branch for branch in tried if not _is_reference(branch, at)] or tried
    if len(forms) > 1 and all(_lacks_one(branch, at) for branch in forms):
        names = list(dict.fromkeys(branch[0].kind.property for branch in forms))
        return [SchemaError(at, "choice", None, " or ".join(quoted(names)), way=whole)]
    if len(forms) > 1 and all(_is_wrong_type(branch, at) for branch in forms):
        types = [name for branch in forms for name in branch[0].kind.types]
        wanted = " or ".join(WORDS.get(name, name) for name in dict.fromkeys(types))
        return [SchemaError(at, "types", None, wanted, way=whole)]
    if len(forms) > 1 and (selected := _wrong_selector(forms, at)) is not None:
        return [selected]
    nearest = _without_guesses(min(forms, key=lambda branch: _distance(branch, at)), forms)
    others = sum(1 for branch in forms if not _is_wrong_type(branch, at))
    return [replace(each, among=each.among or others) for each in nearest] if others > 1 else nearest


def _without_guesses(nearest: list[SchemaError], forms: list[list[SchemaError]]) -> list[SchemaError]:
    """What is wrong with the nearest form; where the field is missing that tells it from others, without what
    is wrong with it alone."""
    lacking = {_identity(e) for e in nearest if _lacks_selector(e)}
    if not lacking:
        return nearest
    alike = [known for form in forms if lacking <= (known := set(map(_identity, form)))]
    return [e for e in nearest if all(_identity(e) in known for known in alike)]


def _identity(error: SchemaError) -> tuple[object, ...]:
    return error.at, error.keyword, error.kind.property if error.keyword == "required" else None


def _names_fields(error: SchemaError) -> bool:
    schema = error.kind.schema
    return isinstance(schema, dict) and bool(schema.get("required"))


def _wrong_selector(forms: list[list[SchemaError]], at: tuple[str | int, ...]) -> SchemaError | None:
    """The one error that all forms share: a selector with a value that none of them has."""
    wrong = [
        next((e for e in form if _is_wrong_selector(e, at) and e.keyword != "const"), None) for form in forms
    ]
    shared = [e for e in wrong if e is not None]
    if len(shared) < len(forms) or len({e.at for e in shared}) != 1:
        return None
    options = tuple(dict.fromkeys(option for e in shared for option in _options(e)))
    return SchemaError(shared[0].at, "options", None, ", ".join(options), options=options, way=shared[0].way)


def _options(error: SchemaError) -> Iterable[str]:
    """The values that would be right; of a form that has several forms itself, those of all of them."""
    return error.options or map(short, error.kind.options)


def _is_wrong_selector(error: SchemaError, at: tuple[str | int, ...]) -> bool:
    return _is_selector(error, at) and error.keyword in ("enum", "const", "options")


def _is_selector(error: SchemaError, at: tuple[str | int, ...]) -> bool:
    return len(error.at) == len(at) + 1 and error.at[-1] in _SELECTORS


def _is_reference(branch: list[SchemaError], at: tuple[str | int, ...]) -> bool:
    return any(e.at == at and e.keyword == "required" and e.kind.property == "$ref" for e in branch)


def _lacks_one(branch: list[SchemaError], at: tuple[str | int, ...]) -> bool:
    return len(branch) == 1 and branch[0].at == at and branch[0].keyword == "required"


def _is_wrong_type(branch: list[SchemaError], at: tuple[str | int, ...]) -> bool:
    return len(branch) == 1 and branch[0].at == at and branch[0].keyword == "type"


def _distance(branch: list[SchemaError], at: tuple[str | int, ...]) -> tuple[int, int, int]:
    """How far the instance is from a form: wrong selectors first, then errors at its top, then all."""
    selectors = sum(_is_wrong_selector(e, at) for e in branch)
    wrong_type = sum(e.at == at and e.keyword == "type" for e in branch)
    top = sum(e.at == at for e in branch)
    return selectors + wrong_type, top, len(branch)


def short(value: Any) -> str:
    """A value in few characters, text in quotes."""
    return shortened(f"'{value}'" if isinstance(value, str) else written(value), 60)
