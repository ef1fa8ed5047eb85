# make briefs   environment, default corpus, all 24 briefs, the board and the portal
# make papers   papers from arXiv, Crossref and Europe PMC, merged with the default patents; briefs
# make test     environment and the test suite
# make test-long the few tests of a minute each: training, planted topics, a corpus that grows
# make test-engines  the tests that start Spark and Dask (needs Java; 0.5 GB of packages more)
# make lab      JupyterLab on the notebooks

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
STAMP  := $(VENV)/.installed
CLUSTER := $(VENV)/.cluster

.PHONY: briefs papers test test-long test-engines lint lab lock benchmarks clean env

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@echo "== environment: $(VENV) (about 2 GB, one to two minutes)"
	@start=$$(date +%s); \
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . && \
	touch $(STAMP) && echo "== environment: $$(( $$(date +%s) - start )) s"

# What only the tests of Spark and Dask need, over the environment of the briefs.
$(CLUSTER): $(STAMP) requirements-cluster.lock
	@echo "== Spark and Dask for tests (about 0.5 GB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-cluster.lock
	@touch $(CLUSTER)

briefs: env
	$(BIN)/foresight corpus build sample
	$(BIN)/foresight backtest --corpus sample --cutoffs 2008:2018 --no-learning --jobs $(JOBS)
	$(BIN)/foresight brief --all --jobs $(JOBS)
	$(BIN)/foresight board

papers: env
	$(BIN)/foresight corpus build sample
	$(BIN)/foresight fetch papers --all-tracks
	$(BIN)/foresight corpus merge sample papers-arxiv papers-crossref papers-europepmc --name papers
	$(BIN)/foresight brief --all --corpus papers --jobs $(JOBS)
	$(BIN)/foresight board --corpus papers

test: env
	$(BIN)/python -m pytest -m "not engine and not long" -n auto --dist loadfile --no-loadscope-reorder --durations 15

test-long: env
	$(BIN)/python -m pytest -m long

test-engines: $(CLUSTER)
	$(BIN)/python -m pytest -m engine

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: env
	$(BIN)/jupyter lab notebooks

# Peers that benchmarks compare with: an extra of pyproject.toml, outside the lock, in a folder of
# its own, so that nothing else ever runs with them.
PEERS = $$($(BIN)/python -c "import tomllib; \
	print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['peers'])")

benchmarks: env
	test -d $(VENV)/peers || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --target $(VENV)/peers $(PEERS)
	PYTHONPATH=$(VENV)/peers $(BIN)/python -m pytest tests/benchmarks -s

# Maintainers: resolve again after a change of pyproject.toml (needs uv).
lock:
	printf '%s\n' "sentence-transformers; sys_platform == 'never'" "umap-learn; sys_platform == 'never'" \
	  "torch; sys_platform == 'never'" > .overrides.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --override .overrides.txt \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock
	uv pip compile pyproject.toml --extra dev --extra spark --extra dask --universal --python-version 3.11 \
	  --override .overrides.txt --constraint requirements.lock \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements-cluster.lock
	rm .overrides.txt

clean:
	rm -rf outputs/* data/corpora data/cache
