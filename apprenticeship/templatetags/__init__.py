"""Filters of this layer."""
