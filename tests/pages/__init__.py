"""The frame of every page: files, languages, login, errors, glossary, parts."""
