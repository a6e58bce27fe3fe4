"""`python -m nn train` and its likes: the package from a shell, without a line of Python.

    parsing    options: what they must be, and what was meant by one that there is not
    choices    optimisers, schedules, losses and starts by their names
    data       what is trained on: made up, brought by scikit-learn, or in a file
    networks   what is trained: how a network is described, and made again
    labels     what labels ask of a network: how many outputs, which loss
    files      where things are left: a folder, or the file of a model
    keeping    a trained model in its file, with all that it takes to ask it
    judging    how good it is: loss, metrics, which class was taken for which
    letters    names: how a GPT learns them and makes up some
    ranks      processes that were started together
    asking     what `train` can be asked for
    pictures   of what was trained
    train      train a network; leave it in a file
    predict    ask it: rows of a file, or new names
    evaluate   judge it: by a file, or by what was held out
    draw       a picture of it, or of the graph of its loss
    main       which of these was asked for; with nothing, the demo

Each file uses only those above it. May import: checks, chance, layers, losses, optimisers, schedules,
data, files, metrics, models, prediction, recording, plots, ranks, training, demo.
"""
