"""Which files belong to the world, what kind each is, and the same file at another git revision."""

from archlint.files.kinds import (
    CONTRACT_LINE,
    TEMPLATE_LINE,
    Kind,
    chart_folders,
    is_alembic,
    path_kind,
    text_kind,
)
from archlint.files.text import LineIndex, TextProblem, decode
from archlint.files.tree import FileProblem, FileTree, WorkingTree

__all__ = [
    "CONTRACT_LINE",
    "TEMPLATE_LINE",
    "FileProblem",
    "FileTree",
    "Kind",
    "LineIndex",
    "TextProblem",
    "WorkingTree",
    "chart_folders",
    "decode",
    "is_alembic",
    "path_kind",
    "text_kind",
]
