"""Submissions in, grades and feedback out.

The judge and the score live in this process; a submission's code runs in a sandbox (`jail/` is
what runs inside it) and answers in plain data.
"""
