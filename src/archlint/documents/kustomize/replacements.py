"""``replacements``: values of fields that are copied to other fields.

Source: kustomize's ``filters/replacement``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.pointers import Matches, dotted, look_up
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.selectors import requirements
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Origin, Value, copied, read_plain

_DEFAULT_PATH = "metadata.name"


def replace_all(resources: Resources, replacements: Iterable[Value]) -> None:
    """Carry out replacements in their order."""
    for entry in replacements:
        if not isinstance(entry.data, dict):
            raise Refusal("A replacement must be a map.", entry.origin)
        targets = entry.data.get("targets")
        if targets is None or ("source" not in entry.data and "sourceValue" not in entry.data):
            raise Refusal("A replacement must have a source and at least one target.", entry.origin)
        value = _source(resources, entry)
        for target in targets.data or ():
            _apply(resources, value, target)


def read_replacements(entries: Iterable[Value], sources: Sources, folder: str) -> list[Value]:
    """The entries of ``replacements``, those in files of their own included."""
    found: list[Value] = []
    for entry in entries:
        path = entry.get("path")
        if path is None or not path.text:
            found.append(entry)
            continue
        if entry.get("source") is not None or entry.get("targets") is not None:
            raise Refusal("A replacement has either a path or a source and targets.", entry.origin)
        for document in sources.documents(folder, path.text, path.origin)[:1]:
            found.extend(document.data if isinstance(document.data, list) else [document])
    return found


def _source(resources: Resources, entry: Value) -> Value:
    fixed, source = entry.data.get("sourceValue"), entry.data.get("source")
    if fixed is not None:
        if source is not None:
            raise Refusal("A replacement has either a source or a sourceValue.", fixed.origin)
        return Value(fixed.text, fixed.origin)
    assert source is not None
    wanted = _Choice(source)
    found = [item for item in resources if wanted.fits_identity(item)]
    if not found:
        raise Refusal("The source of a replacement is not there.", source.origin, Reason.MISSING)
    if len(found) > 1:
        raise Refusal("Several objects fit the source of a replacement.", source.origin)
    path = _text(source, "fieldPath") or _DEFAULT_PATH
    value = look_up(found[0].root, dotted(path), source.origin)
    if value is None or value.data in (None, {}, []):
        raise Refusal(f"{found[0].identity} has no '{path}'.", source.origin, Reason.MISSING)
    return _refined(value, source.get("options"))


def _refined(value: Value, options: Value | None) -> Value:
    delimiter = _text(options, "delimiter")
    if not delimiter:
        return value
    _need_scalar(value)
    assert options is not None
    parts, index = value.text.split(delimiter), _index(options)
    if not 0 <= index < len(parts):
        raise Refusal(f"'{value.text}' has no part {index}.", options.origin)
    return Value(parts[index], value.origin)


def _apply(resources: Resources, value: Value, target: Value) -> None:
    select = target.data.get("select")
    if select is None or select.data is None:
        raise Refusal("A target must select objects.", target.origin)
    wanted = _Choice(select)
    rejected = target.data.get("reject")
    rejects = [_Choice(entry) for entry in (rejected.data or () if rejected is not None else ())]
    listed = target.data.get("fieldPaths")
    paths = [entry.text for entry in listed.data or ()] if listed is not None else []
    options = target.data.get("options")
    for item in resources:
        if not wanted.fits_labels(item) or any(
            each.has_labels and each.fits_labels(item) for each in rejects
        ):
            continue
        if wanted.fits_identity(item) and not any(
            each.has_identity and each.fits_identity(item) for each in rejects
        ):
            for path in paths or [_DEFAULT_PATH]:
                _copy(item, path, value, options, listed.origin if listed is not None else target.origin)


class _Choice:
    """Objects by literal group, version, kind, name and namespace, and by selectors of labels."""

    def __init__(self, value: Value) -> None:
        self.gvk = Gvk(_text(value, "group"), _text(value, "version"), _text(value, "kind"))
        self.name = _text(value, "name")
        self.namespace = _text(value, "namespace")
        self.has_identity = any((*self.gvk, self.name, self.namespace))
        labels, annotations = _text(value, "labelSelector"), _text(value, "annotationSelector")
        self.has_labels = bool(labels or annotations)
        self._labels = requirements(labels, value.origin)
        self._annotations = requirements(annotations, value.origin)

    def fits_identity(self, item: Resource) -> bool:
        return any(known.is_selected(self.gvk, self.name, self.namespace) for known in item.identities())

    def fits_labels(self, item: Resource) -> bool:
        return self._labels(item.strings("labels")) and self._annotations(item.strings("annotations"))


def _copy(item: Resource, path: str, value: Value, options: Value | None, origin: Origin) -> None:
    create = options.data.get("create") if options is not None and options.data else None
    is_made = create is not None and create.data is True
    blank: Callable[[], Any] | None = None
    if is_made:
        blank = dict if isinstance(value.data, dict) else list if isinstance(value.data, list) else str
    slots = list(Matches(origin, blank).find({"": item.root}, "", dotted(path)))
    if not slots:
        raise Refusal(f"{item.identity} has no '{path}' to put a value into.", origin, Reason.MISSING)
    for holder, key in slots:
        _set(holder, key, value, options, origin, is_made=is_made)


def _set(
    holder: Any, key: Any, value: Value, options: Value | None, origin: Origin, *, is_made: bool
) -> None:
    old: Value = holder[key]
    delimiter = _text(options, "delimiter")
    if delimiter and options is not None:
        _need_scalar(old)
        parts: Sequence[str] = old.text.split(delimiter)
        index = _index(options)
        if index < 0:
            parts = [value.text, *parts]
        elif index >= len(parts):
            parts = [*parts, value.text]
        else:
            parts = [*parts[:index], value.text, *parts[index + 1 :]]
        value = Value(delimiter.join(parts), value.origin)
    if isinstance(old.data, (dict, list)):
        holder[key] = copied(value)
    elif is_made and old.origin is origin:  # what was just made has no type yet
        holder[key] = copied(value) if isinstance(value.data, (dict, list)) else _typed(value)
    else:
        holder[key] = Value(_as_type_of(old, value.text, origin), value.origin)


def _typed(value: Value) -> Value:
    """A value as what its text is read as."""
    return Value(read_plain(value.text), value.origin)


def _as_type_of(old: Value, text: str, origin: Origin) -> Any:
    """A text that is read as what stood there: a number stays a number. A map or list gives no text."""
    if isinstance(old.data, str):
        return text
    found = read_plain(text)
    if type(found) not in _TYPES[type(old.data)] or (old.data is None and found):
        raise Refusal(f"'{text}' cannot stand where {old.text or 'null'} is written.", origin)
    return found


_TYPES: dict[type, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    bool: (bool,),
    type(None): (type(None), str),
}
"""What a value may be read as, by what stands where it is put; of texts only the empty one replaces null."""


def _need_scalar(value: Value) -> None:
    if isinstance(value.data, (dict, list)):
        raise Refusal("A delimiter is only allowed where a text stands.", value.origin)


def _text(value: Value | None, key: str) -> str:
    found = value.get(key) if value is not None else None
    return found.text if found is not None else ""


def _index(options: Value) -> int:
    found = options.data.get("index")
    return found.data if found is not None and isinstance(found.data, int) else 0
