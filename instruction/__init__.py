"""The hours that were taught."""
