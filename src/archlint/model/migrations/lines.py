"""Migrations that name the one before, Alembic's and Django's, as a line from first to last.

Sources: Alembic, "Working with Branches" (``upgrade head`` fails where there are several heads); Django,
"Migrations" (``migrate`` refuses to choose between leaf nodes; ``replaces`` stands for what was squashed).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, dirname

from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.files import Kind, LineIndex
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.alembic import alembic_scripts
from archlint.model.migrations.django import IS_DJANGO
from archlint.model.world import World

_DEPENDENCIES = regex(r"(?m)^[ \t]++dependencies\b[^=\n]*+=\s*+\[([^\]]*+)\]")
_REPLACES = regex(r"(?m)^[ \t]++replaces\b[^=\n]*+=\s*+\[([^\]]*+)\]")
_PAIR = regex(r"""\(\s*+["'](\w++)["']\s*+,\s*+["'](\w++)["']\s*+,?\s*+\)""")
_REVISION = regex(r"(?m)^revision\b")
_COMMENT = regex(r"#[^\n]*+")
_LABEL = regex(r"(?m)^[ \t]++label\b[^=\n]*+=\s*+(?:[\"'](\w++)[\"'])?+")
_DJANGOS = frozenset({"admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites"})
"""The apps that Django brings along."""
_ALIASES = ("__first__", "__latest__")


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration of a line."""

    path: str
    name: str
    parents: tuple[str, ...]
    span: Span
    """Where it says what it is, or what is before it."""
    stands_for: tuple[str, ...] = ()
    """Others that it replaces."""
    is_branch: bool = False
    """Whether it says that a line of its own begins here."""


@dataclass(frozen=True)
class Line:
    """The migrations of one folder, which are to have one last."""

    tool: str
    folder: str
    revisions: tuple[Revision, ...]
    others: frozenset[str]
    """Names that are known elsewhere."""
    followed: frozenset[str] = frozenset()
    """Names that a migration follows, of whatever folder."""

    @property
    def name(self) -> str:
        """What it is called wherever its folder lies: Django's by the app, Alembic's by where it begins."""
        if self.tool == "django":
            return basename(dirname(self.folder)) or self.folder
        return min((item.name for item in self.revisions if not item.parents), default=self.folder)

    @property
    def heads(self) -> list[Revision]:
        """The migrations that nothing follows, by path; none where branches are meant to be."""
        if any(item.is_branch for item in self.revisions):
            return []
        replaced = {name for item in self.revisions for name in item.stands_for}
        followed = {name for item in self.revisions if item.name not in replaced for name in item.parents}
        followed |= self.followed
        return [
            item
            for item in self.revisions
            if item.name not in replaced | followed and followed.isdisjoint(item.stands_for)
        ]

    def lacking(self) -> Iterator[tuple[Revision, str]]:
        """The migrations that name one before them that is not there."""
        known = {item.name for item in self.revisions} | self.others
        known |= {name for item in self.revisions for name in item.stands_for}
        for item in self.revisions:
            yield from ((item, parent) for parent in item.parents if parent not in known)


def lines_of(world: World) -> tuple[Line, ...]:
    """All of a world, by tool and folder; ask with ``world.fact``."""
    if not any(path.endswith(".py") for path in world.paths(Kind.MIGRATION)):
        return ()
    return (*_alembic_lines(world), *_django_lines(world))


@dataclass(frozen=True)
class SeveralHeads:
    """A line that forks and does not come together again."""

    line: Line
    heads: tuple[Revision, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[SeveralHeads]:
        """Every such line."""
        for line in world.fact(lines_of):
            heads = line.heads
            if len(heads) > 1 and (line.tool == "django" or _are_related(line, heads)):
                yield cls(line, tuple(heads))

    @property
    def source(self) -> TextFile:
        """The last of them by name."""
        return TextFile(self.heads[-1].path)

    @property
    def object(self) -> ObjectRef:
        """The line, by its own name: folders move."""
        return ObjectRef("migrations", self.line.name)


@dataclass(frozen=True)
class MissingParent:
    """A migration that follows one that is not there."""

    line: Line
    revision: Revision
    parent: str
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[MissingParent]:
        """Every such migration, with the place where it names the other."""
        for line in world.fact(lines_of):
            for revision, parent in line.lacking():
                text = world.text(revision.path) or ""
                place = TextFile(revision.path).place(_quoted(text, parent, revision.span))
                yield cls(line, revision, parent, place)

    @property
    def source(self) -> TextFile:
        """The file to edit."""
        return TextFile(self.revision.path)

    @property
    def object(self) -> ObjectRef:
        """Named by itself."""
        return ObjectRef("Migration", self.revision.name)


def _are_related(line: Line, heads: list[Revision]) -> bool:
    """Whether two heads come from one beginning: lines that were never one may be meant so."""
    parents = {item.name: item.parents for item in line.revisions}
    seen: set[str] = set()
    for head in heads:
        reached, waiting = {head.name}, [head.name]
        while waiting:
            for parent in parents.get(waiting.pop(), ()):
                if parent in seen:
                    return True
                if parent not in reached:
                    reached.add(parent)
                    waiting.append(parent)
        seen |= reached
    return False


def _quoted(text: str, name: str, near: Span) -> Span:
    """Where a name stands between quotes, at or behind a place."""
    lines = LineIndex(text)
    start = lines.offset(near.line, near.column) if near != START else 0
    for quote in "\"'":
        at = text.find(f"{quote}{name}{quote}", start)
        if at >= 0:
            return Span(*lines.position(at + 1), *lines.position(at + 1 + len(name)))
    return near


def _alembic_lines(world: World) -> Iterator[Line]:
    """One for a folder; not for one below ``versions``, which Alembic does not read unless it is told to."""
    folders: dict[str, list[Revision]] = defaultdict(list)
    broken: set[str] = set()
    for script in world.reading(alembic_scripts):
        revision = None if script.tree is None else _revision(script.path, script.text, script.tree)
        if revision is None:
            broken.add(dirname(script.path))
        else:
            folders[dirname(script.path)].append(revision)
    everywhere = frozenset(item.name for items in folders.values() for item in items)
    followed = frozenset(name for items in folders.values() for item in items for name in item.parents)
    for folder, items in folders.items():
        if folder not in broken and "versions" not in dirname(folder).split("/"):
            yield Line("alembic", folder, tuple(items), everywhere, followed)


def _revision(path: str, text: str, tree: ast.Module) -> Revision | None:
    """What a script says of itself; ``None`` where it does not say it as a plain value."""
    said: dict[str, object] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in _SAID and isinstance(value, ast.expr):
            try:
                said[target.id] = ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                return None
    name, down = said.get("revision"), said.get("down_revision")
    parents = _names(down)
    if not isinstance(name, str) or parents is None:
        return None
    match = _REVISION.search(text)
    lines = LineIndex(text)
    span = Span(*lines.position(match.start()), *lines.position(match.end())) if match else START
    return Revision(path, name, parents, span, is_branch=bool(said.get("branch_labels")))


_SAID = ("revision", "down_revision", "branch_labels")


def _names(down: object) -> tuple[str, ...] | None:
    """The parents of a revision; abbreviated and relative ones are not followed."""
    if down is None:
        return ()
    found = (down,) if isinstance(down, str) else down
    if isinstance(found, tuple | list) and all(isinstance(item, str) for item in found):
        return tuple(map(str, found))
    return None


def _django_lines(world: World) -> Iterator[Line]:
    folders: dict[str, list[str]] = defaultdict(list)
    for path in world.paths(Kind.MIGRATION):
        if path.endswith(".py") and basename(dirname(path)) == "migrations":
            folders[dirname(path)].append(path)
    for folder, paths in folders.items():
        texts = {path: world.text(path) or "" for path in paths}
        texts = {path: text for path, text in texts.items() if IS_DJANGO.search(text)}
        if texts:
            label = _label(world, dirname(folder))
            yield Line("django", folder, tuple(_nodes(label, texts)), frozenset(_ALIASES))


def _label(world: World, app: str) -> str:
    """What the migrations of an app call it: as its configuration says, else as its folder; empty if unknown,
    as a folder that is called like an app of Django itself must have another label to be used beside it."""
    match = _LABEL.search(world.text(f"{app}/apps.py" if app else "apps.py") or "")
    if match is not None:
        return match[1] or ""
    return "" if basename(app) in _DJANGOS else basename(app)


def _nodes(label: str, texts: Mapping[str, str]) -> Iterator[Revision]:
    names = {basename(path).removesuffix(".py") for path in texts}
    for path, written in texts.items():
        text = _COMMENT.sub(lambda match: " " * len(match[0]), written)
        match, replaces = _DEPENDENCIES.search(text), _REPLACES.search(text)
        pairs = _PAIR.findall(match[1]) if match else []
        parents = tuple(name for app, name in pairs if app == label or name in names)
        lines = LineIndex(text)
        at = match.start() + len(match[0]) - len(match[0].lstrip()) if match else 0
        span = Span(*lines.position(at), *lines.position(at + len("dependencies"))) if match else START
        stands_for = tuple(name for _, name in _PAIR.findall(replaces[1])) if replaces else ()
        yield Revision(path, basename(path).removesuffix(".py"), parents, span, stands_for)
