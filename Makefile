# Every target sets up .venv by itself (.ci/bootstrap), so that two commands are enough on a fresh machine:
# make demo, make test. PYTHON=3.12 or PYTHON=/path/to/python chooses the interpreter.

export PYTHON

BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint docs clean

help:
	@echo 'make demo    segment knees of a digital phantom, all three modalities (under three minutes)'
	@echo 'make test    check style and types, run every test'
	@echo 'make lint    check style and types only'
	@echo 'make docs    build the documentation: build/site/index.html'
	@echo 'make clean   remove .venv and everything that tools have left'
	@echo
	@echo 'Each creates .venv and installs what it needs. PYTHON=3.12 or PYTHON=/path/to/python chooses the interpreter.'

demo:
	@.ci/bootstrap demo
	@$(BIN)/knee-cartilage-seg demo

lint:
	@.ci/bootstrap test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Two at once, file by file: fixtures are shared within a file, and a Slicer is one per process. Testing/conftest.py
# knows in which order. Each has one thread for ITK's filters: two of two, on images this small, only wait for each other.
test: lint
	ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

docs:
	@.ci/bootstrap docs
	$(BIN)/python -m mkdocs build --strict --clean

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis KneeCartilageSeg/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
