#!/bin/sh
# Known vulnerabilities of every locked package. It asks a public database, so it needs the network;
# a package that could not be looked up is a failure, too.
# A finding in the engine's lock is weighed in docs/threat-model.md: nothing there faces the internet.
set -u
found=0
for lock in service engine tools dev; do
    echo "requirements/$lock.lock:"
    .venv/test/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
        --requirement "requirements/$lock.lock" || found=1
done
exit $found
