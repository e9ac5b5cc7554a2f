"""A copy of archlint's own source, changed as a document says: what it shows to write is written and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_COPIED = {"src": (), "rules": (), "tests": ("__pycache__", ".hypothesis")}
"""What is copied, and what of it is not. Bytecode of the source goes along, and is good for what stays."""
_WRAPPER = """#!/bin/sh
exec {python} -I -c 'import sys; sys.path.insert(0, "{source}"); sys.argv[0] = "archlint"
from archlint.__main__ import main; main()' "$@"
"""


class SourceCopy:
    """The source in a folder of its own, to which files are added and changes made."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "source"
        for name, left_out in _COPIED.items():
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns(*left_out))
        shutil.copy(ROOT / "pyproject.toml", self.root)
        self.programs = self.root / "bin"
        self.programs.mkdir()
        program = self.programs / "archlint"
        program.write_text(_WRAPPER.format(python=sys.executable, source=self.root / "src"), "utf-8")
        program.chmod(0o755)

    def write(self, path: str, text: str) -> None:
        """Add a file; one that is there already is not what a document may call new."""
        target = self.root / path
        assert not target.exists(), f"{path} exists"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def change(self, path: str, difference: str) -> None:
        """Change a file as the lines of a difference say, which must stand there exactly once."""
        target = self.root / path
        lines = [(line[:1], line[1:]) for line in difference.splitlines()]
        before = "".join(f"{line}\n" for sign, line in lines if sign != "+")
        after = "".join(f"{line}\n" for sign, line in lines if sign != "-")
        text = target.read_text("utf-8")
        assert text.count(before) == 1, (
            f"a diff of the document keeps or removes lines that {path} has {text.count(before)} times, not "
            f"once; give the document the lines as they are now:\n{before}"
        )
        target.write_text(text.replace(before, after), "utf-8")

    def test_examples(self, *rules: str) -> None:
        """Run the examples on the pages of some rules, as tests of the changed source."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/rules"]
        done = subprocess.run(
            [*command, "-k", " or ".join(rules)],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
