# One command for each thing one does here; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3.14 python3 2>/dev/null))
INSTALLED := .venv/.installed
KEEP ?= 0
FAULTS ?= 100
TESTS ?= tests

.PHONY: help setup compiled up demo test check format bench fault mutate lock docs compose

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(INSTALLED) ## make the environment (.venv) from the hash-pinned lock

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python here: install Python 3.11 or newer, or say make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: Python 3.11 or newer is needed; say make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "this Python cannot make environments: type 'sudo apt-get install python3-venv'"; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

compiled: setup ## payroll's rules as machine code, where there is a C compiler; made once of the same sources
	@$(BIN)/python -m deploy.compile

up: compiled ## start the whole stack here and print its addresses; Ctrl-C stops it (ARGS="--folder data")
	$(BIN)/takar up $(ARGS)

demo: compiled ## one month of two regions, end to end, in about 3 minutes (KEEP=1 leaves it running)
	KEEP=$(KEEP) $(BIN)/python -m deploy.demo

test: check compiled ## what CI runs: check, then all tests
	$(BIN)/python -m pytest $(TESTS)

check: setup ## format, lint, types, import contracts, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m shared.events.document | diff -u docs/events.md - || { echo "docs/events.md is old: make docs"; exit 1; }

format: setup ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## write the docs that are made from the code
	$(BIN)/python -m shared.events.document > docs/events.md

bench: setup ## measure design 10's table beside its baselines; writes docs/benchmarks.md, out/bench.json
	$(BIN)/python -m tests.bench $(ARGS)

fault: compiled ## kill, stop, restart and cut things under load, then check every ledger (FAULTS=100)
	$(BIN)/python -m tests.fault --faults $(FAULTS) $(ARGS)

mutate: setup ## change payroll's rules in thousands of ways and count which the tests notice; docs/mutation.md
	TAKAR_COMPILED=0 $(BIN)/python -m tests.mutation $(ARGS)

compose: setup ## the whole of Takar in containers (needs a Docker engine)
	$(BIN)/python -m deploy.compose_files
	docker compose --env-file deploy/.compose/env -f deploy/compose.yaml up --build $(ARGS)

lock: ## pin all requirements with their hashes (needs uv)
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 --universal -o requirements.lock
