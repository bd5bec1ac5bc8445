"""The tests: one file per behaviour, names that are sentences, a cast in `tests/cast.py`."""
