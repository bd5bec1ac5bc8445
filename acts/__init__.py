"""Acts, outbox, files and sealed texts: every act happens once, is told, and can be traced."""
