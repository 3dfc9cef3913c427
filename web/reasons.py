"""Reasons as a page says them; files that leave the system say them in the same words."""

from flows.jobs.page_words import on_page, on_pages

__all__ = ["on_page", "on_pages"]
