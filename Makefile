# The commands are in the README. Each sets up what it needs; none needs another first.
SHELL := /bin/sh
.DEFAULT_GOAL := help

ENGINE  := .venv/engine/bin/python
SERVICE := .venv/service/bin/python
export PYTHONDONTWRITEBYTECODE := 1
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup run test attack bench train eval pipelines speaksafe check sbom audit clean

help:
	@echo "make run        start everything; prints the addresses when it is ready"
	@echo "make test       all tests, browser and conversation tests included"
	@echo "make attack     every promise attacked, every safeguard taken out once; up to an hour"
	@echo "make bench      our system against stock Rasa, and the load test"
	@echo "make train      train the assistant"
	@echo "make eval       how well it understands sentences that it was never taught"
	@echo "make pipelines  what else could understand, and how well (an hour)"
	@echo "make speaksafe ARGS=\"…\"   the command line (ARGS=--help lists it)"
	@echo "make check      linters and types only"
	@echo "make sbom       a list of every package that is installed (CycloneDX), into models/"
	@echo "make audit      known vulnerabilities of them; asks a public database, or ADVISORIES=FOLDER"
	@echo "make clean      remove everything that was made (keeps var/)"

setup: .venv/engine.done .venv/service.done

.venv/engine.done: requirements/engine.lock requirements/tools.lock scripts/runtime.sh
	@scripts/runtime.sh engine 3.10 engine.lock

.venv/service.done: requirements/service.lock requirements/tools.lock scripts/runtime.sh
	@scripts/runtime.sh service 3.13 service.lock

.venv/test.done: requirements/dev.lock requirements/tools.lock scripts/runtime.sh
	@scripts/runtime.sh test 3.13 dev.lock

run: setup
	@exec $(SERVICE) -m service.cli run

train: setup
	@exec $(SERVICE) -m service.cli train

eval: train
	@exec $(ENGINE) -W ignore tests/nlu/evaluate.py --page models/understanding.html

pipelines: setup
	@exec $(ENGINE) -W ignore tests/nlu/pipelines.py $(ARGS)

speaksafe: setup
	@$(SERVICE) -m service.cli $(ARGS)

test: setup .venv/test.done
	@scripts/test.sh

attack: setup .venv/test.done
	@scripts/system-packages.sh attack
	@$(SERVICE) -m service.cli train
	@exec .venv/test/bin/python -m tests.attack $(ARGS)

check: .venv/test.done
	@scripts/check.sh

sbom: .venv/test.done
	@.venv/test/bin/python scripts/sbom.py models

audit: .venv/test.done
	@scripts/audit.sh "$(ADVISORIES)"

bench: setup .venv/test.done
	@exec .venv/test/bin/python -m bench

clean:
	rm -rf .venv models
