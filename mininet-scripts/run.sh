#!/usr/bin/env bash
# mininet-scripts/run.sh NAME: one topology and its scenario on real Open vSwitch (root needed). --list names them.
# Starts an Open vSwitch of its own in a temporary folder if none runs. Exit code 0: the scenario held.
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
name=${1:---list}
case $name in
    --list) for f in "$here"/*.py; do n=$(basename "$f" .py); [ "$n" = programs ] || echo "$n"; done; exit 0 ;;
    -*) echo "usage: run.sh --list | NAME" >&2; exit 2 ;;
esac
[ -f "$here/$name.py" ] || { echo "no scenario '$name'; --list names them" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "Mininet needs root: sudo $0 $name" >&2; exit 2; }
/usr/bin/python3 -c 'import mininet' 2>/dev/null || { echo "Mininet is missing: apt-get install mininet" >&2; exit 2; }
command -v ovs-vswitchd >/dev/null || { echo "Open vSwitch is missing: apt-get install openvswitch-switch" >&2; exit 2; }

pids=""
cleanup() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    [ -z "${folder:-}" ] || rm -rf "$folder"
}
trap cleanup EXIT

if ! ovs-vsctl --timeout=2 show >/dev/null 2>&1; then
    folder=$(mktemp -d /tmp/netserv-ovs.XXXXXX)
    export OVS_RUNDIR=$folder OVS_DBDIR=$folder OVS_LOGDIR=$folder
    ovsdb-tool create "$folder/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server "$folder/conf.db" --remote="punix:$folder/db.sock" --pidfile="$folder/ovsdb-server.pid" \
        --unixctl="$folder/ovsdb-server.ctl" >"$folder/ovsdb-server.log" 2>&1 &
    pids="$pids $!"
    export OVS_DB=unix:$folder/db.sock
    timeout 10 sh -c "until ovs-vsctl --db=unix:$folder/db.sock --no-wait init 2>/dev/null; do :; done"
    ovs-vswitchd "unix:$folder/db.sock" --pidfile="$folder/ovs-vswitchd.pid" --unixctl="$folder/ovs-vswitchd.ctl" \
        --log-file="$folder/ovs-vswitchd.log" >"$folder/ovs-vswitchd.out" 2>&1 &
    pids="$pids $!"
    timeout 10 ovs-vsctl --timeout=10 show >/dev/null
fi
"$here/../netserv" build
/usr/bin/python3 "$here/$name.py"
