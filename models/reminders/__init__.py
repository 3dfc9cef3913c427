"""Reminders: rules, the sweep, the outbox and its attempts, and what people answered."""
