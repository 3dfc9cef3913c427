"""JOBS: plain functions, free of Prefect, that join memory, post office and paper."""
