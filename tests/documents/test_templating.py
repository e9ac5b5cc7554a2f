"""What a template engine fills in is no broken manifest, and a broken manifest is no template."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archlint.documents.templating import without_marks, ytt_line
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.model.reading import UnreadableFile
from tests.safety.growth import MOST, growth

_MARKS = ("{{ name }}", "{{name}}", "{{{ name }}}", "{{- .Values.name -}}", "{% raw %}", "<%= name %>")
_MORE = ("@name@", "@@name@@", "%NAME%", "#{name}#", "%{ name }", "{# name #}")
_MANIFEST = """\
apiVersion: v1
kind: Service
metadata:
  name: {mark}
  labels:
    cell: {mark}
    part: a-{mark}
    {mark}: given
spec:
  ports: [{{port: {mark}}}]
"""
_DIRECTIVES = (
    ("{{- if .Values.on }}", "{{- else }}", "{{- end }}"),
    ("{% if on %}", "{% else %}", "{% endif %}"),
    ("<% if on %>", "<% else %>", "<% end %>"),
    ("%{ if on ~}", "%{ else ~}", "%{ endif ~}"),
)


def _look(folder: Path, name: str, text: str) -> tuple[list[tuple[bool, int]], list[str]]:
    """Whether each problem that is told matters, with its line; and why something was not read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    world = read_world(WorkingTree(folder), [name], frozenset())
    told = [(item.matters, item.problem.span.line) for item in UnreadableFile.all(world) if item.problem.span]
    return told, [item.reason for item in world.unread]


@pytest.mark.parametrize("mark", [*_MARKS, *_MORE, "${NAME}", "$(NAME)", "((name))", "[[name]]", "__NAME__"])
def test_values_of_any_engine_are_no_error(tmp_path: Path, mark: str) -> None:
    """Some of these are YAML as they stand; none of them is an error."""
    text = _MANIFEST.replace("{mark}", mark).replace("{{port", "{port").replace("}}]", "}]")

    told, unread = _look(tmp_path, "service.yaml", text)

    assert not told
    assert set(unread) <= {"template"}


@pytest.mark.parametrize(
    ("image", "is_template"),
    [
        ("{user}/cart:1.0", True),
        ("{registry}/{user}/cart", True),
        ("{host}.example.com/cart", True),
        ("{user} cart", False),
        ("{user/cart", False),
        ("{a: b}/cart", False),
    ],
)
def test_a_word_in_braces_before_more_text_is_a_mark(tmp_path: Path, image: str, is_template: bool) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  image: %s\n"

    told, unread = _look(tmp_path, "pod.yaml", pod % image)

    assert bool(told) is not is_template
    assert unread == (["template"] if is_template else ["unreadable"])


@pytest.mark.parametrize(("opening", "middle", "end"), _DIRECTIVES)
@pytest.mark.parametrize("indent", ["", "    "])
def test_directives_are_no_error(tmp_path: Path, opening: str, middle: str, end: str, indent: str) -> None:
    """Both branches of a choice are there, at whatever depth the directives stand."""
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n"
        f"{indent}{opening}\n    tier: a\n{indent}{middle}\n    tier: b\n{indent}{end}\n  name: settings\n"
    )

    told, unread = _look(tmp_path, "map.yaml", text)

    assert (told, unread) == ([], ["template"])


@pytest.mark.parametrize("name", ["parameters.json", "service.json"])
def test_json_may_be_a_template(tmp_path: Path, name: str) -> None:
    text = '{"apiVersion": "v1", "kind": "Service",\n "spec": {"replicas": {{ count }}, "x": ${x}}}\n'

    told, unread = _look(tmp_path, name, text)

    assert (told, unread) == ([], ["template"])


_WHOLE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: alerts
  annotations:
    summary: "{{ $labels.instance }} is down"
    command: run ${ARGUMENT} $(OTHER)
data:
  page: |
    {{ range .Alerts }}
    {% if x %}
    {{ end }}
  owner: team
  email: a@example.com@b
"""
_BREAKS = {
    "a colon too many": ("  owner: team", "  owner: team: b"),
    "a bracket that stays open": ("  owner: team", "  owner: [team"),
    "a quote that stays open": ("  owner: team", '  owner: "team'),
    "a wrong indentation": ("  owner: team", " owner: team"),
    "a tab": ("  owner: team", "\towner: team"),
    "an open list around a mark": ("  owner: team", '  owner: ["${ARGUMENT}"'),
    "an open quote around a mark": ("  owner: team", '  owner: "{{ name }}'),
}


def test_a_whole_manifest_with_marks_is_read(tmp_path: Path) -> None:
    assert _look(tmp_path, "map.yaml", _WHOLE) == ([], [])


@pytest.mark.parametrize("fault", list(_BREAKS))
def test_an_error_stays_one_beside_marks(tmp_path: Path, fault: str) -> None:
    """Marks in strings and blocks parse, so they are not what is wrong."""
    told, unread = _look(tmp_path, "map.yaml", _WHOLE.replace(*_BREAKS[fault]))

    assert [matters for matters, _ in told] == [True]
    assert unread == ["unreadable"]


@pytest.mark.parametrize("opening", ["{{", "{%", "{#", "<%", "${", "%{", "[[", "((", "$(", "@", "%a", "<<a"])
def test_looking_for_marks_takes_linear_time(opening: str) -> None:
    def seconds(count: int) -> float:
        text = opening * count
        started = time.process_time()
        without_marks(text)
        return time.process_time() - started

    seconds(2_000)
    assert growth(seconds, [10_000, 80_000]) <= MOST


@pytest.mark.parametrize(
    "code",
    [
        '#@ load("@ytt:data", "data")\n',
        "#@ def labels():\n",
        "#@ if data.values.is_public:\n",
        "  #@ for port in ports:\n",
        "#@ end\n",
        "#@data/values-schema\n",
        "#@overlay/match by=overlay.all\n",
        "  port: #@ data.values.port\n",
        "  - #@ port\n",
        "  ports: #@overlay/replace via=lambda a, b: b\n",
    ],
)
def test_code_of_ytt_makes_a_template(tmp_path: Path, code: str) -> None:
    """It is YAML as it stands, in which values are missing."""
    text = f"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n{code}"

    assert _look(tmp_path, "service.yaml", text) == ([], ["template"])
    assert ytt_line(text) == 6


@pytest.mark.parametrize(
    "comment",
    [
        "#@ the team that owns it",
        "#@author team",
        "## @param port of the Service",
        "note: 'say #@ if'  # @ end",
        "mail: a#@example.com",
        "text: |\n  #@ load('x')\n\n  port: #@ y\n  #@ end",
        "list:\n  - >-  # as it is\n    #@ if x:\n    #@data/values",
    ],
)
def test_other_comments_and_texts_make_none(tmp_path: Path, comment: str) -> None:
    """Manifests hold templates of others as texts."""
    lines = comment.replace("\n", "\n  ")
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\ndata:\n  {lines}\n"

    assert _look(tmp_path, "map.yaml", text)[1] == []
    assert ytt_line(text) is None


@pytest.mark.parametrize("part", ["#@ ", "- #@ ", ": ", "- ", "  ", "|\n", "#@if", "a: |\n #@ end\n"])
def test_looking_for_ytt_takes_linear_time(part: str) -> None:
    def seconds(count: int) -> float:
        text = "#@" + part * count
        started = time.process_time()
        ytt_line(text)
        return time.process_time() - started

    seconds(2_000)
    assert growth(seconds, [10_000, 80_000]) <= MOST
