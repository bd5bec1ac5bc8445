"""Asking for a sign-off and answering it."""
