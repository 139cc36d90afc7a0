#!/bin/sh
# Yesterday's figures of each department, as lines for a spreadsheet. curl and Python's json alone.
#
#   export MINWON_URL=https://120.city.example MINWON_TOKEN=mw_...    # scope: statistics:read
#   ./statistics.sh [FIRST [LAST]]          # days like 2026-11-01
set -eu

first=${1:-$(date -d yesterday +%F)}
last=${2:-$first}
api="${MINWON_URL:-http://127.0.0.1:8090}/api/v1"

printf 'header = "Authorization: Bearer %s"\n' "$MINWON_TOKEN" |
    curl -sS --fail-with-body --max-time 60 --config - --get "$api/statistics" \
        --data-urlencode 'measures=offered,answered,service_level' --data-urlencode 'by=department' \
        --data-urlencode "first=$first" --data-urlencode "last=$last" |
    python3 -c '
import json, sys
told = json.load(sys.stdin)
print("department", *(measure["id"] for measure in told["measures"]), sep="\t")
for line in [*told["lines"], {**told["total"], "value": "(all)"}]:
    values = ["" if figure["value"] is None else figure["value"] for figure in line["figures"]]
    print(told["labels"].get(line["value"], line["value"]) or "-", *values, sep="\t")
'
