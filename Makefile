# `make demo` trains the networks; `make test` runs every check. Each sets up .venv by itself.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check
# What takes long is shared out anew when a process has nothing left to do.
PYTEST = .venv/bin/python -m pytest --quiet --numprocesses 2 --dist worksteal
SOURCES := pyproject.toml setup.py $(shell find autograd -name '*.py' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h')

.PHONY: demo test types interpreted bench format clean

demo: .venv/demo
	.venv/bin/python -m nn --output demo

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/nbstripout --verify notebooks/*.ipynb
	$(MAKE) --no-print-directory --jobs 2 types interpreted
	$(PYTEST)

# Beside the tests, which leave a core idle while they begin and end.
types:
	.venv/bin/mypy

interpreted:
	CHAINRULE_INTERPRETED=1 $(PYTEST)

bench: .venv/bench
	.venv/bin/python -m tests.benchmarks.eager --write
	.venv/bin/python -m tests.benchmarks.recording --write
	.venv/bin/python -m tests.benchmarks.compiled --write --plot notebooks/pictures/scaling.png
	.venv/bin/python -m tests.benchmarks.training --write
	.venv/bin/python -m tests.benchmarks.microgpt --write
	.venv/bin/python -m tests.benchmarks.drawing --write
	.venv/bin/python -m tests.benchmarks.pages --write
	.venv/bin/python -m tests.benchmarks.results
	.venv/bin/python -m tests.benchmarks.pictures

format: .venv/test
	.venv/bin/python autograd/calculus/_generate.py
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean:
	find autograd -name '*.so' -o -name '*.pyd' | xargs rm -f
	rm -rf .venv build demo *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Not compiled to bytecode: that takes longer than all that the demo does, and Python does it for what is imported.
.venv/demo: .venv/bin/python $(SOURCES)
	PIP_COMPILE=0 $(PIP) --editable '.[demo]'
	@.venv/bin/python -m autograd
	@touch $@

# PyTorch and JAX are oracles and hosts: where one has no wheel, the tests that ask it are skipped and say so.
.venv/test: .venv/bin/python $(SOURCES)
	$(PIP) --editable '.[test]'
	-$(PIP) torch==2.13.0
	-$(PIP) 'jax>=0.4.34'
	@.venv/bin/python -m autograd
	@touch $@

.venv/bench: .venv/test
	-$(PIP) 'xad>=1.5'
	-$(PIP) --editable '.[bench]'
	@touch $@
