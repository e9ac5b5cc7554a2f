#!/usr/bin/env bash
# Installs archlint from the action's own checkout into an environment of its own.
# Python runs isolated (-I), so that no module in the checked repository can stand in for one of its own.
set -euo pipefail

python=${ARCHLINT_PYTHON:-python3}
if ! "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "::error title=archlint::Python 3.11 or newer is needed: run actions/setup-python before, or set the input 'python'."
  exit 2
fi
fail() {
  echo "::error title=archlint::archlint could not be installed: $1; the reason stands above in the log."
  exit 3
}

"$python" -I -m venv "$RUNNER_TEMP/archlint" || fail "no environment could be made"
bin=$RUNNER_TEMP/archlint/bin
[ -d "$bin" ] || bin=$RUNNER_TEMP/archlint/Scripts
packages=("$GITHUB_ACTION_PATH")
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "${line//[[:space:]]/}" ] || packages+=("$line")
done <<<"${ARCHLINT_PACKAGES:-}"
"$bin/python" -I -m pip install --quiet --disable-pip-version-check -- "${packages[@]}" ||
  fail "pip ended with an error"
