"""What is linked with a home and without one, and where a team says that the pages are."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.config import ConfigurationError, read_configuration
from archlint.finding import Rule
from archlint.finding.records import replace
from archlint.origin.home import home_page, repository, rule_pages
from archlint.origin.links import Links
from archlint.registry import read_pages, rules_folder
from tests.support.inside import archlint
from tests.support.rules import own_rules

RULE = next(rule for rule in own_rules() if rule.code == "KUBE101")
CODEBERG = "https://codeberg.org/acme/archlint"


@pytest.mark.parametrize(
    ("urls", "git", "home", "pages"),
    [
        ({}, None, None, None),
        (
            {"repository": "https://github.com/acme/archlint.git"},
            "https://github.com/acme/archlint.git",
            "https://github.com/acme/archlint.git",
            "https://github.com/acme/archlint/blob/HEAD/rules/{area}/{name}.md",
        ),
        (
            {"homepage": "https://gitlab.com/acme/archlint/"},
            "https://gitlab.com/acme/archlint",
            "https://gitlab.com/acme/archlint",
            "https://gitlab.com/acme/archlint/-/blob/HEAD/rules/{area}/{name}.md",
        ),
        ({"homepage": "https://archlint.example"}, None, None, None),
        ({"homepage": "https://archlint.example/start"}, None, "https://archlint.example/start", None),
        ({"sourcecode": CODEBERG}, CODEBERG, CODEBERG, None),
        (
            {"repository": CODEBERG, "documentation": "https://docs.example.com/archlint/"},
            CODEBERG,
            CODEBERG,
            "https://docs.example.com/archlint/rules/{area}/{name}.html",
        ),
        ({"repository": "https://me:pw@github.com/acme/archlint"}, None, None, None),
        ({"repository": "file:///home/me/archlint", "issues": "https://example.com/i"}, None, None, None),
    ],
)
def test_what_the_metadata_gives(
    urls: dict[str, str], git: str | None, home: str | None, pages: str | None
) -> None:
    assert (repository(urls), home_page(urls), rule_pages(urls)) == (git, home, pages)


@pytest.mark.parametrize(
    ("help_url", "link"),
    [
        ("https://docs.example.com", "https://docs.example.com/rules/kube/memory-limit-missing.html"),
        ("http://docs:8080/lint/", "http://docs:8080/lint/rules/kube/memory-limit-missing.html"),
        ("https://wiki/{area}?rule={code}#{name}", "https://wiki/kube?rule=KUBE101#memory-limit-missing"),
        (None, None),
    ],
)
def test_the_page_of_a_rule(help_url: str | None, link: str | None) -> None:
    links = Links(help_url)
    assert links.page(RULE) == link
    assert links.page(replace(RULE, provider="cel")) is None


def accepted(folder: Path, help_url: str) -> bool:
    (folder / "archlint.yaml").write_text(json.dumps({"help-url": help_url}), "utf-8")
    try:
        read_configuration(folder / "archlint.yaml", folder)
    except ConfigurationError:
        return False
    return True


@pytest.mark.parametrize(
    "help_url",
    [
        "",
        "docs.example.com",
        "javascript:alert(1)",
        "file:///etc",
        "https://",
        "https://me:pw@example.com/",
        "https://example.com@evil.example/",
        "https://example.com/?x",
        "https://example.com/{rule}",
        "https://example.com/{area}",
        "https://example.com/){name}",
        "https://example.com/|{name}",
        "https://example.com/{name}\n",
        "https://example.com/ {name}",
        "https://example.com/\u202e{name}",
        "https://example.com/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_pages(tmp_path: Path, help_url: str) -> None:
    assert not accepted(tmp_path, help_url)


@given(st.text("ab/{}codenameareahttps:?#&<>\"'`|)(]%\\ \n", max_size=30))
def test_a_link_holds_nothing_that_a_report_must_escape(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("x", numbered=True)
    for help_url in (text, f"https://example.com/{text}", f"https://example.com/{{name}}{text}"):
        if accepted(folder, help_url):
            link = Links(help_url).page(RULE)
            assert link is not None
            assert urlsplit(link).scheme in ("http", "https")
            assert not set(link) & set("<>\"'`|()[]{}\\ \n")


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  containers: [{name: cart, image: "shop/cart:1.0"}]
"""


def test_reports_link_to_where_the_configuration_says(tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "pod.yaml").write_text(POD)
    link = "https://docs.example.com/a/rules/kube/memory-limit-missing.html"
    for text, found in (("", False), ("help-url: https://docs.example.com/a\n", True)):
        (world / "archlint.yaml").write_text("profile: minimal\nselect: [KUBE101]\n" + text)
        for name in ("sarif", "markdown", "gitlab", "text"):
            out = archlint("check", ".", "--format", name, cwd=world, FORCE_HYPERLINK="1").out
            assert (link in out) is found, name
            assert found or not {"helpUri", "informationUri"} & set(out.split('"')), name


def test_all_rules_have_a_page_where_the_site_has_it() -> None:
    links = Links("https://docs.example.com")
    folder = rules_folder()

    def place(rule: Rule) -> str:
        return Path(rule.page).relative_to(folder).with_suffix(".html").as_posix()

    for rule in read_pages(folder):
        assert links.page(rule) == f"https://docs.example.com/rules/{place(rule)}"
