"""What is stored of official papers."""
