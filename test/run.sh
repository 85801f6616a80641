#!/usr/bin/env bash
# Installs what the tests need that is missing (apt, when root), runs them all, and ends with 'N passed, N failed, N skipped'.
#   --long     also the long runs (5,000 seeds of each kind, 10 minutes at full load, 10 minutes of fuzz, benchmarks): about two hours
#   --only X   only the test projects whose path contains X (may be repeated)
set -u
cd "$(dirname "$(readlink -f "$0")")/.."
long=0
only=()
while [ $# -gt 0 ]; do
    case $1 in
        --long) long=1 ;;
        --only) shift; only+=("${1:?--only needs a name}") ;;
        *) echo "usage: test/run.sh [--long] [--only NAME]..." >&2; exit 2 ;;
    esac
    shift
done
hang=10m
[ $long = 0 ] || hang=30m
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NETSERV_LONG=$long
results="$PWD/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

# command -> Debian package
needs="ovs-vswitchd:openvswitch-switch ovs-ofctl:openvswitch-common tshark:tshark randpkt:wireshark-common openssl:openssl ovs-testcontroller:openvswitch-testcontroller taskset:util-linux ip:iproute2 python3:python3 mnexec:mininet ping:iputils-ping ethtool:ethtool osken-manager:python3-os-ken tcpdump:tcpdump sipp:sip-tester iperf3:iperf3 curl:curl"
missing=""
for need in $needs; do
    command -v "${need%%:*}" >/dev/null || missing="$missing ${need#*:}"
done
ldconfig -p 2>/dev/null | grep -q 'libpcap\.so' || missing="$missing libpcap0.8"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing:$missing"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$results/apt.log" 2>&1 \
            || { tail -5 "$results/apt.log"; echo "could not install$missing: tests that need them will be skipped"; }
    else
        echo "not installed (tests that need them will be skipped):$missing"
    fi
fi

failed_step=0
step() {
    echo "== $*"
    "$@" || { echo "FAILED: $*"; failed_step=1; }
}

echo "== build"
if ! dotnet build NetServ.OpenFlow.sln -c Release -v quiet --nologo; then
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
# What ./netserv would build is built.
touch artifacts/.built-Release

# These measure time or start programs that do: each has the machine for itself. The others run side by side.
alone=" Bench Controller Interop Mininet Node Ports System "

# Formatting, or one test project by its folder; what it prints is shown at its end, in one piece.
job() {
    local log="$results/$1.log" code=0
    if [ "$1" = format ]; then
        dotnet format NetServ.OpenFlow.sln --verify-no-changes --no-restore >"$log" 2>&1 || code=$?
    else
        local project
        project=$(echo "test/$1/"*.Tests.csproj)
        dotnet test "$project" -c Release --no-build --nologo -v quiet --logger "trx;LogFileName=$(basename "$project" .csproj).trx" \
            --results-directory "$results" --blame-hang-timeout $hang >"$log" 2>&1 || code=$?
    fi
    [ $code = 0 ] || touch "$results/$1.failed"
    { echo "== $1"; cat "$log"; } 2>&1
}
export -f job
export results hang

by_itself=() side_by_side=()
[ ${#only[@]} -gt 0 ] || side_by_side+=(format)
for project in test/*/*.Tests.csproj; do
    if [ ${#only[@]} -gt 0 ]; then
        wanted=0
        for name in "${only[@]}"; do case $project in *"$name"*) wanted=1 ;; esac; done
        [ $wanted = 1 ] || continue
    fi
    folder=$(basename "$(dirname "$project")")
    case $alone in *" $folder "*) by_itself+=("$folder") ;; *) side_by_side+=("$folder") ;; esac
done
[ ${#side_by_side[@]} -eq 0 ] || printf '%s\0' "${side_by_side[@]}" | xargs -0 -P "$(nproc)" -I NAME bash -c 'job NAME'
for name in "${by_itself[@]}"; do job "$name"; done
for mark in "$results"/*.failed; do
    [ -e "$mark" ] || continue
    failed_step=1
    echo "FAILED: $(basename "$mark" .failed)"
done

if [ $long = 1 ]; then
    step dotnet artifacts/bin/NetServ.Fuzz/release/NetServ.Fuzz.dll --minutes 10
    for name in codec pump lookup routing layers check steering failover placement filters firstpacket; do
        step dotnet artifacts/bin/NetServ.Benchmarks/release/NetServ.Benchmarks.dll "$name"
    done
    step dotnet artifacts/bin/NetServ.Benchmarks/release/NetServ.Benchmarks.dll simulate --switches 30 --flows 30000 --nodes 6
    step test/Benchmarks/controller.sh --no-build
    step test/Benchmarks/hostile.sh
fi

python3 - "$results" "$failed_step" <<'EOF'
import glob, re, sys, xml.etree.ElementTree as tree

folder, failed_step = sys.argv[1], int(sys.argv[2])
passed = skipped = 0
failures = []
for path in sorted(glob.glob(folder + "/*.trx")):
    for result in tree.parse(path).getroot().iter("{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}UnitTestResult"):
        name, outcome = result.get("testName"), result.get("outcome")
        text = result.find(".//{*}Output/{*}StdOut")
        # What the test itself says, without the log of the controller that it ran.
        said = [line for line in (text.text or "").splitlines() if not re.match(r"\d\d:\d\d:\d\d\.\d{3} ", line) and line.strip()] if text is not None else []
        if outcome == "Passed":
            passed += 1
            if "NetServ.System.Tests" in path and any("reordered" in line for line in said):
                print("\n".join([f"measured: {name}", *said, ""]))
        elif outcome in ("NotExecuted", "Inconclusive"):
            skipped += 1
            reason = "".join(result.itertext()).strip().splitlines()
            print("skipped:", name, "-", reason[0] if reason else "no reason given")
        else:
            message = result.find(".//{*}ErrorInfo/{*}Message")
            failures.append((name, (message.text or "").strip().splitlines() if message is not None else [], said))
# They come last: who sees only the end of a long output sees them.
for name, message, said in failures:
    print("failed:", name)
    # The beginning says what was expected; the end, where it holds what a program printed, why.
    lines = message if len(message) <= 40 else [*message[:15], "[...]", *message[-25:]]
    print("".join(f"    {line[:400]}\n" for line in [*lines, *said[-20:]]), end="")
failed = len(failures)
if failed_step and not failed:
    failed = 1
if passed == 0 and failed == 0:
    failed = 1
    print("no test was run")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
EOF
