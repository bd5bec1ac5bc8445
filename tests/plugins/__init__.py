"""What pytest loads before the settings are read: folders, servers, the browser."""
