#!/usr/bin/env bash
# Does the server keep what openapi.json says, whatever it is asked? schemathesis makes the questions: for each account of a role that may,
# and for a server without accounts. It fails on any 5xx, and on a status, a type or a shape that the description does not name.
#
#   tests/serve/schemathesis.sh PROGRAM [QUESTIONS PER ADDRESS]
#
# Needs python3 with venv, and PyPI the first time (MEDRING_SCHEMATHESIS_VENV is the folder that it goes to). Takes a minute or two.
set -euo pipefail
program=$(realpath "$1")
examples=${2:-60}
version=4.32.5
venv=${MEDRING_SCHEMATHESIS_VENV:-${TMPDIR:-/tmp}/medring-schemathesis}
[ -x "$venv/bin/st" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install -q "schemathesis==$version"; }
work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

"$program" synth "$work/world" --preset demo --seed 1 --persons 4000 >/dev/null 2>&1
serve() { # WORKSPACE: sets $base
  "$program" serve "$1" --listen 127.0.0.1:0 2>"$1.log" >/dev/null &
  server=$!
  for _ in $(seq 300); do
    base=$(grep -oE 'http://127[0-9.:]+' "$1.log" | head -1) && curl -fs "$base/readyz" >/dev/null && return
    sleep 0.2
  done
  cat "$1.log" >&2
  exit 1
}
end() {
  kill "$server"
  wait "$server"
  server=
}
ask() { # NAME, then more words for schemathesis
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  # What an address answers to a method it does not have, and whether a wrong type is refused, is not what is asked here.
  (cd "$work" && "$venv/bin/st" run "$base/openapi.json" --no-color --max-examples "$examples" --seed 1 --workers 2 \
    --mode all --phases examples,fuzzing --suppress-health-check all --generation-database none \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --header 'x-medring: page' "$@")
}
enter() { # NAME: a cookie
  curl -fsi "$base/v1/login" -H 'content-type: application/json' -H 'x-medring: page' -d "{\"name\":\"$1\",\"password\":\"$password\"}" |
    tr -d '\r' | sed -n 's/^set-cookie: \([^;]*\);.*/cookie: \1/p'
}

failed=0
"$program" init "$work/open" >/dev/null 2>&1
"$program" ingest run --workspace "$work/open" "$work/world" >/dev/null 2>&1
cp -r "$work/open" "$work/named"
serve "$work/open"
ask "nobody has an account" || failed=1
end

password='correct horse battery'
echo "$password" >"$work/password"
for role in investigator reviewer case_team report_reader administrator auditor; do
  "$program" user add "$role" --role "$role" --workspace "$work/named" --password-file "$work/password" >/dev/null 2>&1
done
serve "$work/named"
for role in reviewer auditor administrator; do
  ask "$role" --header "$(enter "$role")" --exclude-path /v1/login --exclude-path /v1/logout || failed=1
done
end
exit "$failed"
