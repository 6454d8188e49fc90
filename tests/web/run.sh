#!/usr/bin/env bash
# The page's own tests: its types, whether its bundle is what its sources give, and the page in a real Chromium.
#
#   tests/web/run.sh PROGRAM [FOLDER FOR PICTURES]
#
# Needs Node 20 or later and Chromium. What is missing it installs (npm from the registry, Debian's chromium as root); where
# that is impossible it says so and fails, unless MEDRING_SKIP_PAGE=1.
set -euo pipefail
program=$(realpath "$1")
pictures=${2:+$(realpath -m "$2")}
cd "$(dirname "$0")"
give_up() {
  echo "the page cannot be tested here: $1" >&2
  [ "${MEDRING_SKIP_PAGE:-0}" = 1 ] && { echo "skipped, as MEDRING_SKIP_PAGE=1 says" >&2; exit 0; }
  exit 1
}
command -v node >/dev/null || give_up "Node 20 or later is not installed"
install() { (cd "$1" && [ -d node_modules ] || npm ci --no-audit --no-fund >/dev/null 2>&1); }
install . || give_up "npm cannot reach its registry (tests/web)"
install ../../src/serve/web || give_up "npm cannot reach its registry (src/serve/web)"
if [ ! -x "${MEDRING_CHROMIUM:-/usr/bin/chromium}" ]; then
  debian() { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; }
  [ "$(id -u)" = 0 ] && debian >/dev/null 2>&1 || give_up "Chromium is not installed: apt-get install chromium"
fi
(cd ../../src/serve/web && npm run --silent check)
node model.mjs
node page.mjs "$program" ${pictures:+"$pictures"}
node explore.mjs "$program" ${pictures:+"$pictures"}
node office.mjs "$program" ${pictures:+"$pictures"}
node hostile.mjs "$program"
