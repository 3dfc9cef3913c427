# The same commands without make: `python3 run.py run`, `python3 run.py test` … (Windows: `py run.py test`).
PYTHON ?= python3

.PHONY: run setup test check bench soak lock clean

run setup test check bench soak lock:
	$(PYTHON) run.py $@ $(ARGS)

# What `make setup` and the tools make again; the registers under var/ are nobody's to clean away.
clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
