#!/usr/bin/env bash
# Runs `archlint check` for action.yml: the text report, annotations, a job summary, outputs, and SARIF if asked.
set -euo pipefail

# shellcheck source=action/shared.sh
. "$GITHUB_ACTION_PATH/action/shared.sh"

case $ARCHLINT_GATE in
true) exec bash "$GITHUB_ACTION_PATH/action/gate.sh" ;;
false) ;;
*) stop "The input 'gate' must be true or false." ;;
esac
refuse_lines sarif-file "$ARCHLINT_SARIF_FILE"
find_base
[ "$base" != none ] || base=

flags=("--fail-on=$ARCHLINT_FAIL_ON" --output "github=$work/annotations" --output "markdown=$work/summary.md")
flags+=(--output "json=$work/report.json")
[ -z "$base" ] || flags+=("--base=$base")
[ -z "$ARCHLINT_SARIF_FILE" ] || flags+=(--output "sarif=$ARCHLINT_SARIF_FILE")
read_lines "$ARCHLINT_ARGS"
flags+=(${lines[@]+"${lines[@]}"})
read_lines "$ARCHLINT_PATHS"

make_folder "${ARCHLINT_SARIF_FILE:-.}"

code=0
"$bin/python" -I -m archlint check "${flags[@]}" -- ${lines[@]+"${lines[@]}"} 2>"$work/errors" || code=$?
cat "$work/errors" >&2
[ ! -s "$work/annotations" ] || cat "$work/annotations"
if [ "$code" = 2 ] || { [ "$code" != 0 ] && [ ! -s "$work/report.json" ]; }; then
  annotate_failure
fi

finish '
import json, sys
with open(sys.argv[1], encoding="utf-8") as report:
    summary = json.load(report)["summary"]
for severity in ("error", "warning", "info"):
    print(f"{severity}s={summary[severity]}")
'
