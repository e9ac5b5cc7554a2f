"""Which files belong to the world, what kind each is, and the same file at another git revision."""

from archlint.files.discovery import InputError, discover
from archlint.files.fileset import FileSet, PathScope, WorldReach
from archlint.files.git import Git, GitProblem, RevisionError, public_url
from archlint.files.git_tree import GitTree
from archlint.files.globs import DEFAULT_EXCLUDE, Exclusion
from archlint.files.kinds import (
    API_DESCRIPTIONS,
    CONTRACT_LINE,
    Kind,
    chart_folders,
    is_alembic,
    is_json,
    named_kind,
    path_kind,
    text_kind,
)
from archlint.files.root import find_root, git_top
from archlint.files.text import LineIndex, TextProblem, decode
from archlint.files.tree import DEFAULT_LIMIT, FileProblem, FileTree, NoSuchFile, WorkingTree

__all__ = [
    "API_DESCRIPTIONS",
    "CONTRACT_LINE",
    "DEFAULT_EXCLUDE",
    "DEFAULT_LIMIT",
    "Exclusion",
    "FileProblem",
    "FileSet",
    "FileTree",
    "Git",
    "GitProblem",
    "GitTree",
    "InputError",
    "Kind",
    "LineIndex",
    "NoSuchFile",
    "PathScope",
    "RevisionError",
    "TextProblem",
    "WorkingTree",
    "WorldReach",
    "chart_folders",
    "decode",
    "discover",
    "find_root",
    "git_top",
    "is_alembic",
    "is_json",
    "named_kind",
    "path_kind",
    "public_url",
    "text_kind",
]
