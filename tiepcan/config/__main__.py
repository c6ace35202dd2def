"""`python -m tiepcan.config …` is the command `tiepcan …`."""

from tiepcan.config.command import main

main()
