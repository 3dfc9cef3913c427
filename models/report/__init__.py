"""Reports with a data cut-off: what they tell, how they are frozen and signed, and what came after."""
