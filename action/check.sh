#!/usr/bin/env bash
# Runs `archlint check` for action.yml: the text report, annotations, a job summary, outputs, and SARIF if asked.
set -euo pipefail

bin=$RUNNER_TEMP/archlint/bin
[ -d "$bin" ] || bin=$RUNNER_TEMP/archlint/Scripts
work=$(mktemp -d "${RUNNER_TEMP:?}/archlint-run.XXXXXX")
trap 'rm -rf "$work"' EXIT

stop() {
  printf 'exit-code=2\n' >>"$GITHUB_OUTPUT"
  printf '::error title=archlint::%s\n' "$1"
  exit 2
}

# git, but nothing that the checkout configures is run, and nothing is fetched.
ask_git() {
  GIT_NO_LAZY_FETCH=1 git -c core.fsmonitor=false -c core.hooksPath=/dev/null -c safe.bareRepository=explicit \
    -c protocol.allow=never --no-optional-locks "$@"
}

# Sets `base`. A pull request is checked out as a commit that merges it into its base, which then is the first parent;
# a workflow may check out the pull request's own commits instead.
find_base() {
  base=$ARCHLINT_BASE
  [ -z "$base" ] || return 0
  [ -n "${GITHUB_BASE_REF:-}" ] || return 0
  local parents
  parents=$(ask_git cat-file -p HEAD | sed '/^$/,$d' | grep -c '^parent ' || true)
  if [ "$parents" -gt 1 ] && [ "$(ask_git rev-parse HEAD)" = "${GITHUB_SHA:-}" ]; then
    ask_git rev-parse -q --verify 'HEAD^1^{commit}' >/dev/null ||
      stop "The commit that the pull request is merged into was not fetched: add 'fetch-depth: 2' to actions/checkout."
    base=HEAD^1
  elif ask_git rev-parse -q --verify "refs/remotes/origin/$GITHUB_BASE_REF^{commit}" >/dev/null; then
    base=origin/$GITHUB_BASE_REF
  else
    stop "There is no origin/$GITHUB_BASE_REF to compare with: add 'fetch-depth: 0' to actions/checkout, or set the input 'base'."
  fi
}

# An annotation of what kept archlint from checking: the end of what it said on standard error, or that it ended so.
annotate_failure() {
  local told
  told=$(sed -nE '/^archlint: warning: /d; /^(archlint|Error): /,$p' "$work/errors")
  told=${told:-archlint ended with exit code $code and did not say why.}
  told=${told:0:1500}
  told=${told//'%'/%25}
  told=${told//$'\r'/%0D}
  printf '::error title=archlint::%s\n' "${told//$'\n'/%0A}"
}

# Sets `lines` to the lines of $1 that are not blank.
read_lines() {
  local line
  lines=()
  while IFS= read -r line; do
    line=${line%$'\r'}
    [ -z "${line//[[:space:]]/}" ] || lines+=("$line")
  done <<<"$1"
}

case $ARCHLINT_SARIF_FILE in
*$'\n'*) stop "The input 'sarif-file' must be one line." ;;
esac
find_base
[ "$base" != none ] || base=

flags=("--fail-on=$ARCHLINT_FAIL_ON" --output "github=$work/annotations" --output "markdown=$work/summary.md")
flags+=(--output "json=$work/report.json")
[ -z "$base" ] || flags+=("--base=$base")
[ -z "$ARCHLINT_SARIF_FILE" ] || flags+=(--output "sarif=$ARCHLINT_SARIF_FILE")
read_lines "$ARCHLINT_ARGS"
flags+=(${lines[@]+"${lines[@]}"})
read_lines "$ARCHLINT_PATHS"

# archlint writes into folders that exist. None is made behind a link, which may be the checkout's own.
"$bin/python" -I -c '
import os, sys
folder = os.path.dirname(os.path.abspath(sys.argv[1]))
if os.path.realpath(folder) == folder:
    os.makedirs(folder, exist_ok=True)
' "${ARCHLINT_SARIF_FILE:-.}"

code=0
"$bin/python" -I -m archlint check "${flags[@]}" -- ${lines[@]+"${lines[@]}"} 2>"$work/errors" || code=$?
cat "$work/errors" >&2
[ ! -s "$work/annotations" ] || cat "$work/annotations"
if [ "$code" = 2 ] || { [ "$code" != 0 ] && [ ! -s "$work/report.json" ]; }; then
  annotate_failure
fi

[ ! -s "$work/summary.md" ] || cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
{
  printf 'exit-code=%s\nbase=%s\n' "$code" "$base"
  if [ -s "$work/report.json" ]; then
    printf 'sarif-file=%s\n' "$ARCHLINT_SARIF_FILE"
    "$bin/python" -I -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as report:
    summary = json.load(report)["summary"]
for severity in ("error", "warning", "info"):
    print(f"{severity}s={summary[severity]}")
' "$work/report.json"
  fi
} >>"$GITHUB_OUTPUT"
exit "$code"
