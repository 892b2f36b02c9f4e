# Everything happens in .venv of this checkout; the first target to need it sets it up.
# A certain Python: make PYTHON=/path/to/python3.12 test

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench format generate extension editors test-editors clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The first of these that is new enough and can make a virtual environment.
PYTHON ?= $(shell for python in \
	python3.14 python3.13 python3.12 python3.11 python3.10 python3 python; do \
	if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' \
	>/dev/null 2>&1; then echo $$python; break; fi; done)

help: ## List these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(READY) ## Make .venv with Batten and its development tools in it

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { \
	echo "Batten needs Python 3.10 or newer with the venv module, and none was found." >&2; \
	echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv)," >&2; \
	echo "or name it: make PYTHON=/path/to/python3 $(or $(MAKECMDGOALS),setup)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

# The examples hold defects on purpose, so 1 (findings) is the right answer; 2 is a failure.
FOUND := ; test $$? -eq 1

demo: $(READY) ## Run scan, review and fix --diff on examples/
	$(BIN)/batten scan examples $(FOUND)
	$(BIN)/batten review examples/review-request.txt $(FOUND)
	$(BIN)/batten fix --diff examples $(FOUND)
	@echo
	@echo "Next: $(BIN)/batten fix examples makes these edits, $(BIN)/batten explain BTN101 tells why."
	@echo "To see them while typing: docs/editors.md; for a project of yours: docs/cli.md."

test: $(READY) ## Run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

check: $(READY) ## Run formatter, linter, type checker and the check of the floors
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## Compare with other tools: ratios, in one run
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python benchmarks/scan.py
	$(BIN)/python benchmarks/warm_scan.py
	$(BIN)/python benchmarks/keystroke.py
	$(BIN)/python benchmarks/servers.py

format: $(READY) ## Format the code and sort its imports
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

generate: $(READY) ## Write the generated files anew
	$(BIN)/python docs/generate.py
	$(BIN)/python vscode-client/generate_settings.py

NPM := npm --prefix vscode-client

vscode-client/node_modules/.ready: vscode-client/package-lock.json
	cd vscode-client && npm ci --loglevel=error --fetch-retries=5
	@touch $@

VSIX := vscode-client/batten.vsix
PACKED := $(shell find analyzers server docs/rules $(addprefix vscode-client/,src python media scripts) \
	-type f ! -name '*.pyc') $(addprefix vscode-client/,package.json README.md esbuild.mjs .vscodeignore) \
	pyproject.toml CHANGELOG.md LICENSE

$(VSIX): $(READY) vscode-client/node_modules/.ready $(PACKED)
	$(NPM) run package

extension: vscode-client/node_modules/.ready $(VSIX) ## Check, test and pack the extension for VS Code
	$(NPM) run lint
	$(NPM) test

editors: $(READY) ## Install the editors that test-editors drives (as root, on Debian)
	tests/editors/install.sh

test-editors: $(READY) $(VSIX) ## Try Batten out in VS Code, Neovim, Vim, Emacs and Kate, after `make editors`
	BATTEN_EDITORS=1 $(BIN)/python -m pytest tests/editors --numprocesses 2

clean: ## Remove .venv and all that was built or cached
	rm -rf $(VENV) dist build .bench .editors vscode-client/node_modules vscode-client/bundled .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
