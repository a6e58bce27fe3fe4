# `make demo` trains the networks; `make test` runs every check, and `make thorough` with all random cases there are;
# `make dist` makes what is published, and `make offline` tries that. Each sets up .venv by itself.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check
# What takes long is shared out anew when a process has nothing left to do.
PYTEST = .venv/bin/python -m pytest --quiet --numprocesses 2 --dist worksteal
SOURCES := pyproject.toml setup.py $(shell find autograd -name '*.py' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h')

# What Python has compiled to bytecode it keeps: tests start hundreds of processes, which would compile it all again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test thorough types interpreted compiled required bench dist offline format clean

demo: .venv/demo
	.venv/bin/python -m nn --output demo

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(MAKE) --no-print-directory --jobs 2 types interpreted
	$(PYTEST)

# Random cases, programs, graphs and files in their full numbers, on both engines: `tests/sizes.py`.
thorough:
	CHAINRULE_THOROUGH=1 $(MAKE) --no-print-directory test

# Beside the tests, which leave a core idle while they begin and end.
types:
	.venv/bin/mypy

interpreted:
	CHAINRULE_INTERPRETED=1 $(PYTEST)

bench: .venv/bench
	.venv/bin/python -m tests.benchmarks.eager --write
	.venv/bin/python -m tests.benchmarks.recording --write
	.venv/bin/python -m tests.benchmarks.compiled --write --plot notebooks/pictures/scaling.png
	.venv/bin/python -m tests.benchmarks.branches --write
	.venv/bin/python -m tests.benchmarks.derivatives --write
	.venv/bin/python -m tests.benchmarks.training --write
	.venv/bin/python -m tests.benchmarks.microgpt --write
	.venv/bin/python -m tests.benchmarks.drawing --write
	.venv/bin/python -m tests.benchmarks.pages --write
	.venv/bin/python -m tests.benchmarks.results
	.venv/bin/python -m tests.benchmarks.pictures

# An sdist, the wheel that is made of it, and a wheelhouse of all that these and their tests require.
asked = $(shell $(PYTHON) -c "import tomllib; print(*map(repr, tomllib.load(open('pyproject.toml', 'rb'))$(1)))")

dist: .venv/bin/python
	rm -rf dist
	$(PIP) build
	.venv/bin/python -m build
	.venv/bin/python -m pip wheel --quiet --wheel-dir dist/wheelhouse $(call asked,['build-system']['requires']) "$$(echo dist/*.whl)[test]"

# In bare environments, from the wheelhouse alone: the sdist with all of its tests; then the wheel, apart from the
# sources, with those tests that every platform's wheel has to pass.
OFFLINE = PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_FIND_LINKS=$(CURDIR)/dist/wheelhouse

offline: dist
	rm -rf dist/bare dist/installed
	mkdir dist/bare dist/installed
	tar xzf dist/*.tar.gz --strip-components 1 -C dist/bare
	$(PYTHON) -m venv dist/bare/.venv
	cd dist/bare && $(OFFLINE) $(PIP) --editable '.[test]' && $(PYTEST)
	cp -r tests pyproject.toml dist/installed
	$(PYTHON) -m venv dist/installed/.venv
	cd dist/installed && $(OFFLINE) $(PIP) ../*.whl $(call asked,['tool']['cibuildwheel']['test-requires'])
	cd dist/installed && PATH="$$PWD/.venv/bin:$$PATH" sh -c $(call asked,['tool']['cibuildwheel']['test-command'])

format: .venv/test
	.venv/bin/python autograd/calculus/_generate.py
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean:
	find autograd -name '*.so' -o -name '*.pyd' | xargs rm -f
	rm -rf .venv build demo dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Not compiled to bytecode: that takes longer than all that the demo does, and Python does it for what is imported.
.venv/demo: .venv/bin/python $(SOURCES)
	PIP_COMPILE=0 $(PIP) --editable '.[demo]'
	@.venv/bin/python -m autograd
	@touch $@

# What the tests require is fetched while the engine is compiled; the editable install then finds both. Bytecode is made
# afterwards, on all processors, and not of others' tests; what cannot be compiled is nothing that is imported.
.venv/test: .venv/bin/python $(SOURCES)
	PIP_COMPILE=0 $(PIP) $(call asked,['build-system']['requires'])
	$(MAKE) --no-print-directory --jobs 2 compiled required
	PIP_COMPILE=0 $(PIP) --no-build-isolation --editable '.[test]'
	-@.venv/bin/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib autograd nn
	@.venv/bin/python -m autograd
	@touch $@

compiled:
	.venv/bin/python setup.py --quiet build_ext --inplace

# PyTorch and JAX are oracles and hosts: where one has no wheel, the tests that ask it are skipped and say so.
all_but_hosts = $(shell $(PYTHON) -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
	extras = p['optional-dependencies']; hosts = ('torch', 'jax', 'bench'); \
	asked = p['dependencies'] + [x for name in extras if name not in hosts for x in extras[name]]; \
	print(*(repr(x) for x in asked if not x.startswith(p['name'])))")
required:
	PIP_COMPILE=0 $(PIP) $(all_but_hosts)
	-PIP_COMPILE=0 $(PIP) $(call asked,['project']['optional-dependencies']['torch'])
	-PIP_COMPILE=0 $(PIP) $(call asked,['project']['optional-dependencies']['jax'])

.venv/bench: .venv/test
	-$(PIP) 'xad>=1.5'
	-$(PIP) --editable '.[bench]'
	@touch $@
