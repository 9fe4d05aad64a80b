#!/bin/sh
# Linters and types: the same here and in make test.
set -eu
bin=.venv/test/bin
$bin/ruff check .
$bin/ruff format --check .
$bin/mypy
