"""What is laid out for the site; `make docs` builds it and takes warnings and dead links for errors."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from docs.site import pages
from docs.site.pages import site_pages

from archlint.origin.links import Links
from tests.support.rules import own_rules

HELP = "https://docs.example.com/"


def links(text: str) -> list[str]:
    return re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", re.sub(r"(?ms)^(`{3,}).*?^\1 *$", "", text))


def test_every_rule_and_document_has_a_page_where_reports_link_to() -> None:
    made = site_pages()
    for rule in own_rules():
        link = Links(HELP).page(rule)
        assert link is not None
        path = link.removeprefix(HELP).removesuffix(".html") + ".md"
        assert f"| **Name** | `{rule.name}` |" in made[path]
        assert f"({rule.name}.md)" in made[posixpath.join(posixpath.dirname(path), "index.md")]
    for path in (pages.ROOT / "docs").glob("*.md"):
        assert f"docs/{path.name}" in made
        assert f"docs/{path.stem}\n" in made["index.md"]


def test_no_relative_link_leaves_the_site() -> None:
    made = site_pages()
    for path, text in made.items():
        for link in links(text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            assert target in made or target == "docs/archlint.schema.json", f"{path}: {link}"


def test_files_off_the_site_are_linked_at_the_home_if_there_is_one(tmp_path: Path, monkeypatch) -> None:
    for name in ("README.md", "CHANGELOG.md", "docs", "rules"):
        (tmp_path / name).symlink_to(pages.ROOT / name)
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/acme/archlint"\n'
    )
    assert "blob/HEAD" not in site_pages()["docs/safety.md"]
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    assert "[action](https://github.com/acme/archlint/blob/HEAD/action.yml)" in site_pages()["docs/safety.md"]


def test_examples_say_in_words_what_they_are() -> None:
    text = site_pages()["rules/kube/memory-limit-missing.md"]
    assert "\nBad (`deploy.yaml`):\n" in text
    assert " bad file=" not in text
    assert "| `init-containers` | boolean | `false` |" in text
