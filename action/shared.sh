# What the steps of action.yml that run archlint have in common.

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

# Stops if the value $2 of the input $1 has more than one line.
refuse_lines() {
  case $2 in
  *$'\n'*) stop "The input '$1' must be one line." ;;
  esac
}

# Makes the folder of the file $1: archlint writes into folders that exist. None is made behind a link, which may be the
# checkout's own.
make_folder() {
  "$bin/python" -I -c '
import os, sys
folder = os.path.dirname(os.path.abspath(sys.argv[1]))
if os.path.realpath(folder) == folder:
    os.makedirs(folder, exist_ok=True)
' "$1"
}

# Ends the step as archlint ended, with $code: adds the summary to that of the job, and writes the outputs that all have
# and those that $1 prints, a program in Python that gets the report's path.
finish() {
  [ ! -s "$work/summary.md" ] || cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
  {
    printf 'exit-code=%s\nbase=%s\n' "$code" "$base"
    if [ -s "$work/report.json" ]; then
      printf 'sarif-file=%s\n' "$ARCHLINT_SARIF_FILE"
      "$bin/python" -I -c "$1" "$work/report.json"
    fi
  } >>"$GITHUB_OUTPUT"
  exit "$code"
}
