#!/bin/sh
# Makes one locked runtime below .venv/: scripts/runtime.sh NAME PYTHON-VERSION LOCK-FILE
# Everything comes with hashes; progress goes to standard error, so that commands stay pipeable.
set -eu
name=$1 version=$2 lock=requirements/$3
exec >&2

say() { printf '%s\n' "$*"; }
stop() { say "speaksafe: $*"; exit 1; }

tools=.venv/tools/bin
if [ ! -x "$tools/uv" ]; then
    command -v python3 >/dev/null || stop "python3 is missing; install it and try again"
    say "Preparing the installer …"
    rm -rf .venv/tools
    python3 -m venv .venv/tools 2>/dev/null ||
        stop "python3 cannot make environments; install python3-venv and try again"
    "$tools/python" -m pip install --quiet --require-hashes --disable-pip-version-check \
        -r requirements/tools.lock || stop "the installer could not be fetched; is the network up?"
fi

# Take the Python that is there: on the path, or among pyenv's; else let uv fetch one.
python=
for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
    if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" \
        2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || python=$version

say "Installing the $name runtime (Python $version) …"
"$tools/uv" venv --quiet --clear --python "$python" ".venv/$name" ||
    stop "Python $version is missing and could not be fetched; install python$version"
"$tools/uv" pip sync --quiet --python ".venv/$name/bin/python" --require-hashes "$lock" ||
    stop "packages of $lock could not be installed; is the network up?"
touch ".venv/$name.done"
