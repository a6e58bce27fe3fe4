"""A model, a loss and an optimiser at work: epochs of batches, and a step on each.

    history     what happened, epoch by epoch
    progress    a bar that nothing depends on
    callbacks   what is called after steps and epochs; early stopping
    checkpoint  a file that a run is kept in, and when
    blame       where a number that is not finite came from
    gradients   how long they are, and may be
    asked       what a run goes by, looked at before any time is spent
    optimiser   optimisers by name, by class, of a user's own
    supply      the samples, in what order, in which batches
    epoch       what the steps of an epoch leave behind; samples to validate by
    run         forward, loss, backward, update: again and again
    kept        a run as plain data, and one that goes on from there
    together    a run that several processes make
    fit         all of it
    train       the same with fewer questions

Each file uses only those above it. May import: checks, chance, parts, modules, losses, optimisers, schedules, data,
files, metrics, prediction, plots, recording, diagnosis, ranks.
"""
