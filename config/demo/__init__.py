"""The demo: a sponsor whose people and histories are invented, and the command that runs it all.

An app of the demo's settings only; no other installation can load its people.
"""
