# make map    build the map of seeds/ (makes a virtual environment and installs first)
# make test   install what the tests need, Chromium included, and run every test
# make lint   ruff and mypy --strict
# make lock   renew the pinned versions in .ci/

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SOURCES := pyproject.toml scripts/build_data.py $(shell find gazetteer geo maps -type f -not -path '*/world/*' -not -path '*/model/*' -not -path '*/__pycache__/*')

.PHONY: map test lint lock clean

map: $(VENV)/.installed
	$(BIN)/dateline map seeds/dispatch.txt seeds/incidents.csv --published 2023-08-23 -o map.html

test: $(VENV)/.installed $(VENV)/.tests
	$(BIN)/python -m pytest

lint: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.dependencies: $(VENV)/bin/python .ci/constraints.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r .ci/constraints.txt
	touch $@

$(VENV)/.installed: $(VENV)/.dependencies $(SOURCES)
	$(BIN)/python -m pip install --quiet --no-deps .
	touch $@

$(VENV)/.tests: $(VENV)/bin/python .ci/constraints-test.txt scripts/install_chromium.sh
	$(BIN)/python -m pip install --quiet --require-hashes -r .ci/constraints-test.txt
	sh scripts/install_chromium.sh $(BIN)/python
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' pyproject.toml -o .ci/constraints.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --all-extras pyproject.toml -o .ci/constraints-test.txt

clean:
	rm -rf $(VENV) map.html gazetteer/world geo/model
