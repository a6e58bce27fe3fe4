"""Trainings that tests record."""

import nn

MOONS = nn.make_moons(40, noise=0.1, rng=1)


def network(sizes=(4, 1), activation="tanh", kaiming=False, nin=2):
    model = nn.MLP(nin, list(sizes), activation, rng=1)
    if kaiming:
        nn.kaiming_uniform(model, rng=1)
    return model


def fitted(model=None, epochs=12, every=5, data=MOONS, others=(), **options):
    """A recorder of a training by `fit`, and the model."""
    model = model or network()
    recorder = nn.Recorder(every=every)
    settings = {"loss": "hinge", "optimizer": nn.SGD(model.parameters(), lr=0.1), "seed": 1, "progress": False}
    nn.fit(model, data, epochs=epochs, callbacks=[recorder, *others], **{**settings, **options})
    return recorder, model


def looped(model=None, steps=12, every=5, data=MOONS, loss=nn.hinge, given=lambda value: value, recorder=None, lr=0.1):
    """The same by a loop of one's own, which tells of its loss what `given` makes of the Value."""
    model = model or network()
    recorder = recorder or nn.Recorder(every=every)
    sgd = nn.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        value = loss([model(x) for x in data[0]], data[1])
        sgd.zero_grad()
        value.backward()
        sgd.step()
        recorder(model=model, batch=data, loss=given(value), optimizer=sgd)
    return recorder, model


def by_hand(model, xs, ys, loss):
    """For each layer the mean size of d loss / d output, over samples and neurons, by the grad of the nodes."""
    outputs = [[] for _ in model.layers]
    scores = []
    for x in xs:
        signal = list(x)
        for i, layer in enumerate(model.layers):
            signal = layer(signal)
            outputs[i] += signal if isinstance(signal, list) else [signal]
        scores.append(signal)
    kept = [p.grad for p in model.parameters()]
    loss(scores, ys).backward()
    for p, grad in zip(model.parameters(), kept, strict=True):
        p.grad = grad
    return [sum(abs(v.grad) for v in row) / len(row) for row in outputs]
