# The three commands of the README, and what they stand on. Nothing but Python 3.11+ is needed to begin.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: course test lab lint myst system system-tests clean

course: $(VENV)/installed system ## check, run, compare, release, grade, publish: the whole course
	$(BIN)/foursteps course

test: $(VENV)/installed system-tests lint ## every test, the slow ones too
	$(BIN)/python -m pytest -n 3 --dist loadfile

quick: $(VENV)/installed lint ## the tests that take seconds
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

lab: $(VENV)/installed ## JupyterLab on the start page: your own copies, what is done, what comes next
	$(BIN)/foursteps lab

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks graders
	$(BIN)/mypy

myst: $(VENV)/installed $(VENV)-myst/installed ## version 2 of Jupyter Book, apart, reads the book's sources
	$(BIN)/foursteps book --version-2 $(VENV)-myst/bin/jupyter

$(VENV)-myst/installed:
	$(PYTHON) -m venv $(VENV)-myst
	$(VENV)-myst/bin/python -m pip install --quiet 'jupyter-book>=2,<3'
	@touch $@

system: ## what pip cannot install: a browser for the tests of the book
	@scripts/system-packages

system-tests: ## and what only the tests want: a database
	@scripts/system-packages tests

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v < (3, 11) and "foursteps needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12" % v or 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[course,lab,book,cluster,postgresql,dev]'
	@touch $@

clean: ## what the commands made, but not .venv and not class/
	rm -rf book/_build build .pytest_cache .mypy_cache .ruff_cache
