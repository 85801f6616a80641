#!/usr/bin/env bash
# Answers a second of the controller, first left in peace and then beside hostile peers, and by how much they fall.
#   --switches N   switches that are measured [16]
#   --duration S   seconds of each measurement [3]
#   --rounds R     measurements of each kind in turn; the best of each counts, as other work on the machine only ever takes [3]
#   --most P       the most that answers may fall, in per cent [10]
# The attackers share a processor with the load generator, the controller has one of its own. Judged are the answers a second; beside them are told those by the
# controller's processor time, in which what the attackers cost while switches connect and hosts are announced counts as well.
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
switches=16
duration=3
rounds=3
most=10
while [ $# -gt 0 ]; do
    case $1 in
        --switches) shift; switches=${1:?--switches needs a number} ;;
        --duration) shift; duration=${1:?--duration needs a number} ;;
        --rounds) shift; rounds=${1:?--rounds needs a number} ;;
        --most) shift; most=${1:?--most needs a number} ;;
        *) echo "usage: test/Benchmarks/hostile.sh [--switches N] [--duration S] [--rounds R] [--most PERCENT]" >&2; exit 2 ;;
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
: >"$folder/ready"
$(pin 1) ./netserv controller --openflow 127.0.0.1:0 --grpc 127.0.0.1:0 --http 127.0.0.1:0 >"$folder/ready" 2>"$folder/log" &
started+=($!)
for _ in $(seq 100); do
    grep -q ready "$folder/ready" && break
    sleep 0.1
done
target=$(sed -n 's/.*openflow \([^ ,]*\).*/\1/p' "$folder/ready")
[ -n "$target" ] || { echo "the controller did not start: $(tail -1 "$folder/log")" >&2; exit 1; }

controller=$(pgrep -P "${started[0]}" -f NetServ.Controller.dll || echo "${started[0]}")
processor() { awk '{ print $14 + $15 }' "/proc/$controller/stat"; }

# Answers a second, and answers a second of the controller's processor.
measure() {
    local before
    before=$(processor)
    $(pin 0) ./netserv bench controller --target "$target" --switches "$switches" --mode throughput --duration "$duration" --rounds 1 --json >"$folder/result"
    python3 - "$folder/result" "$(( $(processor) - before ))" "$(getconf CLK_TCK)" <<'PYTHON'
import json, sys
result = json.load(open(sys.argv[1]))
print(int(result["main"]["median"]), int(result["totals"]["answers"] * int(sys.argv[3]) / int(sys.argv[2])))
PYTHON
}

alone=0 beside=0 alone_cpu=0 beside_cpu=0
for _ in $(seq "$rounds"); do
    read -r answers cpu < <(measure)
    [ "$answers" -gt "$alone" ] && alone=$answers
    [ "$cpu" -gt "$alone_cpu" ] && alone_cpu=$cpu
    $(pin 0) python3 test/Benchmarks/hostile.py "$target" &
    attackers=$!
    started+=("$attackers")
    read -r answers cpu < <(measure)
    [ "$answers" -gt "$beside" ] && beside=$answers
    [ "$cpu" -gt "$beside_cpu" ] && beside_cpu=$cpu
    kill "$attackers"
    wait "$attackers" 2>/dev/null || true
done
fall=$(( (alone - beside) * 100 / alone ))
echo "$switches switches, beside 1,000 silent peers, a garbage flood, a stolen datapath id, a slow reader, a slow writer and impossible lengths:"
echo "answers/s                            $alone alone, $beside beside them: $fall % less"
echo "answers/s of controller's processor  $alone_cpu alone, $beside_cpu beside them"
[ "$fall" -le "$most" ] || { echo "that is more than $most %" >&2; exit 1; }
