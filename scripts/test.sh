#!/bin/sh
# All tests. What they need of the system (PostgreSQL, Redis, Chromium) is installed first, where
# that can be done; a test never passes because something is missing.
set -eu
scripts/system-packages.sh
scripts/check.sh
.venv/service/bin/python -m service.cli train
exec .venv/test/bin/python -m pytest -q "$@"
