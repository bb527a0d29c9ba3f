"""How Sphinx makes a site of these pages: `make docs`, which fails at any warning."""

project = "Podium"
author = "the people who make Podium"
copyright = f"%Y, {author}; Apache-2.0"

extensions = ["myst_parser"]
myst_heading_anchors = 3  # links may lead to headings, as they do on code hosts

html_theme = "furo"
html_title = "Podium"
html_favicon = "../platform/podium/static/podium/icon-32.png"
html_theme_options = {
    f"{mode}_css_variables": {
        "color-brand-primary": colour,
        "color-brand-content": colour,
    }
    for mode, colour in (("light", "#0b5d43"), ("dark", "#66d1a2"))
}
html_show_sphinx = False
html_copy_source = False
