"""Who learns it, and every signature they earned."""
