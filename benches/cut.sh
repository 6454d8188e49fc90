#!/usr/bin/env bash
# How soon do two processes of a cluster end when the cable between them is cut, so that neither hears the other end? In two network
# namespaces of Linux; needs the superuser. Usage: benches/cut.sh [PROGRAM]
set -euo pipefail
program=$(realpath "${1:-target/release/medring}")
work=$(mktemp -d)
one=mr1-$$ two=mr2-$$
trap 'kill "${first:-}" "${second:-}" 2>/dev/null || true; ip netns del $one; ip netns del $two; rm -rf "$work"' EXIT
ip netns add $one
ip netns add $two
ip link add "v1-$$" netns $one type veth peer name "v2-$$" netns $two
ip -n $one addr add 10.99.0.1/24 dev "v1-$$"
ip -n $two addr add 10.99.0.2/24 dev "v2-$$"
for name in "$one v1-$$" "$two v2-$$"; do
  read -r space device <<<"$name"
  ip -n "$space" link set lo up
  ip -n "$space" link set "$device" up
done
printf '10.99.0.1:2101\n10.99.0.2:2101\n' >"$work/hosts"
"$program" init "$work/ws" >/dev/null
serve() { ip netns exec "$1" "$program" serve "$work/ws" --listen 127.0.0.1:7878 --workers 1 --processes 2 --process "$2" --hosts "$work/hosts" --lang en; }
serve $one 0 2>"$work/first" &
first=$!
serve $two 1 2>"$work/second" &
second=$!
until grep -q 'page:' "$work/first"; do sleep 0.1; done
sleep 1
ip -n $one link set "v1-$$" down
start=$(date +%s%N)
ended() {
  local code=0
  wait "$1" || code=$?
  echo "process $2 ended with code $code after $((($(date +%s%N) - start) / 1000000)) ms: $(grep medring: "$work/$3")"
}
ended $first 0 first
ended $second 1 second
