"""One process of the protobuf compiler for many small repositories, as it takes longer to begin than to
compile one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from archlint.documents.proto.protoc import Protoc


@contextmanager
def one_compiler() -> Iterator[None]:
    """Whatever is compiled meanwhile is compiled by the same process, in a folder that is empty each time."""
    with Protoc() as shared:

        @contextmanager
        def lent(roots: Sequence[str], size: int) -> Iterator[Protoc]:
            shared.roots = tuple(roots)
            yield shared
            for folder in filter(Path.is_dir, shared.folder.iterdir()):
                shutil.rmtree(folder)

        with mock.patch("archlint.documents.proto.assembly.Protoc", lent):
            yield
