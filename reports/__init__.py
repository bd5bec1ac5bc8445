"""What people read and print."""
