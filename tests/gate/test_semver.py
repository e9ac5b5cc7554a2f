"""How far a version was raised, and how far it has to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.judging.release.semver import Bump, Version, bump_between, parse_version

numbers = st.integers(0, 10_000)
versions = st.builds(Version, numbers, numbers, numbers)
bumps = st.sampled_from(Bump)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.2.3", Version(1, 2, 3)),
        ("v1.2.3", Version(1, 2, 3)),
        ("1.2", Version(1, 2, 0)),
        ("2", Version(2, 0, 0)),
        ("2.0.0-rc.1", Version(2, 0, 0, is_final=False)),
        ("2.0.0+build.7", Version(2, 0, 0)),
        ("2.0rc1", Version(2, 0, 0, is_final=False)),
        ("1.4-SNAPSHOT", Version(1, 4, 0, is_final=False)),
        ("", None),
        (None, None),
        ("latest", None),
        ("1.x", None),
        ("1.2.3 final", None),
    ],
)
def test_versions_are_read_as_people_write_them(text: str | None, version: Version | None) -> None:
    assert parse_version(text) == version


@given(versions)
def test_a_printed_version_is_read_again(version: Version) -> None:
    assert parse_version(str(version)) == version


@given(versions, bumps)
def test_raising_a_part_is_seen_as_that(version: Version, bump: Bump) -> None:
    assert bump_between(version, version.raised(bump)) is bump


@given(versions, versions)
def test_going_back_is_no_bump(one: Version, other: Version) -> None:
    assert (bump_between(one, other) is None) == (other < one)


@pytest.mark.parametrize(
    ("version", "needed"),
    [(Version(0, 4, 1), Bump.MINOR), (Version(1, 0, 0), Bump.MAJOR), (Version(0, 0, 3), Bump.MINOR)],
)
def test_below_the_first_version_a_break_needs_a_minor_one(version: Version, needed: Bump) -> None:
    assert version.needed_for(Bump.MAJOR) is needed


@given(versions)
def test_what_is_new_below_the_first_version_needs_a_patch(version: Version) -> None:
    assert version.needed_for(Bump.MINOR) is (Bump.MINOR if version.major else Bump.PATCH)
    assert version.needed_for(Bump.NONE) is Bump.NONE
