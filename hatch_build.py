"""Build hooks: an index of the rule pages for the wheel, and the description that package indexes show."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE_LINK = re.compile(r"\[([^\]\n]+)\]\((?![a-z]+:|#)([^)\s]+)\)")


class RuleIndexHook(BuildHookInterface[Any]):
    """Writes ``archlint/rules/index.json``; pages that cannot be read stop the build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the index; an editable install reads the pages themselves."""
        if version == "editable":
            return
        self._folder = TemporaryDirectory(prefix="archlint-index-")
        index = Path(self._folder.name) / "index.json"
        self._write(index)
        build_data["force_include"][str(index)] = "archlint/rules/index.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the index once it is in the wheel."""
        if version != "editable":
            self._folder.cleanup()

    def _write(self, index: Path) -> None:
        root = Path(self.root)
        with _own_sources(root):
            from archlint.registry.index import read_pages, write_index
        rules = read_pages(root / "rules")
        if not rules:
            raise FileNotFoundError(f"no rule pages below {root / 'rules'}")
        write_index(index, rules, root / "rules")


class DescriptionHook(MetadataHookInterface):
    """The README; its links into the repository lead to its home there, or without one are text."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the description."""
        root = Path(self.root)
        with _own_sources(root):
            from archlint.origin.home import file_page
        urls = {label.lower().replace(" ", ""): url for label, url in metadata.get("urls", {}).items()}

        def rewritten(link: re.Match[str]) -> str:
            page = file_page(urls, link[2])
            return f"[{link[1]}]({page})" if page else link[1]

        text = _RELATIVE_LINK.sub(rewritten, (root / "README.md").read_text("utf-8"))
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


@contextmanager
def _own_sources(root: Path) -> Iterator[None]:
    """Import archlint from the tree that is built."""
    sys.path.insert(0, str(root / "src"))
    try:
        yield
    finally:
        del sys.path[0]
