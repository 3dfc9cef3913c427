"""An office's own register read as rows of đề án: which column says what, which rows are projects, what they say."""
