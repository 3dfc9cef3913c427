.PHONY: run setup test check bench soak clean
