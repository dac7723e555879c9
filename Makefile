# Needs Python 3.11 or newer and git. `make demo` shows gearlint at work, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Tests start gearlint some thousand times, and it takes thrice as long where it is compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test e2e bench fuzz mutants readme address clean

demo: $(VENV)/installed
	$(BIN)/gearlint check examples/tutorialgear || test $$? = 1

test: $(VENV)/test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Builds 1,000 real images and compares them with the model; needs root, buildah and busybox-static.
e2e: $(VENV)/test-installed
	$(BIN)/python -m tests.e2e --seeds 1000
	GEARLINT_KILLS=200 $(BIN)/python -m pytest tests/engine/test_fixing_files.py -k killed
	GEARLINT_KILLS=300 $(BIN)/python -m pytest tests/release/test_bump_killed.py

# Times gearlint beside hadolint, fw-gear and check-jsonschema, and writes BENCHMARKS.md.
bench: $(VENV)/installed
	$(BIN)/python -m benchmarks

# Tries inputs by chance, then those that reach new code (Linux on x86-64 only); a minute of the first
# is in `make test`. Prints the seed and each failing input.
FUZZ ?= --inputs 1000000
GUIDED ?= --seconds 60
fuzz: $(VENV)/test-installed
	$(BIN)/python -m tests.fuzz $(FUZZ)
	! $(BIN)/python -c "import atheris" || $(BIN)/python -m tests.fuzz.guided $(GUIDED)

# Changes the code a little, 300 times, and prints which changes no test notices.
MUTANTS ?= --mutants 300
mutants: $(VENV)/test-installed
	$(BIN)/python -m tests.mutants $(MUTANTS)

# Writes the generated parts of README, docs and CONTRIBUTING, and the picture of the output.
readme: $(VENV)/test-installed
	$(BIN)/python -m tests.readme

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The schemas are compiled when the package is installed, so a change of them installs it again.
BUILD := pyproject.toml hatch_build.py $(wildcard schemas/*.json)

$(VENV)/installed: $(VENV)/bin/python $(BUILD)
	$(BIN)/python -m pip install --quiet -e .
	touch $@

$(VENV)/test-installed: $(VENV)/bin/python $(BUILD)
	$(BIN)/python -m pip install --quiet -e '.[test]'
	touch $@ $(VENV)/installed

# Sets the address of the project, which is a placeholder until then, in all files that have it.
address: $(VENV)/test-installed
	$(BIN)/python -m tests.address $(URL)

clean:
	rm -rf $(VENV) .bench gearlint/_built
