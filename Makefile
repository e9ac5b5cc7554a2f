# `make demo` shows what archlint finds, `make test` passes the tests, `make fuzz SECONDS=600` tries mutated
# repositories and keeps those that fail in fuzz-failures/; all set up .venv first.

PYTHON ?= python3
BIN := .venv/bin
SECONDS ?= 60

.PHONY: check-rule coverage demo dist docs laws mutants test thorough release release-check
.DELETE_ON_ERROR:

# Ten of some hundred findings, those that tell most of what archlint is for.
DEMO_CHECK := ARCH102,KUBE701,NET103,MESH105,DATA101,DOC101
DEMO_BREAKING := OAS507,OAS508,PROTO502

demo: .venv/.ready
	@echo 'A shop with documented defects (fixtures/shop). What holds its files together is broken:'; echo
	@cd fixtures/shop; $(abspath $(BIN))/archlint check broken -q --ignore ALL --select $(DEMO_CHECK) || test $$? -eq 1
	@echo 'And since its last release its contracts break their clients:'; echo
	@cd fixtures/shop; $(abspath $(BIN))/archlint breaking clean broken -q --ignore ALL --select $(DEMO_BREAKING) || \
	  test $$? -eq 1
	@echo 'These are 10 findings. To see all:'
	@echo '  $(BIN)/archlint check fixtures/shop/broken'
	@echo '  $(BIN)/archlint breaking fixtures/shop/clean fixtures/shop/broken'
	@echo 'To know more about one:'
	@echo '  $(BIN)/archlint explain ARCH102'

# Start-up budgets measure CPU time, so they run alone, and before the rest. A file's tests share what is costly,
# such as an environment with the wheel, so they stay together; tests/conftest.py says which come first.
test: .venv/.ready-to-test
	@$(BIN)/python -m compileall -q src
	@status=0; TMPDIR=$$(.ci/scratch); export TMPDIR; trap 'rm -rf "$$TMPDIR"' EXIT; \
	$(BIN)/pytest tests/architecture/test_startup.py || status=1; \
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/architecture/test_startup.py || status=1; \
	exit $$status

# Lines and branches that the tests run, in processes of archlint as well, for each package. It takes about twice as
# long as `make test`; tests of time may fail, as counting takes time too.
coverage: .venv/.ready-for-coverage
	@rm -rf .coverage && mkdir .coverage
	-@$(BIN)/coverage run -m pytest -n 2 --dist loadfile --ignore=tests/architecture/test_startup.py
	@$(BIN)/coverage combine --quiet
	@for package in $(sort $(dir $(wildcard src/archlint/*/__init__.py))); do \
	  printf '%-28s %s %%\n' "$$package" "$$($(BIN)/coverage report --include="$$package*" --format=total --precision=1)"; \
	done
	@$(BIN)/coverage report --skip-covered --sort=miss >.coverage/report.txt
	@printf '%-28s %s %%; every file: .coverage/report.txt\n' all "$$($(BIN)/coverage report --format=total --precision=1)"

# `make check-rule R=memory-limit-missing` runs the examples on the page of a rule (name or code).
check-rule: .venv/.ready-to-test
	@$(BIN)/pytest tests/rules -k '$(R)'

# `make laws CASES=100000` runs more generated comparisons than a test run does; it says where to go on (FROM).
CASES ?= 10000
FROM ?= 0

laws: .venv/.ready-to-test
	@nice $(BIN)/python -m tests.laws.running --cases $(CASES) --from $(FROM)

# `make thorough` takes all members of the laws of which a test run takes a part (tests/support/sampling.py).
thorough: .venv/.ready-to-test
	@ARCHLINT_THOROUGH=1 nice $(BIN)/pytest -n 2 --dist loadfile \
	  $$(grep -rl 'support.sampling import' tests --include='test_*.py')

fuzz: .venv/.ready-to-test
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# `make mutants COUNT=400 SEED=2` draws small faults and says which of them no test notices. The
# first run notes which test executes which line (Python 3.12 or newer); delete .mutation to note it anew.
COUNT ?= 100
SEED ?= 1
MUTATION := nice $(BIN)/python -m tests.mutation

mutants: .venv/.ready-to-test
	@test -e .mutation/map.json || $(MUTATION) map
	@$(MUTATION) run --count $(COUNT) --seed $(SEED)
	@$(MUTATION) again --seed $(SEED)

# The pages of docs/ and rules/ as a site in site/, for any web server; a warning or a dead link is an error.
docs: .venv/.ready-for-docs
	@$(BIN)/python docs/site/build.py site

# `make release VERSION=0.2.0` sets the version and moves the fragments of changes/ into CHANGELOG.md; docs/releasing.md.
release: .venv/.ready-to-release
	@$(BIN)/python .ci/release.py prepare '$(VERSION)'

# Whether what is checked out may be published as a tag; the workflow asks before it builds.
release-check: .venv/.ready-to-release
	@$(BIN)/python .ci/release.py check '$(TAG)'

dist: .venv/.ready-to-release
	@rm -rf dist
	@$(BIN)/python -m build
	@$(BIN)/twine check --strict dist/*

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'archlint needs Python 3.11 or newer; name one with: make PYTHON=python3.12' >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/.ready: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# Dependency groups need pip 25.1.
.venv/.ready-to-test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[cel,helm,squawk]' --group dev
	@touch $@ .venv/.ready

.venv/.ready-for-docs: .venv/.ready-to-test
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@

.venv/.ready-for-coverage: .venv/.ready-to-test
	$(BIN)/python -m pip install --quiet --group coverage
	@touch $@

.venv/.ready-to-release: .venv/.ready-to-test
	$(BIN)/python -m pip install --quiet --group release
	@touch $@
