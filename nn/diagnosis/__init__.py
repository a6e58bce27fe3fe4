"""What ails a network, told from one batch: how signals and gradients fare from layer to layer, and what helps.

    layers    a model as the layers that a signal goes through, with what each gave
    readings  a layer in numbers: what it gave, what came back, and what is said of these
    steps     what a step of an optimiser would do, without making it
    measures  the numbers of a diagnosis, as plain data
    verdicts  what the numbers say, and what textbooks advise: functions of plain data
    picture   a diagnosis drawn
    diagnose  all of it together

Each file uses only those above it. May import: checks, chance, parts, modules, layers, losses,
prediction.
"""
