"""How dates and numbers are written, where Journeybook differs from Django's own formats."""
