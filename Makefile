# Each target sets up what it needs by itself: .venv, made from requirements-dev.lock, and made again when that changes.

# Nearly every target starts programs, some of them by the dozen: they are compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
UV_VERSION := 0.13.9

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SETUP_LOG := $(VENV)/setup.log
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore PIP_USER=0 $(BIN)/python -m pip

.DEFAULT_GOAL := help
.PHONY: help demo run test check format replay prove bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## a tour in the terminal: a local Slack and the bot, with nothing to sign up for (ONCE=1 ends after it)
	@$(BIN)/python -m sandbox tour $(if $(filter-out 0,$(ONCE)),--once)

run: $(READY) ## the bot itself, with the settings of the environment or of .env
	@$(BIN)/python -m bot run

test: $(READY) ## every test
	@$(BIN)/python -m pytest -n0 -m alone tests/bench
	@$(BIN)/python -m pytest -m 'not alone'

check: $(READY) ## what a change must also pass: lint, format, types, imports, migrations and manifest
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy & types=$$!; \
	{ $(BIN)/lint-imports && $(BIN)/python -m pytest -n0 -q tests/migrations tests/test_manifest.py; }; rest=$$?; \
	wait $$types && exit $$rest

format: $(READY) ## put the code into the project's form
	@$(BIN)/python -m ruff check --fix-only .
	@$(BIN)/python -m ruff format .

# What is given on make's command line reaches the shell as a variable of the same name, whatever signs it holds. A
# DATABASE_URL that merely stands in the environment is not used: it may be the one with people's learnings in it.
replay: $(READY) ## play a Slack export into an empty database: EXPORT=file.zip [DATABASE_URL=...] [DOOR=socket] [PROMPT=1]
	@test -n "$$EXPORT" || { echo 'Which export? Say: make replay EXPORT=path/to/export.zip' >&2; exit 2; }
	@$(BIN)/python -m bench.replay "$$EXPORT" \
		$(if $(filter command,$(origin DATABASE_URL)),--database-url "$$DATABASE_URL") $(if $(DOOR),--door "$$DOOR") \
		$(if $(filter-out 0,$(PROMPT)),--prompt)

prove: $(READY) ## put to the proof that nothing is lost and nothing comes twice: [ONLY=kill] [DOOR=socket] [EXPORT=file.zip] [SEED=7]
	@$(BIN)/python -m bench.prove $(if $(ONLY),--only "$$ONLY") $(if $(EXPORT),--export "$$EXPORT") \
		$(if $(DOOR),--door "$$DOOR") $(if $(ENGINE),--engine "$$ENGINE") $(if $(SEED),--seed "$$SEED")

bench: $(READY) ## measure, beside what it is compared to, a JSON line a row (needs PostgreSQL): [ONLY=schedules] [EXPORT=file.zip]
	@$(BIN)/python -m bench $(if $(ONLY),--only "$$ONLY") $(if $(EXPORT),--export "$$EXPORT")

# The lock files name no index, so that they hold wherever packages come from. UPGRADE=1 takes the newest of everything.
lock: ## write the lock files anew from pyproject.toml (UPGRADE=1 for newer versions)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip install -q --disable-pip-version-check uv==$(UV_VERSION); \
	compile() { "$$tools/bin/uv" pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(if $(UPGRADE),--upgrade) "$$@"; }; \
	compile -o requirements.lock >/dev/null; compile --group dev -o requirements-dev.lock >/dev/null

clean: ## take away .venv and whatever else the other targets made; settings and databases stay
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Outloud needs Python 3.11 or newer, and "$(PYTHON)" is not that.' >&2; \
		echo 'Install one, then say which: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 2; }
	@echo 'Setting up $(VENV), once: about a minute.' >&2
	@mkdir -p $(VENV)
	@$(PYTHON) -m venv $(VENV) >$(SETUP_LOG) 2>&1 || { cat $(SETUP_LOG) >&2; \
		echo '"$(PYTHON)" can make no virtual environment. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 2; }
	@{ $(PIP) install --require-hashes -r requirements-dev.lock && \
		$(PIP) install --no-deps --no-build-isolation -e .; } >$(SETUP_LOG) 2>&1 || { cat $(SETUP_LOG) >&2; \
		echo 'Setting up $(VENV) failed: the lines above say why. Packages come from the index that pip is set to.' >&2; exit 2; }
	@touch $(READY)
