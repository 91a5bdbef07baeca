#!/bin/sh
# Everything a change must pass: format, lint, types, import directions, sizes, tests. The auditor's rules are covered whole, by branches;
# with KEHENG_COVERAGE=1 all tests are traced, which takes a third longer, and nine tenths of everything must be.
set -eu
bin=.venv/bin
export PYTHONPATH="src:."
# Tests start many processes of the site: what is compiled is kept, whatever the machine says.
unset PYTHONDONTWRITEBYTECODE
"$bin/ruff" format --check .
"$bin/ruff" check .
"$bin/mypy"
"$bin/lint-imports"
"$bin/python" tools/check_sizes.py
rm -f .coverage .coverage.*
KEHENG_DATA=$(mktemp -d)
export KEHENG_DATA
log=$(mktemp -d)
trap 'rm -rf "$KEHENG_DATA" "$log"' EXIT
# What stands on a database is shown on both of them. On PostgreSQL each half on a server of its own: an open transaction of one
# database holds back the sealing of another on the same server. No test cuts the power, so nothing waits for the disk.
status=0
half() {
    name=$1; shift
    PG_OPTIONS='-c fsync=off -c full_page_writes=off' KEHENG_DATA="$KEHENG_DATA/$name" \
        tools/with_postgres.sh "$bin/python" -m pytest "$@" >"$log/$name" 2>&1
}
if [ "$#" -eq 0 ]; then
    half kernel tests/kernel tests/matters tests/review & first=$!
    half site tests/access tests/directory tests/portal tests/performance tests/site & second=$!
    wait "$first" || status=$?
    wait "$second" || status=$?
    cat "$log/kernel" "$log/site"
    [ "$status" -ne 75 ] || { echo '未安装 PostgreSQL，跳过其测试 / PostgreSQL is not installed: its tests are skipped'; status=0; }
    [ "$status" -eq 0 ] || exit "$status"
fi
{ "$bin/python" -m pytest -n 3 --dist worksteal --cov --cov-report= "$@" 2>&1 || status=$?; echo "$status" >"$log/status"; } | tee "$log/sqlite"
status=$(cat "$log/status")
if [ "$status" -eq 0 ] && [ "$#" -eq 0 ]; then
    [ -z "${KEHENG_COVERAGE:-}" ] || "$bin/python" -m coverage report --skip-covered --fail-under=90 || status=$?
    "$bin/python" -m coverage report --skip-covered --fail-under=100 \
        --include='src/keheng/appraisal/scoring/*,src/keheng/appraisal/auditing/rules/*' || status=$?
fi
# The test runner's own closing line comes last.
tail -n 1 "$log/sqlite"
exit "$status"
