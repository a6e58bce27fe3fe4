"""What to train on, and what is done to it before.

    toy         points of the plane in classes: moons, circles, spirals, xor, checkerboard, blobs
    curves      numbers that follow from numbers: sine, line, steps, a surface
    names       first names, and the characters that they are written with
    splits      samples parted: to train on, to validate by, held out
    transforms  what is done to samples and undone: the base of it, and a chain
    scaling     numbers brought to one scale: Standardiser, MinMax
    categories  categories as numbers: OneHot, LabelEncoder
    sklearn     what scikit-learn brings: digits, iris, wine, breast cancer, diabetes
    batches     samples cut into mini-batches
    tables      tables of any kind as samples and labels: DataFrames, arrays, lists
    csv         files of comma-separated values, likewise

Each file uses only those above it. May import: checks, chance.
"""
