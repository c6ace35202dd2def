"""The program as people use it: in Chromium, against a server of the tests' own."""
