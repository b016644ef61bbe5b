"""Grades in the forms that learning platforms import: one file each."""
