# Needs python3 (3.11 or newer, with venv) and make. `make` alone lists what there is.
PYTHON ?= python3
BIN := .venv/bin

WITHOUT := $(if $(filter no,$(BROWSER)), and not browser)$(if $(filter no,$(WRK)), and not wrk)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types floors unit slow simulate soak crashes postgres chromium wrk localstripe bench mutants format lock document screenshots clean

help: ## list these
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 18

setup: ## make .venv with everything that working on Fairhold needs
	@$(PYTHON) scripts/setup.py dev

demo: ## serve a marketplace with people and orders in every state
	@$(PYTHON) scripts/setup.py run
	@$(BIN)/fairhold demo

test: lint types floors unit ## set up, check everything, run the tests (BROWSER=no and WRK=no leave out what needs those)

lint: setup ## ruff: rules and layout
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: setup ## mypy, strict
	@echo "== mypy"
	@$(BIN)/mypy

floors: setup ## import-linter: each floor imports only what stands below it
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo --no-cache

unit: setup chromium wrk
	@echo "== pytest"
	@$(BIN)/python -m pytest -m "not slow$(WITHOUT)" $(PYTEST)

slow: setup chromium wrk localstripe ## the tests that search for minutes: they are left out of `make test`, and CI runs them too
	@echo "== pytest, the slow ones"
	@$(BIN)/python -m pytest -m "slow$(WITHOUT)" $(PYTEST)

simulate: setup ## 115,000 made-up orders with everything that can go wrong: 100,000 run their course (LIFECYCLES=1000 SEED=7 for fewer)
	@$(BIN)/fairhold simulate --every --lifecycles $(or $(LIFECYCLES),115000) $(if $(SEED),--seed $(SEED))

soak: setup ## the same for as long as one likes (MINUTES=60 for an hour; a day when not given)
	@$(BIN)/fairhold simulate --minutes $(or $(MINUTES),1440) $(if $(SEED),--seed $(SEED))

crashes: setup ## crashes by the hundred, for an hour or more (CRASHES="cuts --cuts 500" for one kind)
	@$(BIN)/python -m tests.crash $(or $(CRASHES),all)

# 16 and 18 come in a wheel; 15 is Debian's, where it is installed.
POSTGRES ?= $(if $(wildcard /usr/lib/postgresql/15/bin/postgres),15) 16 18

postgres: setup ## the tests on PostgreSQL but the slow ones, on each version that is here (POSTGRES="16 18")
	@for version in $(POSTGRES); do \
		echo "== pytest on PostgreSQL $$version"; \
		FAIRHOLD_TEST_POSTGRES=$$version $(BIN)/python -m pytest -m "postgres and not slow" $(PYTEST) || exit 1; \
	done

chromium: setup
ifeq ($(BROWSER),no)
	@echo "== browser tests left out (BROWSER=no)"
else
	@$(BIN)/python scripts/chromium.py
endif

localstripe: setup
	@$(BIN)/python scripts/localstripe.py

wrk: setup
ifeq ($(WRK),no)
	@echo "== tests of the benchmarks over HTTP left out (WRK=no)"
else
	@$(BIN)/python -m benchmarks.wrk
endif

bench: setup ## measure how fast it is, beside pgbench and others (BENCH="--quick --only http,sweep")
	@$(PYTHON) scripts/setup.py bench
	@$(BIN)/python -m benchmarks $(BENCH)

mutants: setup ## plant small faults in the rules and the books, and see that a test notices each (MUTANTS="--sample 200")
	@$(BIN)/python -m scripts.mutation $(MUTANTS)

format: setup ## let ruff lay the code out and mend what it can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: setup ## pin the newest versions that pyproject.toml allows
	@$(PYTHON) scripts/lock.py

document: setup ## write docs/reference anew from the code
	@$(BIN)/python -m scripts.document
	@$(BIN)/python -m fairhold.api.reference docs/reference/api.md

screenshots: setup chromium ## take the pictures of the README anew
	@$(BIN)/python scripts/screenshots.py

clean: ## take away .venv and every cache
	rm -rf .venv .venv-bench .venv.lock .localstripe .localstripe.lock .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .mutation
