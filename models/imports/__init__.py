"""What an import reads of the register, in a few statements for a whole file, and the row that it leaves."""
