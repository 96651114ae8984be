"""What `claimlint init` writes and shows."""

from __future__ import annotations

CONFIGURATION = """\
# Configuration of claimlint. Everything is optional; what stands here is the default.

# The markets whose law counts: us, us-ca, us-fl, us-nv, us-ny, us-tx, us-wa, kr, uk, au, sg, eu.
# us-fl implies us, and so do the other states. The core rules count in every market.
market: [us]

# The mildest severity that gives exit status 1: error, warning, note or never.
fail_on: error

# Which files are drafts; both also hold for files named on the command line.
# include: ["content/**/*.md"]
# exclude: ["**/README.md"]

# Further rule packs: a folder of yours. `claimlint rules test` runs their examples.
# packs: [./our-rules]

# Other severities (error, warning, note or off) for a rule or, with a / at its end, a category.
# rules: {efficacy/relieves-symptom: error, pressure/: off}

# The Flesch-Kincaid school grade above which a draft gets a note.
readability: {target_grade: 8}

# Who may let findings off: comments in drafts or not, only what has an approver, only these.
# suppressions: {inline: true, require_approver: false, approvers: []}

# Other settings for some files.
# overrides: [{files: "kr/**", market: [kr]}]
"""

HOOK = """\
To check drafts on every commit, write .pre-commit-config.yaml, or add the entry to the repos that it has:

repos:
  - repo: <the address of claimlint's repository>
    rev: <a release>
    hooks:
      - id: claimlint          # fails on errors; claimlint-strict fails on warnings too

Then run: pre-commit install
"""
