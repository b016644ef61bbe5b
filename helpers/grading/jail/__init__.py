"""What runs inside the sandbox. Nothing here knows a test, an answer or a score."""
