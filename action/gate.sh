#!/usr/bin/env bash
# Runs `archlint gate` for action.yml: the verdict as text and as job summary, outputs, and SARIF if asked.
set -euo pipefail

# shellcheck source=action/shared.sh
. "$GITHUB_ACTION_PATH/action/shared.sh"

refuse_lines sarif-file "$ARCHLINT_SARIF_FILE"
refuse_lines policy "$ARCHLINT_POLICY"
refuse_lines audit-file "$ARCHLINT_AUDIT_FILE"
find_base
# On a release the nearest tag such as v1.2.3 before this one stands for what was released before.
if [ -z "$base" ]; then
  base=$(ask_git describe --tags --abbrev=0 '--match=v[0-9]*' '--match=[0-9]*.[0-9]*' '--exclude=*-*' 'HEAD^' 2>/dev/null || true)
fi
[ -n "$base" ] && [ "$base" != none ] ||
  stop "There is no tag such as v1.2.3 before this commit to judge the release against: add 'fetch-depth: 0' to actions/checkout, or set the input 'base'."

flags=("--base=$base" --output "markdown=$work/summary.md" --output "json=$work/report.json")
[ -z "$ARCHLINT_POLICY" ] || flags+=("--policy=$ARCHLINT_POLICY")
[ -z "$ARCHLINT_AUDIT_FILE" ] || flags+=("--audit=$ARCHLINT_AUDIT_FILE")
[ -z "$ARCHLINT_TICKET" ] || flags+=("--ticket=$ARCHLINT_TICKET")
[ -z "$ARCHLINT_ENVIRONMENT" ] || flags+=("--environment=$ARCHLINT_ENVIRONMENT")
[ -z "$ARCHLINT_SARIF_FILE" ] || flags+=(--output "sarif=$ARCHLINT_SARIF_FILE")
read_lines "$ARCHLINT_ARGS"
flags+=(${lines[@]+"${lines[@]}"})
make_folder "${ARCHLINT_SARIF_FILE:-.}"
make_folder "${ARCHLINT_AUDIT_FILE:-.}"

code=0
"$bin/python" -I -m archlint gate "${flags[@]}" 2>"$work/errors" || code=$?
cat "$work/errors" >&2
if [ "$code" -gt 1 ]; then
  annotate_failure
elif [ "$code" = 1 ]; then
  printf '::error title=archlint gate::The release must not go out; the verdict is in the summary of this job.\n'
fi
finish '
import json, sys
with open(sys.argv[1], encoding="utf-8") as report:
    verdict = json.load(report)["verdict"]
print(f"verdict={verdict}")
'
