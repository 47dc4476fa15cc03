# Everything a new user needs: `make demo`, then `make test`. Everything a contributor needs: `make check`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# llama-cpp-python comes as source. Its multimodal library, tools and server are not used here: leaving them out
# makes the build shorter. Set CMAKE_ARGS yourself to build for other hardware.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_CURL=OFF
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

.PHONY: demo test check train install clean

demo: $(STAMP)
	$(BIN)/assistant rewrite examples/draft.txt -c examples/notes.md

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Makes every learned part anew from models/corpus: the reader in minutes, the writer in models/train_writer.toml's time.
train: $(STAMP)
	$(BIN)/python models/train_reader.py
	$(BIN)/python -m models.train_writer
	$(BIN)/python -m models.export_writer out/writer/best.pt

bench: $(STAMP)
	$(BIN)/python -m eval.bench

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name yours: make demo PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing. llama.cpp is compiled once, which takes 5 to 10 minutes; later runs are quick."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist out *.egg-info .pytest_cache .mypy_cache .ruff_cache
