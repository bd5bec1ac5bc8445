"""What must be learned: standards, their skill sets, skills and courses."""
