"""The rules, one file each, and what a rule and a finding are."""
