# Two commands do everything: `make audit` (set up, measure, write a report) and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup setup-test audit test check lint types imports schema clean

setup: $(VENV)/.ready
setup-test: $(VENV)/.ready-test

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "setting up $(VENV) ..."
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "setting up $(VENV) with the test tools ..."
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/.ready $@

audit: setup
	$(BIN)/clip-audit run regions demographics religion goh2021

test: setup-test
	$(BIN)/pytest --numprocesses auto

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy audit reports

imports: setup-test
	$(BIN)/lint-imports

check: lint types imports test

schema: setup
	$(BIN)/clip-audit schema suite > probes/schema/suite.json

clean:
	rm -rf $(VENV) runs build dist
