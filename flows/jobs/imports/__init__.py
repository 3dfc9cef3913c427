"""Registers that come in from workbooks: preview without writing anything, confirm in one transaction."""
