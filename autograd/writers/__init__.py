"""A scene written for others: for papers, for Markdown, for printers, for programs.

    reading  what all writers read from a scene: outlines of shapes, rows of the legend
    tex      words in TeX
    tikz     a scene for pdflatex, and for a paper
    mermaid  a scene as text that others draw
    plot     a scene drawn by matplotlib
    endings  all of them, by the ending of a file

Each file uses only those above it. May import: rendering, scenes.
"""
