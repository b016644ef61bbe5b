"""From one source a lesson (`solutions/**/NN_slug.md`) to its two notebooks.

`source` reads a lesson and expands its exercises; `unsolved` makes the learner's copy; `build` writes
both, and proves that what is kept is what the sources build.
"""
