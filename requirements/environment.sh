#!/bin/sh
# Makes or renews a virtual environment from a hashed lock:  environment.sh FOLDER LOCK
# Does nothing when the folder was made from this lock by this Python.
set -eu

folder=$1
lock=$2
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}

say() { printf 'sportello: %s\n' "$1" >&2; }

command -v "$python" >/dev/null || { say "Python is missing. Install Python 3.11 or newer (Debian: apt-get install python3)."; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "$($python --version) is too old; Sportello needs 3.11 or newer. Set PYTHON to another."; exit 1; }

stamp="$folder/made-from-$(basename "$lock")"
wanted="$("$python" --version) $(cat "$here/requirements/build.txt" "$lock" | cksum) $here"
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

say "installing into $folder ..."
rm -f "$stamp"
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    [ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$folder"
    # Of what the tests alone need most is never imported. On a machine that is thrown away it is compiled as it is.
    [ "${CI:-}" = true ] && [ "$(basename "$lock")" = dev.txt ] && later=--no-compile || later=""
    install() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check $later "$@"; }
elif command -v uv >/dev/null; then
    uv venv --quiet --allow-existing --python "$python" "$folder"
    install() { uv pip install --quiet --python "$folder/bin/python" "$@"; }
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "python3-venv is missing; installing it ..."
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends python3-venv; } >/dev/null
    exec "$0" "$@"
else
    say "Python's venv module is missing. Run as root: apt-get install python3-venv"
    exit 1
fi

# Without isolation a source package is built by what stands in build.txt; isolated, pip would fetch a builder that no hash vouches for.
for list in "$here/requirements/build.txt" "$lock"; do
    install --no-deps --require-hashes --no-build-isolation --requirement "$list"
done

# The package itself: its source folder on the path and its command, so that an edit counts at once and nothing is built.
site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$here/src" >"$site/sportello.pth"
bin=$(cd "$folder/bin" && pwd)
printf '#!%s\nimport sys\nfrom sportello.__main__ import main\nsys.exit(main())\n' "$bin/python" >"$bin/sportello"
chmod +x "$bin/sportello"
printf '%s' "$wanted" >"$stamp"
