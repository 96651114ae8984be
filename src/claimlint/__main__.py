"""`python -m claimlint` is the command `claimlint`."""

from claimlint.cli import main

main()
