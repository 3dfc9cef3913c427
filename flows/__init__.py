"""CLOCKWORK: thin decorated Prefect flows that read the clock and settings and call the jobs."""
