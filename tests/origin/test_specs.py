"""What may stand behind ``--source``, and that hook, workflow and pip all name the same source."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from archlint.config.starter import hook_entry, workflow
from archlint.origin.addresses import SourceProblem
from archlint.origin.sources import GitSource
from archlint.origin.specs import source_named

DEFAULT = "v0.1.0"
NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}", fullmatch=True).filter(lambda name: ".." not in name)
HOSTS = st.builds(lambda *parts: ".".join(parts), NAMES, NAMES).map(
    lambda host: host.strip("._-") + ".example"
)
HOSTS = HOSTS.map(lambda host: re.sub(r"[^a-z0-9.-]", "x", host))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
REVISIONS = st.one_of(
    NAMES,
    st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    st.sampled_from(["1.0", "1e10", "on", "feature/x", "0x1f"]),
)
SECRETS = st.sampled_from(
    [
        "s3cret",
        "ghp_0123456789abcdefABCDEF0123456789abcd",
        "glpat-0123456789abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWI",
    ]
)


@settings(max_examples=40)
@given(HOSTS, PATHS, REVISIONS, st.sampled_from(["", "sub", "tools/archlint"]))
def test_hook_and_workflow_install_what_was_named(host: str, path: str, revision: str, below: str) -> None:
    spec = f"git+https://{host}/{path}.git@{revision}" + (f"#subdirectory={below}" if below else "")
    source = source_named(spec, None, DEFAULT)
    assert source == GitSource(f"https://{host}/{path}.git", revision, below)
    assert Requirement(source.requirement).url == spec
    [repo] = yaml.safe_load(hook_entry(source))
    if below:
        assert repo["hooks"][0]["additional_dependencies"] == [source.requirement]
    else:
        assert repo == {"repo": f"https://{host}/{path}.git", "rev": revision, "hooks": [{"id": "archlint"}]}
    assert source.requirement in workflow(source)
    yaml.safe_load(workflow(source))


@pytest.mark.parametrize(
    ("spec", "requirement"),
    [
        ("https://git.example.com/a/archlint", "archlint @ git+https://git.example.com/a/archlint@v0.1.0"),
        ("git@github.com:acme/archlint.git", "archlint @ git+ssh://git@github.com/acme/archlint.git@v0.1.0"),
        ("ssh://gitea@example.com:2222/a.git@v1", "archlint @ git+ssh://gitea@example.com:2222/a.git@v1"),
        ("archlint @ git+https://Example.com/a@v1", "archlint @ git+https://example.com/a@v1"),
        ("git+file:///srv/archlint.git", "archlint @ git+file:///srv/archlint.git@v0.1.0"),
        ("file:///srv/archlint-1.0.tar.gz", "archlint @ file:///srv/archlint-1.0.tar.gz"),
        (
            "https://example.com/archlint-1.0-py3-none-any.whl",
            "archlint @ https://example.com/archlint-1.0-py3-none-any.whl",
        ),
        (
            "https://example.com/x.zip#sha256=" + "0a" * 32 + "&subdirectory=b",
            "archlint @ https://example.com/x.zip#sha256=" + "0a" * 32 + "&subdirectory=b",
        ),
        ("http://localhost:8000/a.git@v1", "archlint @ git+http://localhost:8000/a.git@v1"),
        ("archlint == 1.2.0", "archlint==1.2.0"),
    ],
)
def test_the_forms_of_a_source(spec: str, requirement: str) -> None:
    source = source_named(spec, None, DEFAULT)
    assert source.requirement == requirement
    assert str(Requirement(requirement)).replace(" ", "") == requirement.replace(" ", "")


@settings(max_examples=60)
@given(SECRETS, HOSTS, st.integers(0, 8))
def test_a_secret_is_refused_and_not_repeated(secret: str, host: str, form: int) -> None:
    forms = (
        f"https://{secret}@{host}/archlint.git",
        f"git+https://me:{secret}@{host}/archlint.git@v1",
        f"git+https://${{{secret}}}@{host}/archlint.git",
        f"ssh://git:{secret}@{host}/archlint.git",
        f"https://{host}/archlint-1.0.zip?token={secret}",
        f"https://{host}/archlint-1.0.zip#{secret}",
        f"https://{host}/archlint.git#token={secret}",
        f"archlint @ https://{host}:{secret}/archlint.git",
        f"https://{host}/archlint.git@me:{secret}@x",
    )
    with pytest.raises(SourceProblem) as refused:
        source_named(forms[form], None, DEFAULT)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("token", ["ghp_0123456789abcdefABCDEF0123456789abcd", "glpat-0123456789abcdefghij"])
@pytest.mark.parametrize(
    "spec", ["https://example.com/{}/x.git", "https://{}.example.com/x", "https://example.com/x@{}"]
)
def test_tokens_of_well_known_services_are_known_anywhere(spec: str, token: str) -> None:
    for written in (token, token.replace("_", "%5F")):
        with pytest.raises(SourceProblem) as refused:
            source_named(spec.format(written), None, DEFAULT)
        assert token not in str(refused.value)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("/home/me/archlint", "git+file:///"),
        ("../archlint", "git+file:///"),
        ("~/archlint", "git+file:///"),
        ("C:\\archlint", "git+file:///"),
        ("archlint", "archlint==1.2.0"),
        ("", "archlint==1.2.0"),
        ("archlint>=1", "archlint==1.2.0"),
        ("http://example.com/archlint", "https"),
        ("ftp://example.com/archlint", "https"),
        ("https://example.com", "path"),
        ("https:///archlint", "host"),
        ("git+file://archlint", "three slashes"),
        ("https://example.com/a b", "path"),
        ("https://example.com/a\n- b", "address"),
        ("https://example.com/${{ github.token }}", "path"),
        ("https://example.com/`id`", "path"),
        ("https://example.com/a@-x", "revision"),
        ("https://example.com/a@--upload-pack=x", "revision"),
        ("https://example.com/a@$(id)", "revision"),
        ("https://example.com/a#subdirectory=../b", "#"),
        ("https://[x/a", "address"),
        ("https://example.com:99999/a", "address"),
        ("https://exämple.com/a", "host"),
    ],
)
def test_what_is_no_source_says_what_to_type(spec: str, said: str) -> None:
    with pytest.raises(SourceProblem) as refused:
        source_named(spec, None, DEFAULT)
    assert said in str(refused.value)


@given(st.text(max_size=40))
def test_any_text_is_a_source_or_a_problem(text: str) -> None:
    for spec in (
        text,
        f"git+{text}",
        f"https://example.com/{text}",
        f"git+https://{text}",
        f"archlint=={text}",
    ):
        try:
            source = source_named(spec, None, DEFAULT)
        except SourceProblem:
            continue
        assert source.requirement.isascii()
        yaml.safe_load(hook_entry(source))
        steps = yaml.safe_load(workflow(source))["jobs"]["archlint"]["steps"]
        assert len(steps) in (2, 4)


def test_a_revision_beside_the_source() -> None:
    assert source_named("https://example.com/a", "v9", DEFAULT) == GitSource("https://example.com/a", "v9")
    for spec in ("https://example.com/a@v8", "https://example.com/a.zip"):
        with pytest.raises(SourceProblem, match="--rev"):
            source_named(spec, "v9", DEFAULT)
