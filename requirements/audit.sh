#!/bin/sh
# Known holes in the locked packages, from the advisories of the Python index. Without a network it says that it did not ask, and ends with 2.
# requirements/audit.sh [the Python that has pip-audit]
set -u
cd "$(dirname "$0")/.." || exit 1
said=$(timeout 120 "${1:-python3}" -m pip_audit --requirement requirements/run.txt --require-hashes --disable-pip --progress-spinner off 2>&1)
status=$?
case $status:$said in
    0:*) echo "no known holes" ;;
    *known\ vulnerabilit*) printf '%s\n' "$said"; exit 1 ;;
    *) echo "NOT ASKED: the advisories cannot be reached from here"; exit 2 ;;
esac
