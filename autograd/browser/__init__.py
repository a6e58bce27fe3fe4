"""A page's document in a browser: as one file, as a frame in a notebook's cell, and as a widget.

    html    the page as one file that asks no network; as a frame in a cell
    widget  the same in a cell, in touch with Python

What runs there is JavaScript, put together in this order; it computes steps, and lays out nothing.

    numbers.js   numbers as they are read, written and packed
    elements.js  elements of the page, and the outlines of boxes
    steps.js     every step with its numbers: partial times adjoint, and the sum
    scene.js     a picture as SVG, and what of it changes from step to step
    words.js     what a step says, as a sentence and as a table
    camera.js    which part of a picture is seen
    page.js      the page: its parts, what is chosen and found, keys; page.css says how all of it looks

Each file uses only those above it. May import: nothing of this package.
"""
