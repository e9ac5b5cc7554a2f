"""The cache of a request's root. It stands apart, so that a comparison loads nothing that only checks use."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from archlint.engine.request import Request

if TYPE_CHECKING:
    from archlint.cache.files import FileCache


def open_cache(request: Request) -> AbstractContextManager[FileCache | None]:
    """The cache of the request's root, open as long as its worlds are used; ``None`` where none is wanted."""
    if request.cache_folder is None:
        return nullcontext()
    from archlint.cache.copies import can_be_copied, wait_for_copies
    from archlint.cache.files import FileCache

    wait_for_copies()  # of an earlier run
    return FileCache(request.cache_folder, request.root, may_copy=lambda: can_be_copied(request.jobs))
