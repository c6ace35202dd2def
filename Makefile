# The only door: every way of working on the project starts here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

.PHONY: help setup lock check format test bench
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(VENV)/.ready ## the environment in .venv, whose bin/tiepcan is the command

# A fresh Debian has Python without its venv module: it comes from the system's packages.
$(VENV)/.ready: requirements.lock pyproject.toml Makefile
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/install-system-packages python3-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock: ## choose versions anew and write requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
		--extra dev --output-file requirements.lock pyproject.toml

check: setup ## format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: setup ## the whole suite
	$(BIN)/pytest

bench: setup ## ratios of our time to the time of the limit, in one run
	$(BIN)/python benchmarks/read_plan.py
