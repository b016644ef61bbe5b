"""The course as a web site: `python -m helpers site`.

`pages` turns the kept notebooks into pages, `ways` says where a lesson can be opened, `lists` makes what
is generated from the declarations, and `build` stages all of it and calls Sphinx with `site/conf.py`.
"""
