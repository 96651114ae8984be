"""claimlint: a marketing-compliance linter for clinic health content."""

__version__ = "0.1.0"
