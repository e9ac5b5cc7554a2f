"""One object while it is built: its values, and what it was known as before.

Source: kustomize's ``resource.Resource``, which keeps the latter in annotations that it drops at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents.kustomize.identity import Gvk, Identity, gvk_of
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Origin, Value, copied, stamped, text_of

_LOCAL = "config.kubernetes.io/local-config"


class Resource:
    """An object that is being built."""

    __slots__ = (
        "_known",
        "allows_kind_change",
        "allows_name_change",
        "behavior",
        "is_gone",
        "needs_hash",
        "prefixes",
        "previous",
        "root",
        "size",
        "suffixes",
        "variables",
    )

    def __init__(self, root: Value) -> None:
        self.root = root
        self.previous: list[tuple[str, str, str]] = []
        """Namespace, name and kind that it had, from the first on."""
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.variables: list[str] = []
        self.needs_hash = False
        self.behavior = "create"
        self.allows_name_change = False
        self.allows_kind_change = False
        self.is_gone = False
        self.size = 0
        """How many values it had when it was counted; 0 before."""
        self._known: tuple[tuple[Value | None, ...], Identity] | None = None

    def copy(self) -> Resource:
        """One that can be changed without changing this one."""
        twin = Resource(copied(self.root))
        twin.previous = list(self.previous)
        twin.prefixes = list(self.prefixes)
        twin.suffixes = list(self.suffixes)
        twin.variables = list(self.variables)
        twin.needs_hash = self.needs_hash
        twin.behavior = self.behavior
        twin.allows_name_change = self.allows_name_change
        twin.allows_kind_change = self.allows_kind_change
        twin._known = self._known
        twin.size = self.size
        return twin

    @property
    def origin(self) -> Origin:
        """Where it is written."""
        return self.root.origin

    @property
    def gvk(self) -> Gvk:
        """Its group, version and kind."""
        return self.identity.gvk

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.identity.gvk.kind

    @property
    def name(self) -> str:
        """Its name."""
        return self.identity.name

    @property
    def namespace(self) -> str:
        """Its namespace; empty if it has none."""
        return self.identity.namespace

    @property
    def identity(self) -> Identity:
        """What it is known as now; scalars are replaced and never changed, so the same ones say the same."""
        data = self.root.data
        metadata = data.get("metadata")
        inside = metadata.data if metadata is not None else None
        if isinstance(inside, dict):
            name, namespace = inside.get("name"), inside.get("namespace")
        else:
            name = namespace = None
        version, kind = data.get("apiVersion"), data.get("kind")
        known = self._known
        if known is not None:
            before = known[0]
            if before[0] is version and before[1] is kind and before[2] is name and before[3] is namespace:
                return known[1]
        found = Identity(gvk_of(_text(version), _text(kind)), _text(name), _text(namespace))
        self._known = ((version, kind, name, namespace), found)
        return found

    def earlier(self) -> Iterator[Identity]:
        """What it was known as, from the first on; group and version are those of today."""
        if self.previous:
            group, version, _ = self.gvk
            for namespace, name, kind in self.previous:
                yield Identity(Gvk(group, version, kind), name, namespace)

    @property
    def first_identity(self) -> Identity:
        """What it was known as at first."""
        return next(self.identities())

    def identities(self) -> Iterator[Identity]:
        """All that it was and is known as."""
        yield from self.earlier()
        yield self.identity

    def remember(self) -> None:
        """Note what it is known as, since that is about to change."""
        here = self.identity
        self.previous.append((here.effective, here.name, here.gvk.kind))

    def metadata(self) -> Value:
        """Its metadata, made if there is none."""
        found: Value | None = self.root.data.get("metadata")
        if found is None or found.data is None:
            found = self.root.data["metadata"] = Value({}, self.root.origin)
        if not isinstance(found.data, dict):
            raise Refusal("'metadata' is no map.", found.origin)
        return found

    def set_name(self, name: str, origin: Origin | None = None) -> None:
        """Give it a name; by default that is still set where the old one was."""
        metadata = self.metadata()
        old = metadata.data.get("name")
        metadata.data["name"] = Value(name, origin or (old.origin if old else metadata.origin))

    def set_namespace(self, namespace: str, origin: Origin | None = None) -> None:
        """Put it into a namespace, or into none if that is empty."""
        metadata = self.metadata()
        old = metadata.data.get("namespace")
        if not namespace:
            metadata.data.pop("namespace", None)
        elif old is None or old.text != namespace:
            metadata.data["namespace"] = Value(namespace, origin or (old.origin if old else metadata.origin))

    def strings(self, field: str) -> dict[str, str]:
        """Labels or annotations as text."""
        found = self.root.get("metadata", field)
        if found is None or not isinstance(found.data, dict):
            return {}
        return {key: value.text for key, value in found.data.items()}

    def settle_annotations(self) -> None:
        """Annotations as kustomize writes them at the end: all text, and none rather than an empty map."""
        metadata = self.root.data.get("metadata")
        found = metadata.get("annotations") if metadata is not None else None
        if metadata is None or found is None:
            return
        if not isinstance(found.data, dict) or not found.data:
            metadata.data.pop("annotations", None)
            return
        for key, value in found.data.items():
            if not isinstance(value.data, str):
                found.data[key] = Value(text_of(value), value.origin)

    @property
    def is_local(self) -> bool:
        """Whether it only configures tools and is no part of what is applied."""
        return self.strings("annotations").get(_LOCAL, "false") != "false"

    def merge_from(self, old: Resource, *, data: bool) -> None:
        """Take what an older one of the same identity says, except where this one says it itself."""
        metadata = self.metadata()
        for field in ("labels", "annotations"):
            before = old.root.get("metadata", field)
            if before is not None and isinstance(before.data, dict) and before.data:
                mine = metadata.data.get(field)
                own = mine.data if mine is not None and isinstance(mine.data, dict) else {}
                metadata.data[field] = Value({**before.data, **own}, before.origin)
        self.set_name(old.name)
        self.set_namespace(old.namespace)
        self.previous = list(old.previous)
        self.prefixes = list(old.prefixes)
        self.suffixes = list(old.suffixes)
        self.variables = list(old.variables)
        self.needs_hash = self.needs_hash and old.needs_hash
        for field in ("data", "binaryData") if data else ():
            before = old.root.get(field)
            if before is not None and isinstance(before.data, dict) and before.data:
                mine = self.root.data.get(field)
                own = mine.data if mine is not None else {}
                self.root.data[field] = Value({**before.data, **own}, before.origin)


def _text(value: Value | None) -> str:
    return "" if value is None else value.text


def generated(kind: str, name: Value, origin: Origin) -> Resource:
    """A new object of a generator."""
    root = stamped({"apiVersion": "v1", "kind": kind, "metadata": {}}, origin)
    root.data["metadata"].data["name"] = name
    return Resource(root)
