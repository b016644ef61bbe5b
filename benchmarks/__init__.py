"""How long our solvers take to a certified gap, beside the libraries that practitioners use."""
