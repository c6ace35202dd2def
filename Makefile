# The only door: every way of working on the project starts here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# What checks and commands that touch no data may write to: never an installation's own folder.
SCRATCH := $(CURDIR)/.test-data

.PHONY: help setup lock check format reference run test browser bench pictures
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

run: setup ## serve the program; the very first start opens the demonstration (PORT, TIEPCAN_DATA)
	@$(BIN)/tiepcan serve --demonstration

lock: ## choose versions anew and write requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
		--extra dev --output-file requirements.lock pyproject.toml

check: setup ## format, lint, types, floors, templates, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint tiepcan --lint --quiet
	$(BIN)/python tools/write_reference.py --check
	TIEPCAN_DATA=$(SCRATCH) $(BIN)/tiepcan makemigrations --check --dry-run --verbosity 0
	TIEPCAN_DATA=$(SCRATCH) TIEPCAN_HTTPS=1 $(BIN)/tiepcan check --deploy --fail-level WARNING

reference: setup ## docs/reference, written from the code
	$(BIN)/python tools/write_reference.py

format: setup ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A browser of Debian's, never one that a test tool downloads; a second reader of signatures; a token without a token.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| tools/install-system-packages chromium fonts-liberation2
	@command -v pdfsig >/dev/null || tools/install-system-packages poppler-utils
	@command -v softhsm2-util >/dev/null || tools/install-system-packages softhsm2

test: setup browser ## the whole suite
	$(BIN)/pytest

bench: setup ## ratios of our time to the time of the limit, in one run
	$(BIN)/python benchmarks/read_plan.py
	$(BIN)/python benchmarks/overview.py
	$(BIN)/python benchmarks/reporting_year.py
	$(BIN)/python benchmarks/household_sheets.py 300
	$(BIN)/python benchmarks/duplicates.py
	$(BIN)/python benchmarks/import_households.py
	$(BIN)/python benchmarks/registry.py

pictures: setup browser ## the handbook's pictures, from a fresh demonstration
	$(BIN)/python tools/handbook_pictures.py
