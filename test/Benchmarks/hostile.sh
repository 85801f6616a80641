#!/usr/bin/env bash
# Answers a second of the controller, first left in peace and then beside hostile peers, and by how much they fall.
#   --switches N   switches that are measured [16]
#   --duration S   seconds of each measurement [5]
#   --most P       the most that answers may fall, in per cent [10]
# The attackers share a processor with the load generator, the controller has one of its own.
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
switches=16
duration=5
most=10
while [ $# -gt 0 ]; do
    case $1 in
        --switches) shift; switches=${1:?--switches needs a number} ;;
        --duration) shift; duration=${1:?--duration needs a number} ;;
        --most) shift; most=${1:?--most needs a number} ;;
        *) echo "usage: test/Benchmarks/hostile.sh [--switches N] [--duration S] [--most PERCENT]" >&2; exit 2 ;;
    esac
    shift
done
folder=$(mktemp -d)
started=()
stop() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT
pin() { if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then echo "taskset -c $1"; fi; }

./netserv build
$(pin 1) ./netserv controller --openflow 127.0.0.1:0 --grpc 127.0.0.1:0 --http 127.0.0.1:0 >"$folder/ready" 2>"$folder/log" &
started+=($!)
for _ in $(seq 100); do
    grep -q ready "$folder/ready" && break
    sleep 0.1
done
target=$(sed -n 's/.*openflow \([^ ,]*\).*/\1/p' "$folder/ready")
[ -n "$target" ] || { echo "the controller did not start: $(tail -1 "$folder/log")" >&2; exit 1; }

measure() {
    $(pin 0) ./netserv bench controller --target "$target" --switches "$switches" --mode throughput --duration "$duration" --json |
        python3 -c 'import json, sys; print(int(json.load(sys.stdin)["main"]["median"]))'
}

alone=$(measure)
$(pin 0) python3 test/Benchmarks/hostile.py "$target" &
started+=($!)
beside=$(measure)
fall=$(( (alone - beside) * 100 / alone ))
echo "$switches switches: $alone answers/s alone, $beside beside 1,000 silent peers, a garbage flood, a stolen datapath id, a slow reader, a slow writer and impossible lengths: $fall % less"
[ "$fall" -le "$most" ] || { echo "that is more than $most %" >&2; exit 1; }
