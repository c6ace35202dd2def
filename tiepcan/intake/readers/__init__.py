"""One reader a format. Each imports its library only when asked, inside the child process."""
