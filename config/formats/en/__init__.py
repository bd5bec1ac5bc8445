"""United States English."""
