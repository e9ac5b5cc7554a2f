"""Build hook: puts an index of the rule pages into the wheel, so that a run need not read them all."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


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
        sys.path.insert(0, str(root / "src"))
        try:
            from archlint.registry.index import read_pages, write_index
        finally:
            del sys.path[0]
        rules = read_pages(root / "rules")
        if not rules:
            raise FileNotFoundError(f"no rule pages below {root / 'rules'}")
        write_index(index, rules, root / "rules")
