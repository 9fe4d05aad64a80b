#!/bin/sh
# All tests. What they need of the system (PostgreSQL, Redis, Chromium) is installed first, where
# that can be done; a test never passes because something is missing.
set -eu
scripts/system-packages.sh
scripts/check.sh
.venv/service/bin/python -m service.cli train
# Two at a time, because much of a test is waiting; a file's tests stay together, with their servers.
.venv/test/bin/python -m pytest -q -n 2 --dist loadfile "$@" && exit 0
# A browser on a busy machine can miss a moment. What failed must pass alone, or it has failed.
echo "Once more, what failed:"
exec .venv/test/bin/python -m pytest -q --last-failed --last-failed-no-failures none "$@"
