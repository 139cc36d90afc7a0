#!/bin/sh
# Send a text and wait until it is delivered. curl alone.
#
#   export MINWON_URL=https://120.city.example MINWON_TOKEN=mw_...    # scope: texts:send
#   ./send_text.sh 010-1234-5678 '여권과 02-120, 3층입니다.' [CONTACT]
#
# The Idempotency-Key makes it safe to try again: whatever happens between us, one text goes out.
set -eu

to=${1:?"usage: $0 NUMBER TEXT [CONTACT]"}
text=${2:?"usage: $0 NUMBER TEXT [CONTACT]"}
contact=${3:-}
api="${MINWON_URL:-http://127.0.0.1:8090}/api/v1"
key=${IDEMPOTENCY_KEY:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}

# A string of JSON: backslash, quote, line ends.
json() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'; }
# A field of an answer that is a string.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# The token stands in a file of curl's, not on its command line: everybody on this machine can read that.
ask() { printf 'header = "Authorization: Bearer %s"\n' "$MINWON_TOKEN" | curl -sS --max-time 20 --retry 3 --config - "$@"; }

answer=$(ask -X POST "$api/texts" -H "Idempotency-Key: $key" -H 'Content-Type: application/json' \
    --data "{\"to\": \"$(json "$to")\", \"text\": \"$(json "$text")\", \"contact_id\": \"$(json "$contact")\"}")
id=$(printf '%s' "$answer" | field text_id)
if [ -z "$id" ]; then
    printf 'not sent: %s %s\n' "$(printf '%s' "$answer" | field code)" "$(printf '%s' "$answer" | field detail)" >&2
    exit 1
fi

for _ in $(seq "${WAIT_TRIES:-60}"); do
    state=$(ask "$api/texts/$id" | field state)
    case $state in
    delivered) echo "$id $state"; exit 0 ;;
    failed | withdrawn) echo "$id $state" >&2; exit 1 ;;
    esac
    sleep "${WAIT_S:-2}"
done
echo "$id $state: not delivered yet" >&2
exit 2
