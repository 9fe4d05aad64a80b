#!/bin/sh
# Known vulnerabilities of every locked package. It asks a public database, so it needs the network;
# a package that could not be looked up is a failure, too.
# With a folder it works without a network, from a copy of the Python Packaging Advisory Database:
#   make audit ADVISORIES=/path/to/advisory-database
# What is found must be judged in requirements/advisories.yml; docs/audit.md is made of it.
set -u
if [ -n "${1:-}" ]; then
    exec .venv/test/bin/python scripts/audit.py "$1"
fi
found=0
for lock in service engine tools dev; do
    echo "requirements/$lock.lock:"
    .venv/test/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
        --requirement "requirements/$lock.lock" || found=1
done
exit $found
