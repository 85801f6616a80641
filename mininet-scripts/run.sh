#!/usr/bin/env bash
# mininet-scripts/run.sh NAME: one topology and its scenario on real Open vSwitch (root needed). Exit code 0: it held; 1: it did not; 2: a wrong option;
# 77: it cannot run here, and what is missing; 130: interrupted.
#   --list             name the scenarios
#   --here             on this machine's own network and Open vSwitch, so that you can look on from another terminal ('netserv flows', 'ovs-ofctl');
#                      otherwise in a network namespace of its own with an Open vSwitch of its own, which disturbs nothing and leaves nothing
#   --datapath WHICH   kernel or user (default: kernel if this kernel has Open vSwitch, else user)
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
usage() { echo "usage: run.sh --list | [--here] [--datapath kernel|user] NAME" >&2; exit 2; }

name="" apart=1 datapath=""
while [ $# -gt 0 ]; do
    case $1 in
        --list) (cd "$here/topologies" && printf '%s\n' *.py | sed 's/\.py$//'); exit 0 ;;
        --here) apart=0 ;;
        --datapath) shift; datapath=${1:-}; case $datapath in kernel | user) ;; *) usage ;; esac ;;
        -*) usage ;;
        *) [ -z "$name" ] || usage; name=$1 ;;
    esac
    shift
done
[ -n "$name" ] || usage
[ -f "$here/topologies/$name.py" ] || { echo "no scenario '$name'; --list names them" >&2; exit 2; }
cannot() { echo "$1" >&2; exit 77; }
[ "$(id -u)" = 0 ] || cannot "Mininet needs root: sudo $0 $name"
export PATH="$PATH:/usr/sbin:/sbin"
for need in mnexec:mininet ovs-vswitchd:openvswitch-switch ip:iproute2 ethtool:ethtool ping:iputils-ping tcpdump:tcpdump sipp:sip-tester iperf3:iperf3 curl:curl; do
    command -v "${need%%:*}" >/dev/null || cannot "${need%%:*} is missing: apt-get install ${need#*:}"
done
/usr/bin/python3 -c 'import mininet' 2>/dev/null || cannot "Mininet's Python package is missing: apt-get install mininet"
if [ -z "$datapath" ]; then
    if [ -d /sys/module/openvswitch ] || modprobe openvswitch 2>/dev/null; then datapath=kernel; else datapath=user; fi
fi

if [ -z "${NETSERV_MININET_APART:-}" ]; then
    "$here/../netserv" build
    [ $apart = 0 ] || NETSERV_MININET_APART=1 exec unshare --net "$0" --datapath "$datapath" "$name"
else
    ip link set lo up
fi

pids=""
cleanup() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    [ -z "${folder:-}" ] || rm -rf "$folder"
}
trap cleanup EXIT
# Bash would act on a signal only after the program in front has ended: so that one runs behind, and is told.
scenario=""
told() { if [ -n "$scenario" ]; then kill -TERM "$scenario" 2>/dev/null || true; else exit 130; fi; }
trap told INT TERM HUP

if [ -n "${NETSERV_MININET_APART:-}" ] || ! ovs-vsctl --timeout=2 show >/dev/null 2>&1; then
    folder=$(mktemp -d -t netserv-ovs.XXXXXX)
    export OVS_RUNDIR=$folder OVS_DBDIR=$folder OVS_LOGDIR=$folder
    ovsdb-tool create "$folder/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server "$folder/conf.db" --remote="punix:$folder/db.sock" --pidfile="$folder/ovsdb-server.pid" \
        --unixctl="$folder/ovsdb-server.ctl" >"$folder/ovsdb-server.log" 2>&1 &
    pids="$pids $!"
    export OVS_DB=unix:$folder/db.sock
    timeout 30 sh -c "until ovs-vsctl --db=unix:$folder/db.sock --no-wait init 2>/dev/null; do sleep 0.1; done"
    ovs-vswitchd "unix:$folder/db.sock" --pidfile="$folder/ovs-vswitchd.pid" --unixctl="$folder/ovs-vswitchd.ctl" \
        --log-file="$folder/ovs-vswitchd.log" >"$folder/ovs-vswitchd.out" 2>&1 &
    pids="$! $pids"
    timeout 30 ovs-vsctl --timeout=30 show >/dev/null
fi
/usr/bin/python3 "$here/$name.py" --datapath "$datapath" &
scenario=$!
code=0
wait "$scenario" || code=$?
# A signal ends a wait; the scenario still has to clean up.
while kill -0 "$scenario" 2>/dev/null; do code=0; wait "$scenario" || code=$?; done
exit "$code"
