# Each target works as the first command on a machine with git, make and Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
REPORTS := build/reports

.PHONY: demo test check e2e bench

# Six months of the example agency, written as files for the tax adviser.
demo: $(READY)
	@scripts/demo.sh

# All tests, on all cores, and both coverage gates. The gates speak only when they fail, so the last line is the test runner's own.
test: $(READY)
	@mkdir -p $(REPORTS)
	@$(BIN)/pytest --numprocesses=auto --maxprocesses=8 --dist=loadfile --cov --cov-report=
	@$(call gate,rules,100,--include='$(RULES)')
	@$(call gate,overall,95)

RULES := connector/core/*,connector/mapping/*
gate = $(BIN)/coverage report --fail-under=$(2) $(3) > $(REPORTS)/$(1).txt || { cat $(REPORTS)/$(1).txt; exit 1; }

# Form, lint, types and the rules of the house.
check: $(READY)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/pytest --quiet tests/architecture

# Against real programs: Redmine, PostgreSQL and what else the machine can install.
e2e: $(READY)
	@$(BIN)/pytest tests/e2e

# Speed and memory, as a table.
bench: $(READY)
	@$(BIN)/python -m tests.bench

$(READY): pyproject.toml constraints.txt
	@echo "Preparing $(VENV); this takes about half a minute, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,postgres]'
	@touch $@
