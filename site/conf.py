"""Sphinx's settings of the site. `python -m helpers site` stages the pages and calls Sphinx with these."""

from docutils import nodes

project = "Convex optimization for machine learning"
language = "en"

extensions = ["myst_nb"]
exclude_patterns = ["_build"]

# Lessons are plain CommonMark with $-maths: nothing else is turned on, so that a page reads like its notebook.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]

nb_execution_mode = "off"  # the pages show what the kept notebooks hold; nothing is run again
nb_mime_priority_overrides = [("html", "text/html", 0)]  # explorables and figures are HTML
nb_ipywidgets_js = {}  # would be fetched from a CDN
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"

mathjax_path = "mathjax/tex-chtml.js"  # shipped: nothing is asked of another machine
mathjax_options = {"async": "async"}  # explorables do not wait for it
mathjax3_config = {
    "options": {"enableMenu": False},
    "chtml": {"displayAlign": "center"},
}

html_theme = "sphinx_book_theme"
html_title = "Convex optimization for machine learning"
templates_path = ["templates"]
html_static_path = ["static"]
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"}), ("search.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
pygments_style = "a11y-high-contrast-light"
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 1,
    "home_page_in_toc": False,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "search_bar_text": "Search the course",
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
    "footer_content_items": [],
    "footer_start": [],
    "footer_end": [],
}
html_sidebars = {
    "**": ["home", "search-button-field", "sbt-sidebar-nav"],
    "index": [],
}
html_context = {"default_mode": "auto"}  # without it the theme reports an error
html_favicon = "static/favicon.svg"


def setup(app):
    """Say in a word what the heads of tables in notebooks hold, where that is nothing or a formula."""
    app.connect("doctree-read", name_heads)


def name_heads(app, doctree):
    """A word that is heard and not seen: a head without words is none to a listener (and to axe)."""
    for head in doctree.findall(nodes.thead):
        for entry in head.findall(nodes.entry):
            formulas = list(entry.findall(nodes.math))
            words = entry.astext()
            for formula in formulas:
                words = words.replace(formula.astext(), "")
            if not words.strip():
                name = "formula" if formulas else "row"
                heard = f'<span class="visually-hidden">{name}</span>'
                entry.insert(0, nodes.raw("", heard, format="html"))
