"""OpenAPI documents of versions 2.0, 3.0, 3.1 and 3.2 as contracts, with their paths and security."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import IntEnum
from functools import cached_property
from urllib.parse import urlsplit

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.elements import Elements
from archlint.model.openapi.references import References
from archlint.model.world import World

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Keys of a path item that are operations; ``query`` is one since version 3.2."""


class Dialect(IntEnum):
    """The versions of the specification that differ in meaning; later ones are greater."""

    V2_0 = 20
    V3_0 = 30
    V3_1 = 31
    V3_2 = 32

    @property
    def label(self) -> str:
        """The version as people write it, such as ``3.1``."""
        return f"{self.value // 10}.{self.value % 10}"


_VERSION = regex(r"([23])\.(\d+)")
_DIALECTS = {"2.0": Dialect.V2_0, "3.0": Dialect.V3_0, "3.1": Dialect.V3_1, "3.2": Dialect.V3_2}


@dataclass(frozen=True, eq=False)
class Contract:
    """One OpenAPI document."""

    document: Document
    references: References = field(repr=False)

    @classmethod
    def all(cls, world: World) -> Iterable[Contract]:
        """Every OpenAPI document of the world, by path."""
        references = world.fact(References)
        for document in world.documents(Kind.OPENAPI):
            root = document.root
            if root.is_map and (root.get("openapi").exists or root.get("swagger").exists):
                yield cls(document, references)

    @property
    def source(self) -> Document:
        """The document itself."""
        return self.document

    @property
    def root(self) -> Node:
        """The top of the document."""
        return self.document.root

    @cached_property
    def object(self) -> ObjectRef:
        """The contract under its title."""
        return ObjectRef("OpenAPI", self.title)

    @cached_property
    def title(self) -> str:
        """``info.title``; empty if it is no string."""
        return self.root.get("info", "title").text or ""

    @cached_property
    def version_node(self) -> Node:
        """The element that says which version of OpenAPI this is."""
        stated = self.root.get("openapi")
        return stated if stated.exists else self.root.get("swagger")

    @cached_property
    def dialect(self) -> Dialect | None:
        """The version of OpenAPI; ``None`` if it is none that is known."""
        found = _VERSION.match(str(self.version_node.value))
        return _DIALECTS.get(f"{found[1]}.{found[2]}") if found else None

    @cached_property
    def elements(self) -> Elements:
        """Every object of the contract with the part it plays."""
        return Elements(self.root, self.references)

    @property
    def is_v2(self) -> bool:
        """Whether this is a document of version 2.0, as far as one can tell."""
        return bool(self.root.get("swagger").exists)

    @cached_property
    def path_items(self) -> tuple[PathItem, ...]:
        """The entries of ``paths``, in the order of the text; extensions are none."""
        return tuple(
            PathItem(self, template, key)
            for template, key in self.root.get("paths").items()
            if template.startswith("/")
        )

    @cached_property
    def webhooks(self) -> tuple[PathItem, ...]:
        """The entries of ``webhooks``, which are requests that the provider sends."""
        return tuple(PathItem(self, name, key) for name, key in self.root.get("webhooks").items())

    @cached_property
    def security_schemes(self) -> dict[str, Node]:
        """The security schemes that the document defines, by name; where it refers to one, that one."""
        if self.root.get("swagger").exists:
            schemes = self.root.get("securityDefinitions")
        else:
            schemes = self.references.follow(self.root.get("components")).node.get("securitySchemes")
        return {
            name: self.references.follow(node).node
            for name, node in self.references.follow(schemes).node.items()
        }

    @property
    def schemes_home(self) -> Node:
        """Where a security scheme is defined, or would be."""
        if self.root.get("swagger").exists:
            return self.root.get("securityDefinitions")
        return self.root.get("components", "securitySchemes")

    @property
    def schemas_home(self) -> Node:
        """Where a schema is defined that goes by a name, or would be."""
        return self.root.get("definitions") if self.is_v2 else self.root.get("components", "schemas")

    @cached_property
    def base_paths(self) -> tuple[tuple[Node, str], ...]:
        """The path parts of the servers (of ``basePath`` in 2.0), each with the element that states it."""
        if self.root.get("swagger").exists:
            base = self.root.get("basePath")
            return ((base, base.text),) if base.text is not None else ()
        return tuple(server_paths(self.root.get("servers")))


def server_paths(servers: Node) -> Iterator[tuple[Node, str]]:
    """The path part of each server's URL; template variables stay as they are written."""
    for server in servers.elements():
        url = server.get("url")
        if url.text is not None:
            yield url, _path_of(url.text)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


@dataclass(frozen=True, eq=False)
class PathItem:
    """One path of a contract; ``key`` is its entry in ``paths``, which may refer to another path.

    Unlike elsewhere before 3.1, the fields beside such a reference count. Which value holds for a field that
    both have is left open by the specification (Path Item Object, ``$ref``); the nearer one is taken.
    """

    contract: Contract
    template: str
    key: Node

    @classmethod
    def all(cls, world: World) -> Iterable[PathItem]:
        """Every path of every contract."""
        for contract in world.all(Contract):
            yield from contract.path_items

    @property
    def source(self) -> Document:
        """The document that lists the path."""
        return self.key.document

    @property
    def object(self) -> ObjectRef:
        """The path under its template."""
        return ObjectRef("Path", self.template)

    @cached_property
    def layers(self) -> tuple[Node, ...]:
        """The entry itself, then what its references lead to, one after the other."""
        found = self.contract.references.follow(self.key)
        return (*found.references, found.node)

    def get(self, name: str) -> Node:
        """A field of the path, wherever it is written; a missing node where none has it."""
        found = (layer.get(name) for layer in self.layers)
        return next((node for node in found if node.exists), self.layers[-1].get(name))

    def operation_nodes(self) -> Iterator[tuple[str, Node]]:
        """Upper-case method and element of each operation; methods of 3.2 written in full included.

        An operation must not be a reference, but bundlers resolve it, so it is followed.
        """
        found = {method.upper(): self.get(method) for method in METHODS}
        for layer in self.layers:
            for method, declared in layer.get("additionalOperations").items():
                found.setdefault(method, declared)
        for method, declared in found.items():
            operation = self.contract.references.follow(declared).node
            if operation.is_map:
                yield method, operation
