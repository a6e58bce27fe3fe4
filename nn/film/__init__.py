"""A training as a film: what is kept of its steps while it runs, and what is made of that when somebody looks.

    samples   some samples of a batch, copied
    graph     the layers of a model in the graph of a loss
    take      a model in one shape, and a while in which it has other numbers
    frame     what is kept of a step, and what it measures
    views     pictures of many frames
    plane     the decision of a model all over the plane, a byte for each point
    sheet     what a page shows of each frame, as plain data
    page      a page that stands by itself
    film      what was recorded, and all that can be asked of it
    recorder  the callback

The page is `page.html` with `page.css` and the scripts `draw.js` and `page.js`.

Each file uses only those above it. May import: checks, chance, parts, modules, losses, prediction, plots, diagnosis.
"""
