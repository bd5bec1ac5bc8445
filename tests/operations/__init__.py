"""The commands, the processes and the settings with which Journeybook runs."""
