#!/usr/bin/env bash
# The controller's OpenFlow channel under load, beside ovs-testcontroller and a controller that thinks of nothing (the generator's ceiling).
# The generator runs on processor 0, the controllers on the last one. docs/bench.md explains the figures.
#   --short      everything once and briefly: shows that it works, the figures mean little
#   --no-build   the programs are built already
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
short=0
build=1
for option in "$@"; do
    case $option in
        --short) short=1 ;;
        --no-build) build=0 ;;
        *) echo "usage: test/Benchmarks/controller.sh [--short] [--no-build]" >&2; exit 2 ;;
    esac
done
missing=""
for need in python3 taskset ovs-testcontroller:openvswitch-testcontroller; do
    command -v "${need%%:*}" >/dev/null || missing="$missing ${need#*:}"
done
[ -z "$missing" ] || { echo "controller.sh: missing:$missing (apt-get install)" >&2; exit 1; }

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
bin=artifacts/bin
if [ $build = 1 ]; then
    dotnet build netserv.slnf -c Release -v quiet --nologo >&2
    dotnet build test/Benchmarks -c Release -v quiet --nologo >&2
fi
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d)
controller_cpu=$(($(nproc) - 1))
pid=""
load=""
stop() {
    for each in $load $pid; do
        kill "$each" 2>/dev/null || true
        wait "$each" 2>/dev/null || true
    done
    pid=""
    load=""
}
trap 'stop; rm -rf "$work"' EXIT

read -r of grpc http <<<"$(python3 -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(s.getsockname()[1] for s in held))')"

# Starts a controller by its name and waits until it listens.
start() {
    case $1 in
        netserv) set -- dotnet "$bin/NetServ.Controller/release/NetServ.Controller.dll" --openflow "127.0.0.1:$of" --grpc "127.0.0.1:$grpc" --http "127.0.0.1:$http" ;;
        trivial) set -- dotnet "$bin/NetServ.Benchmarks/release/NetServ.Benchmarks.dll" trivial "$of" ;;
        ovs) set -- env "OVS_RUNDIR=$work" ovs-testcontroller "ptcp:$of:127.0.0.1" ;;
    esac
    taskset -c "$controller_cpu" "$@" >"$work/controller.log" 2>&1 &
    pid=$!
    python3 - "$of" <<'EOF' || { cat "$work/controller.log" >&2; exit 1; }
import socket, sys, time
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.05)
sys.exit("the controller does not listen")
EOF
}

bench() { dotnet "$bin/NetServ.Bench/release/NetServ.Bench.dll" controller --target "127.0.0.1:$of" --cpu 0 "$@"; }

# One figure of the last result, such as main.median.
figure() {
    python3 - "$work/result.json" "$1" <<'EOF'
import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2].split("."):
    value = value[name]
print(f"{value:.0f}" if value >= 1000 else f"{value:.1f}")
EOF
}

rss() { awk '/VmRSS/ { print $2 }' "/proc/$pid/status"; }

# Waits until the load that runs behind, with its output in this file, has announced its hosts.
await_announced() {
    for _ in $(seq 600); do
        grep -qs announced "$1" && break
        kill -0 "$load" 2>/dev/null || break
        sleep 0.05
    done
}

# Measures a controller: NAME OPTIONS...; leaves answers/s in $rate and answers per second of its processor time in $per_cpu, "-" if it cannot do that.
measure() {
    local name=$1
    shift
    start "$name"
    if bench --json --pid "$pid" "$@" >"$work/result.json" 2>"$work/errors"; then
        rate=$(figure main.median)
        per_cpu=$(python3 -c 'import sys; print(round(1e9 / max(1, float(sys.argv[1]))))' "$(figure main.controllerNanoseconds)")
    else
        rate=-
        per_cpu=-
        echo "  $name: $(head -1 "$work/errors")" >>"$work/notes"
    fi
    stop
}

# A row of the table: TITLE OPTIONS...
row() {
    local title=$1
    shift
    local -A rates=() cpus=()
    for name in netserv ovs trivial; do
        measure "$name" "$@"
        rates[$name]=$rate
        cpus[$name]=$per_cpu
    done
    python3 - "$title" "${rates[netserv]}" "${rates[ovs]}" "${rates[trivial]}" "${cpus[netserv]}" "${cpus[ovs]}" <<'EOF'
import sys
title, *values = sys.argv[1:]
show = lambda text: "-" if text == "-" else f"{float(text):,.0f}"
ours, ovs = values[0], values[1]
ratio = "-" if "-" in (ours, ovs) else f"{float(ours) / float(ovs):.1f}"
print(f"{title:<26} {show(ours):>12} {show(ovs):>12} {ratio:>7} {show(values[2]):>12} {show(values[3]):>14} {show(values[4]):>14}", flush=True)
EOF
    [ "$title" != "throughput, 16 switches" ] || netserv_per_cpu=${cpus[netserv]}
}

if [ $short = 1 ]; then
    time=(--warmup 0.1 --rounds 1 --duration 0.2 --macs 100)
    many=50
    long=0.5
else
    # The first seconds are the runtime's: it compiles what is hot, on the same processor.
    time=(--warmup 5 --rounds 3 --duration 2)
    many=1000
    long=30
fi
netserv_per_cpu=-
: >"$work/notes"
printf '%-26s %12s %12s %7s %12s %14s %14s\n' "answers/s" netserv ovs-testctl ratio trivial "netserv/cpu s" "ovs/cpu s"
row "throughput, 16 switches" --switches 16 "${time[@]}"
if [ $short = 0 ]; then
    row "throughput, 1 switch" --switches 1 "${time[@]}"
    row "throughput, 256 switches" --switches 256 "${time[@]}"
    row "throughput, 1000 switches" --switches 1000 "${time[@]}"
    row "throughput, 256 buffers" --switches 16 --buffers 256 "${time[@]}"
    row "latency mode, 1 switch" --switches 1 --mode latency "${time[@]}"
    row "latency mode, 16 switches" --switches 16 --mode latency "${time[@]}"
    row "churn, 16 switches" --switches 16 --churn "${time[@]}"
fi
cat "$work/notes"

echo "memory of an idle switch:"
start netserv
empty=$(rss)
bench --switches 1 --macs 2 --idle "$many" --mode latency --warmup 0 --rounds 1 --duration "$( [ $short = 1 ] && echo 0.5 || echo 3 )" >"$work/idle.log" &
load=$!
await_announced "$work/idle.log"
echo "  netserv: $((($(rss) - empty) / many)) kB each ($empty kB without, $(rss) kB with $many)"
wait "$load"
load=""
stop

echo "connecting $many switches:"
start netserv
bench --switches "$many" --connect-only | sed -n 's/^connected/  netserv/p'

echo "one greedy switch of 16, the others in latency mode:"
bench --switches 16 --mode latency --greedy 1 "${time[@]}" | sed -n 's/^\(round trip\|answers\)/  \1/p'

echo "allocation over $long s, 16 switches that have their hosts and rules:"
# Bytes, collections of generation 0 or above, of 1 or above, PACKET_INs.
allocation() {
    python3 -c 'import re, sys, urllib.request
text = urllib.request.urlopen("http://127.0.0.1:" + sys.argv[1] + "/metrics", timeout=5).read().decode()
print(*(sum(int(n) for n in re.findall("^" + re.escape(name) + r"(?:\{dpid=[^}]*\})? (\d+)$", text, re.M)) for name in (
    "netserv_allocated_bytes_total", "netserv_gc_collections_total{generation=\"0\"}", "netserv_gc_collections_total{generation=\"1\"}", "netserv_switch_packet_in_total")))' "$http"
}
bench --switches 16 --warmup "$( [ $short = 1 ] && echo 0.2 || echo 10 )" --rounds 1 --duration "$(python3 -c "print($long + 3)")" >"$work/run.log" &
load=$!
await_announced "$work/run.log"
sleep "$( [ $short = 1 ] && echo 0.3 || echo 10 )"
allocation >"$work/before"
sleep "$long"
allocation >"$work/after"
wait "$load"
load=""
stop
paste -d ' ' "$work/before" "$work/after" | python3 -c '
before = [int(n) for n in input().split()]
bytes, gen0, gen1, packets = (a - b for b, a in zip(before[:4], before[4:]))
print(f"  netserv: {bytes:,} B ({bytes / max(1, packets):.4f} B a PACKET_IN, of {packets:,}), {gen0} collections of generation 0 or above, {gen1} of 1 or above")'

echo "layers of netserv:"
if [ $short = 1 ] || [ "$netserv_per_cpu" = - ]; then
    netserv_per_cpu=""
fi
dotnet "$bin/NetServ.Benchmarks/release/NetServ.Benchmarks.dll" layers $netserv_per_cpu | sed 's/^/  /'
