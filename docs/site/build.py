"""Builds the site of docs and rules into a folder: ``python docs/site/build.py FOLDER``.

Whatever Sphinx warns of is an error, a link that leads nowhere above all.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from docs.site.pages import ROOT, site_pages


def main(target: Path) -> int:
    """Lay out the pages in a folder that is removed afterwards, and build them; the exit code of Sphinx."""
    from sphinx.cmd.build import build_main

    with TemporaryDirectory(prefix="archlint-site-") as folder:
        source = Path(folder) / "source"
        for path, text in site_pages().items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text, "utf-8")
        shutil.copy(ROOT / "docs/archlint.schema.json", source / "docs")
        shutil.rmtree(target, ignore_errors=True)
        options = [
            "--builder",
            "html",
            "--conf-dir",
            str(Path(__file__).parent),
            "--doctree-dir",
            f"{folder}/trees",
        ]
        strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet", "--jobs", "auto"]
        return build_main([*options, *strict, str(source), str(target)])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
