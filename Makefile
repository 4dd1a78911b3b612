# make demo   read the examples, write demo/aidledger.xlsx and charts
# make test   lint, types and tests
# make train  fit the reader's weights anew (training/README.md); CODINGS are the coded passages
# make fold   fit them without one fold (K=2) and read it: training/out_of_fold/2.jsonl
# make clean  remove what the others made
#
# Both need git, make and Python 3.11 or later. Stamps in .make/ keep repeats quick.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Debian packages that tests use, installed when root; without them, those tests skip and say so.
DEBIAN_PACKAGES ?= postgresql libreoffice-calc chromium

# Coded passages to fit on; all that may be published lie here.
CODINGS ?= $(wildcard training/codings/*.jsonl)
FITTED := training/.cache
# Passes over them, then more in which a tenth of the words is not seen, then one with countries
# in each other's places; the weights are the mean of the last two. Each stage that is done is kept
# until all are; where codings have changed in between, remove what lies in training/.cache first.
EPOCHS ?= 4
MORE ?= 3
stage = test -f $(FITTED)/$(1).$(2) || { $(BIN)/python training/fit.py $(3) -o $(FITTED)/$(1).pt \
	&& mv $(FITTED)/$(1).pt $(FITTED)/$(1).$(2); }
define fitted
	@mkdir -p $(FITTED) training/out_of_fold
	$(call stage,$(1),first,--codings $(CODINGS) $(2) --epochs $(EPOCHS))
	$(call stage,$(1),second,--codings $(CODINGS) $(2) --epochs $(MORE) --seed 1 --masked 0.1 \
		--start $(FITTED)/$(1).first)
	$(BIN)/python training/renamed.py $(CODINGS) --seed 1 -o $(FITTED)/$(1).renamed.jsonl
	$(BIN)/python training/fit.py --codings $(FITTED)/$(1).renamed.jsonl $(2) --epochs 1 --seed 2 --masked 0.1 \
		--start $(FITTED)/$(1).second -o $(FITTED)/$(1).third
	$(BIN)/python training/averaged.py $(FITTED)/$(1).second $(FITTED)/$(1).third -o $(FITTED)/$(1).pt
	rm $(FITTED)/$(1).first $(FITTED)/$(1).second $(FITTED)/$(1).third
endef
# The fold by which chances are calibrated.
CALIBRATED_ON := 2

.PHONY: demo test format train fold clean

demo: .make/installed
	$(BIN)/aidledger demo

test: .make/developing .make/debian
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

format: .make/developing
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

train: .make/training
	$(call fitted,all)
	$(BIN)/python training/export.py --weights $(FITTED)/all.pt --name "fitted $$(date +%F)" \
		--calibration training/calibration.json -o extractors/scorer

fold: .make/training
	@test -n "$(K)" || { echo "make fold: say which fold: K=2"; exit 2; }
	$(call fitted,$(K),--without $(K))
	test "$(K)" != $(CALIBRATED_ON) || $(BIN)/python training/calibrate.py --weights $(FITTED)/$(K).pt \
		--codings $(CODINGS) --fold $(K) -o training/calibration.json
	$(BIN)/python training/evaluate.py --weights $(FITTED)/$(K).pt --codings $(CODINGS) --fold $(K) \
		--calibration training/calibration.json -o training/out_of_fold/$(K).jsonl

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)

.make/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@mkdir -p .make && touch $@

.make/developing: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e '.[dev]'
	@mkdir -p .make && touch $@ .make/installed

.make/training: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e '.[train]'
	@mkdir -p .make && touch $@

.make/debian: Makefile
	@mkdir -p .make
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	&& ! dpkg --status $(DEBIAN_PACKAGES) >/dev/null 2>&1; then \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update && apt-get install --yes --no-install-recommends $(DEBIAN_PACKAGES); } \
		|| echo "make: $(DEBIAN_PACKAGES) not all installed: tests that need them will skip"; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) .make demo build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
