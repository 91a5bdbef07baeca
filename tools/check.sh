#!/bin/sh
# Everything a change must pass: format, lint, types, import directions, sizes, tests with branch coverage.
set -eu
bin=.venv/bin
export PYTHONPATH="src:."
"$bin/ruff" format --check .
"$bin/ruff" check .
"$bin/mypy"
"$bin/lint-imports"
"$bin/python" tools/check_sizes.py
rm -f .coverage .coverage.*
log=$(mktemp)
status=0
"$bin/python" -m pytest -n 2 --cov --cov-report= "$@" >"$log" 2>&1 || status=$?
sed '$d' "$log"
if [ "$status" -eq 0 ] && [ "$#" -eq 0 ]; then
    "$bin/python" -m coverage report --skip-covered --fail-under=90 || status=$?
    "$bin/python" -m coverage report --skip-covered --fail-under=100 \
        --include='src/keheng/appraisal/scoring/*,src/keheng/appraisal/auditing/rules/*' || status=$?
fi
# The test runner's own closing line comes last.
tail -n 1 "$log"
rm -f "$log"
exit "$status"
