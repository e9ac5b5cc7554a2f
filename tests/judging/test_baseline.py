"""The baseline: what it keeps quiet, what it lets through, and how it is kept up to date."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.finding import Confidence, Finding, Location, Severity, Span
from archlint.judging.baseline import (
    Baseline,
    BaselineEntry,
    BaselineError,
    compare,
    entries_of,
    new_only,
    write_baseline,
)
from tests.judging.cases import codes, deployment, settled

FILES = {"a.yaml": deployment("a"), "b.yaml": deployment("b")}


def known(folder: Path, files: dict[str, str] | None = None, **given) -> Baseline:
    kept: list[Baseline] = []
    settled(folder, files or FILES, keep=kept.append, **given)
    return kept[0]


def test_an_update_makes_everything_known(tmp_path: Path) -> None:
    kept: list[Baseline] = []
    updating = settled(tmp_path, FILES, keep=kept.append)
    assert (updating.findings, len(updating.suppressed)) == ((), 2)
    [baseline] = kept
    again = Baseline.parse(baseline.render(), baseline.path)
    assert again.entries == baseline.entries
    result = settled(tmp_path, FILES, baseline=again)
    assert result.findings == ()
    assert {item.suppressed for item in result.suppressed} == {"known from the baseline"}


def test_the_text_is_sorted_and_stable(tmp_path: Path) -> None:
    text = known(tmp_path).render()
    assert text == known(tmp_path).render()
    rows = json.loads(text)["findings"]
    assert [(row["path"], row["code"], row["rule"]) for row in rows] == [
        ("a.yaml", "KUBE101", "memory-limit-missing"),
        ("b.yaml", "KUBE101", "memory-limit-missing"),
    ]
    assert Baseline().render() == '{\n  "version": 1,\n  "findings": []\n}\n'


def test_the_text_can_be_read_and_merged(tmp_path: Path) -> None:
    """A line for each entry, in the words of the report, and a count only where there are several."""
    twice = deployment("b") + "---\n" + deployment("b")
    text = known(tmp_path, {"a.yaml": deployment("Körbe"), "b.yaml": twice}).render()
    one, two = [line for line in text.splitlines() if "fingerprint" in line]
    assert "'Körbe'" in one
    assert "count" not in one
    assert json.loads(two.strip())["count"] == 2


def test_moved_lines_stay_known_and_another_finding_is_new(tmp_path: Path) -> None:
    baseline = known(tmp_path)
    files = {"a.yaml": "# more\n\n" + deployment("a"), "b.yaml": deployment("b") + "---\n" + deployment("c")}
    assert codes(settled(tmp_path, files, baseline=baseline).findings) == [("KUBE101", "b.yaml", 20)]


def test_another_of_the_same_is_new(tmp_path: Path) -> None:
    baseline = known(tmp_path)
    files = {**FILES, "a.yaml": deployment("a") + "---\n" + deployment("a")}
    assert codes(settled(tmp_path, files, baseline=baseline).findings) == [("KUBE101", "a.yaml", 20)]


def test_a_renamed_file_brings_nothing_back(tmp_path: Path) -> None:
    baseline = known(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "c.yaml")
    files = {"c.yaml": FILES["a.yaml"], "b.yaml": FILES["b.yaml"]}
    assert settled(tmp_path, files, baseline=baseline).findings == ()


def test_a_copy_is_new_while_the_old_file_is_there(tmp_path: Path) -> None:
    baseline = known(tmp_path)
    files = {"b.yaml": FILES["b.yaml"], "c.yaml": FILES["a.yaml"]}
    result = settled(tmp_path, files, baseline=baseline, covers=files.__contains__)
    assert codes(result.findings) == [("KUBE101", "c.yaml", 9)]


def test_stale_entries(tmp_path: Path) -> None:
    baseline = Baseline.parse(known(tmp_path).render(), "known.json")
    files = {
        **FILES,
        "a.yaml": deployment("a").replace("1.2.0", "1.2.0\n          resources: {limits: {memory: 1Gi}}"),
    }
    found = settled(tmp_path, files, baseline=baseline).findings
    assert codes(found) == [("LINT004", "known.json", 4)]
    assert settled(tmp_path, files, baseline=baseline, only=()).findings == ()  # the rule did not run
    assert settled(tmp_path, files, baseline=baseline, covers=lambda path: path != "a.yaml").findings == ()


def test_an_entry_of_a_rule_that_is_gone_is_stale(tmp_path: Path) -> None:
    """One that this run left out is not."""
    baseline = known(tmp_path)
    gone, other = (
        replace(entry, code=code)
        for entry, code in zip(baseline.entries, ("KUBE999", "KUBE102"), strict=True)
    )
    text = replace(baseline, entries=(gone, other)).render()
    found = settled(tmp_path, FILES, baseline=Baseline.parse(text, "known.json"), only=()).findings
    assert codes(found) == [("LINT004", "known.json", 4)]


def test_fewer_than_counted(tmp_path: Path) -> None:
    twice = {"a.yaml": deployment("a") + "---\n" + deployment("a")}
    baseline = known(tmp_path, twice)
    assert [entry.count for entry in baseline.entries] == [2]
    [stale] = settled(tmp_path, {"a.yaml": deployment("a")}, baseline=baseline).findings
    assert (stale.code, stale.message_id) == ("LINT004", "fewer")


def test_an_update_keeps_what_was_not_looked_at(tmp_path: Path) -> None:
    baseline = known(tmp_path)
    part = known(tmp_path, {"b.yaml": "a: 1\n"}, baseline=baseline, covers=lambda path: path == "b.yaml")
    assert [entry.path for entry in part.entries] == ["a.yaml"]
    other_rules = known(tmp_path, {"b.yaml": "a: 1\n"}, only=(), baseline=baseline)
    assert [entry.path for entry in other_rules.entries] == ["a.yaml", "b.yaml"]


def several(count: int, name: str = "a") -> str:
    """A file with some equal findings."""
    return "---\n".join([deployment(name)] * count) or "a: 1\n"


@pytest.mark.parametrize(("old", "now"), list(product(range(4), repeat=2)))
def test_an_update_of_some_paths_leaves_the_rest_as_it_is(tmp_path: Path, old: int, now: int) -> None:
    """What is named is known as it is now; what was read besides may be fewer and never more; what was not
    read stays."""
    named, read, unread = "named.yaml", "read.yaml", "unread.yaml"
    before = known(tmp_path, dict.fromkeys((named, read, unread), several(old)))
    assert [entry.count for entry in before.entries] == ([old] * 3 if old else [])
    again = Baseline.parse(before.render(), before.path)
    after = known(
        tmp_path,
        dict.fromkeys((named, read), several(now)),
        baseline=again,
        covers=lambda path: path != unread,
        lies_below=lambda path: path == named,
    )
    counts = {named: now, read: min(old, now), unread: old}
    assert {entry.path: entry.count for entry in after.entries} == {
        path: count for path, count in counts.items() if count
    }
    assert all(entry.message for entry in after.entries)


def test_an_update_makes_known_what_was_renamed(tmp_path: Path) -> None:
    """The entries of a file that is gone go with it, as often as its findings are elsewhere."""
    before = known(tmp_path, {"a.yaml": several(3), "b.yaml": several(2, "b")})
    (tmp_path / "a.yaml").unlink()
    after = known(tmp_path, {"c.yaml": several(2), "b.yaml": several(2, "b")}, baseline=before)
    assert {entry.path: entry.count for entry in after.entries} == {"b.yaml": 2, "c.yaml": 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< HEAD\n{}",
        "[]",
        "{}",
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": {}}',
        '{"version": 1, "findings": [7]}',
        '{"version": 1, "findings": [{"path": "a"}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A"}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": ""}]}',
        '{"version": 1, "findings": [{"path": "a", "fingerprint": "f"}]}',
        '{"version": 1, "findings": [{"code": "A", "fingerprint": "f"}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": "f", "message": 1}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": "f", "count": 0}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": "f", "count": true}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": "f", "count": "2"}]}',
        '{"version": 1, "findings": [{"path": "a", "code": "A", "fingerprint": "f", "count": -1}]}',
        '{"version": 1, "findings": [{"path": 1, "code": "A", "fingerprint": "f"}]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_baseline_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(BaselineError, match=r"--update-baseline|write the file anew"):
        Baseline.parse(text, "known.json")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_damaged_entry_is_told_by_its_number(number: int) -> None:
    entries: list[object] = [{"path": "a", "code": "A", "fingerprint": "f"}] * 3
    for bad in (7, {"path": "a"}, {"path": "a", "code": "A", "fingerprint": "f", "count": 0}):
        entries[number - 1] = bad
        with pytest.raises(BaselineError, match=rf"entry {number}\b"):
            Baseline.parse(json.dumps({"version": 1, "findings": entries}), "x.json")


def test_writing_replaces_a_link_and_not_its_target(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    link = tmp_path / "known.json"
    link.symlink_to(precious)
    write_baseline(link, Baseline())
    assert precious.read_text() == "keep me"
    assert Baseline.parse(link.read_text(), "known.json").entries == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["known.json", "precious"]


def test_folders_for_a_baseline_are_made(tmp_path: Path) -> None:
    target = tmp_path / "ci" / "known" / "x.json"
    for _ in range(2):
        write_baseline(target, Baseline())
        assert Baseline.parse(target.read_text("utf-8"), "x.json").entries == ()


def test_a_baseline_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "known.json").mkdir()
    with pytest.raises(BaselineError, match="Is a directory"):
        write_baseline(tmp_path / "known.json", Baseline())
    assert [path.name for path in tmp_path.iterdir()] == ["known.json"]


def test_a_baseline_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BaselineError, match=r"file/known\.json.*: (Not a directory|File exists)$"):
        write_baseline(tmp_path / "file/known.json", Baseline())


def test_new_only_counts(tmp_path: Path) -> None:
    [finding] = [item for item in settled(tmp_path, FILES).findings if item.location.path == "a.yaml"]
    other = replace(finding, fingerprint="0" * 32)
    compared = new_only([finding, finding, other], [finding], lambda path: True)
    assert compared.new == (finding, other)
    renamed: Finding = replace(finding, location=replace(finding.location, path="new.yaml"))
    assert new_only([renamed], [finding], lambda path: False).new == ()
    assert new_only([renamed], [finding], lambda path: True).new == (renamed,)


PATHS, PRINTS = ("a.yaml", "b.yaml", "c.yaml", "d.yaml"), ("1", "2")
GONE = frozenset(PATHS[:2])
_keys = st.tuples(st.sampled_from(PATHS), st.sampled_from(PRINTS))


def made(key: tuple[str, str], line: int) -> Finding:
    """A finding of some fingerprint in a file."""
    at = Location(key[0], Span(line, 1, line, 2))
    return Finding("X101", "x", Severity.ERROR, Confidence.HIGH, f"at {line}", "default", {}, at, key[1])


@given(
    st.lists(_keys.filter(lambda key: key[0] not in GONE), max_size=8),
    st.lists(st.tuples(_keys, st.integers(1, 3)), max_size=6),
)
def test_each_entry_is_used_as_often_as_it_counts(
    found: list[tuple[str, str]], entries: list[tuple[tuple[str, str], int]]
) -> None:
    """By the file that it names before others; and by others only where that is gone, the first one first."""
    findings = [made(key, line) for line, key in enumerate(found, 1)]
    listed = [BaselineEntry(path, "X101", mark, count) for (path, mark), count in entries]
    compared = compare(findings, listed, lambda path: path not in GONE)

    counts: Counter[tuple[str, str]] = Counter()
    for key, count in entries:
        counts[key] += count
    own = Counter({key: min(total, counts[key]) for key, total in Counter(found).items()})
    left = counts - own
    for mark in PRINTS:
        rest = sum((Counter(found) - own)[path, mark] for path in PATHS)
        for path in sorted(GONE):
            used = min(rest, left[path, mark])
            left[path, mark] -= used
            rest -= used
        new = [finding for finding in compared.new if finding.fingerprint == mark]
        assert len(new) == rest
    told: Counter[tuple[str, str]] = Counter()
    for entry in compared.left:
        told[entry.path, entry.fingerprint] += entry.count
    assert told == +left
    both = sorted((*compared.new, *compared.known), key=Finding.sort_key)
    assert both == sorted(findings, key=Finding.sort_key)
    assert [*compared.new] == sorted(compared.new, key=lambda finding: finding.location.span.line)


@given(st.lists(_keys, max_size=8))
def test_what_is_written_makes_all_of_it_known(found: list[tuple[str, str]]) -> None:
    findings = [made(key, line) for line, key in enumerate(found, 1)]
    baseline = Baseline.parse(Baseline(entries_of(findings)).render(), "x.json")
    assert {(entry.path, entry.fingerprint): entry.count for entry in baseline.entries} == Counter(found)
    for entry in baseline.entries:
        first = found.index((entry.path, entry.fingerprint)) + 1
        assert (entry.code, entry.rule, entry.message) == ("X101", "x", f"at {first}")
    compared = compare(findings, baseline.entries, lambda path: True)
    assert (compared.new, compared.left, len(compared.known)) == ((), (), len(found))
