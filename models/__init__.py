"""MEMORY: the only room that knows SQL; tables, migrations, the ledger, queries and reference data."""
