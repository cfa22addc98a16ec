# Everything a person or a machine does with this project. Each target sets up what it needs first.
# PYTHON=/path/to/python3.12 chooses the interpreter; without it the first suitable one is taken.
.POSIX:
.PHONY: help demo demodata test fix bench soak lock audit screenshots wheel clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: ## open a copy of the demo project in the app
	@.ci/need-display
	@.ci/setup app
	@.venv/bin/labeler demo

demodata: ## make the demo's simulated verdicts anew, after a change of the comparison or of the simulation
	@.ci/setup test
	@.venv/bin/python projects/demo/make_verdicts.py

test: ## run every check: lint, format, types, layers, tests
	@.ci/setup test
	@.ci/test

fix: ## mend what the linter and the formatter can mend
	@.ci/setup test
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: ## measure speed, as ratios to floors of the same run
	@.ci/setup test
	@.ci/on-display .venv/bin/pytest tests/benchmarks

soak: ## run the tests that are too long for every commit
	@.ci/setup test
	@.ci/on-display .venv/bin/pytest -m soak

lock: ## write requirements.lock anew: every dependency at one version, with hashes
	@.ci/lock

audit: ## ask the advisory database about every locked dependency
	@.ci/lock audit

screenshots: ## draw the pictures of the README anew
	@.ci/setup test
	@PYTHONPATH=. QT_QPA_PLATFORM=offscreen .venv/bin/python .ci/screenshots.py

wheel: ## build dist/labeler-….whl
	@.ci/setup test
	@.venv/bin/python -m build --wheel

clean: ## remove what was built or cached, and the environment
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -prune -exec rm -rf {} +
