"""Papers of the register: jobs that read it, word it and hand the values to documents. They change nothing."""
