#!/usr/bin/env bash
# Answers a second of the controller, and its processor time for one, first left in peace and then beside hostile peers, and what these take of either.
#   --switches N   switches that are measured [16]
#   --duration S   seconds of each round; a measurement has three [2]
#   --rounds R     measurements of each kind in turn; the best of each counts, as other work on the machine only ever takes [3]
#   --most P       each has to be worse by less than so many per cent [10]
# The attackers share a processor with the load generator, the controller has one of its own.
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
switches=16
duration=2
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
# Answers a second, and nanoseconds of the controller's processor for one; after a warm-up, since the runtime compiles at first.
measure() {
    $(pin 0) ./netserv bench controller --target "$target" --pid "$controller" --switches "$switches" --mode throughput --warmup 3 --duration "$duration" --rounds 3 --json >"$folder/result"
    python3 -c 'import json, sys; main = json.load(open(sys.argv[1]))["main"]; print(main["median"], main["controllerNanoseconds"])' "$folder/result"
}

measure >/dev/null
for _ in $(seq "$rounds"); do
    measure >>"$folder/alone"
    $(pin 0) python3 test/Benchmarks/hostile.py "$target" &
    attackers=$!
    started+=("$attackers")
    measure >>"$folder/beside"
    kill "$attackers"
    wait "$attackers" 2>/dev/null || true
done
echo "$switches switches, beside 1,000 silent peers, a garbage flood, a stolen datapath id, a slow reader, a slow writer and impossible lengths:"
python3 - "$folder/alone" "$folder/beside" "$most" <<'PYTHON'
import sys

(answers, cost), (answers_beside, cost_beside) = (
    (max(answers), min(costs)) for answers, costs in (zip(*(map(float, line.split()) for line in open(path))) for path in sys.argv[1:3]))
fall, rise = (1 - answers_beside / answers) * 100, (cost_beside / cost - 1) * 100
print(f"answers/s                        {answers:12,.0f} alone, {answers_beside:12,.0f} beside them: {fall:.1f} % fewer")
print(f"controller's processor, ns each  {cost:12.1f} alone, {cost_beside:12.1f} beside them: {rise:.1f} % more")
worst, most = max(fall, rise), float(sys.argv[3])
sys.exit(0 if worst < most else f"{worst:.1f} % is not less than {most:g} %")
PYTHON
