"""What the numbers of a diagnosis say, and what textbooks advise: functions of plain data, each of one kind of trouble.

Each takes what `measure` gave and gives a list of verdicts, empty where there is nothing to say. The bounds are chosen
so that networks that train well have none, at their start and later.
"""

from math import inf, isfinite
from typing import Any, NamedTuple

__all__ = ["Verdict", "dead", "exploding", "rate", "saturated", "scale", "vanishing", "verdicts_of"]

VANISHES = 1 / 40
"""A layer that receives less of the last layer's gradient: three layers of sigmoids, each of which takes three quarters
or more. Networks that train well have a fifth or more."""

EXPLODES = 1e2
"""A layer that receives so many times the last layer's gradient."""

DEAD = 0.6
"""A share of rectifiers that are 0 for all samples. A quarter is common, and chance has half of a layer so, in deep
networks above all: another sample, or a few steps, may wake them."""

OUT_OF_REACH = 0.3
"""A share of those that are also far from being anything else: of networks that train well, from the start on, next to
none are."""

FEW = 8
"""Of fewer samples, a rectifier that is 0 for all may be so by chance."""

SATURATED = 0.75
"""A share of saturated numbers. Hidden units that have learned to decide saturate too."""

GROWS = 30.0
"""By how much signals may grow or shrink from the inputs to the last hidden layer."""

FAR_OFF = 10.0
"""How many times the loss of outputs that are all 0 a loss may be at the start."""

LARGE_INPUTS = 20.0
"""Root mean square of inputs that are not standardised."""

RISES = 0.1
"""A rise of the loss, as a share of it or of that of outputs that are all 0, whichever is larger."""

LEAPS = 2.5
"""A rise of the loss, as such a share, that no step brings from which a training recovers soon. micrograd's own demo,
which trains well with a rate of 1, has rises of 1.2 at its start."""

AS_LARGE, LARGER = 0.75, 2.0
"""A step that is so large a share of all weights replaces them: the first where the loss rises, the second whatever it
does. Good ones are a thousandth, at the start up to 0.3."""

STRAIGHT = 0.5
"""A thousand steps that help as much as their slope says, or half of it: the rate is a thousand times too small."""

UNLEARNED = 0.5
"""A loss that is so large a share of that of outputs that are all 0 has something left to learn."""

XAVIER = "Glorot, Bengio 2010"
HE = "He et al. 2015"
BOOK = "Goodfellow, Bengio, Courville, Deep Learning"


class Verdict(NamedTuple):
    """Something that ails a network.

    Attributes:
        kind: "vanishing", "exploding", "dead", "saturated", "scale" or "rate".
        layer: Where; "" for the whole network.
        says: What was seen, in a sentence.
        remedy: What a textbook advises.

    >>> print(Verdict("dead", "layers.0", "layers.0: all of its units are dead.", "Try leaky_relu."))
    dead: layers.0: all of its units are dead. Try leaky_relu.
    """

    kind: str
    layer: str
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.says} {self.remedy}"


def verdicts_of(measure: dict[str, Any]) -> list[Verdict]:
    """All verdicts on a network, causes before what follows from them.

    Args:
        measure: What `measure` gave; one of the `diagnoses` that `fit(diagnose=True)` leaves in its History, say.

    >>> from nn import MLP, fit, make_moons
    >>> history = fit(MLP(2, [4, 1], rng=1), make_moons(16, rng=1), loss="hinge", epochs=2, diagnose=True)
    >>> [len(verdicts_of(measured)) for measured in history.diagnoses]
    [0, 0]
    >>> verdicts_of({"loss": 1.0, "chance": None, "samples": 1, "inputs": 1.0, "layers": [], "step": None})
    []
    """
    causes = [*dead(measure), *scale(measure)]
    blocked = any(verdict.kind == "dead" or "are 0" in verdict.says for verdict in causes)
    gradients = [*([] if blocked else vanishing(measure)), *exploding(measure)]
    return [*gradients, *causes, *saturated(measure), *rate(measure)]


def received(measure: dict[str, Any]) -> list[tuple[dict[str, Any], float]]:
    """Layers with what they receive of the last one's gradient, those to which one comes; none if the last has none."""
    layers = [layer for layer in measure["layers"] if layer["gradient_norm"] is not None]
    if len(layers) < 2:
        return []
    last = layers[-1]["gradient_norm"]
    if not (isfinite(last) and last > 0.0):
        return []
    return [(layer, layer["gradient_norm"] / last) for layer in layers[:-1]]


def vanishing(measure: dict[str, Any]) -> list[Verdict]:
    """Whether next to no gradient comes to a layer.

    Source: Hochreiter 1991; Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks"
    (2010).
    """
    least = min(received(measure), key=lambda found: found[1], default=None)
    if least is None or not least[1] < VANISHES:
        return []
    layer, share = least
    name = layer["name"]
    if share == 0.0:
        if any(layer["weight"] == 0.0 for layer in measure["layers"]):
            return []  # a last layer of 0, which some advise for the start, lets one through from the second step on
        says = f"{name} receives no gradient at all."
        return [Verdict("vanishing", name, says, "See whether the loss depends on it, through a path with a slope.")]
    factor = {"sigmoid": " (a sigmoid multiplies it by at most 0.25)", "tanh": " (a tanh multiplies it by at most 1)"}
    says = f"{name} receives {fraction(share)} of the last layer's gradient{factor.get(most_usual(measure), '')}."
    remedy = (
        f"Try relu with weights of nn.kaiming_uniform ({HE}), tanh with those of Xavier ({XAVIER}), a norm between "
        "layers, or connections past them."
    )
    return [Verdict("vanishing", name, says, remedy)]


def exploding(measure: dict[str, Any]) -> list[Verdict]:
    """Whether gradients grow on their way back, or something is not finite.

    Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks" (2013).
    """
    for layer in measure["layers"]:
        if not layer["finite"]:
            says = f"{layer['name']} gives numbers that are not finite."
            return [Verdict("exploding", layer["name"], says, REMEDY_EXPLODING)]
    for layer in reversed(measure["layers"]):
        if layer["gradient_norm"] is not None and not isfinite(layer["gradient_norm"]):
            says = f"{layer['name']} receives a gradient that is not finite."
            return [Verdict("exploding", layer["name"], says, REMEDY_EXPLODING)]
    if not isfinite(measure["loss"]):
        says = f"the loss is {measure['loss']}, though all outputs are finite."
        return [Verdict("exploding", "", says, "Take a loss of logits, finite everywhere; see the labels too.")]
    most = max(received(measure), key=lambda found: found[1], default=None)
    if most is None or not most[1] > EXPLODES:
        return []
    layer, times = most
    says = f"{layer['name']} receives {times:,.3g} times the last layer's gradient."
    return [Verdict("exploding", layer["name"], says, REMEDY_EXPLODING)]


REMEDY_EXPLODING = (
    f"Start with smaller weights ({HE}; {XAVIER}), clip gradients by their norm (Pascanu et al. 2013), take a smaller "
    "learning rate, put a norm between layers."
)


def dead(measure: dict[str, Any]) -> list[Verdict]:
    """Whether rectifiers give 0 whatever comes: no gradient passes through them, so that they stay as they are.

    It is said of a layer of which 60% give 0 for all of eight samples or more; and where 30% do that are far from
    giving anything else, what they are given being below 0 by more than the others' usual output.

    Source: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013).
    """
    if measure["samples"] < FEW:
        return []
    found = []
    for layer in measure["layers"]:
        if layer["dead"] is None or not layer["weight"]:
            continue
        if layer["dead"] > DEAD or (layer.get("out_of_reach") or 0.0) >= OUT_OF_REACH:
            says = f"{layer['name']}: {layer['dead']:.0%} of its rectifiers give 0 for every sample."
            remedy = (
                "Start with biases of 0 or slightly above, take a smaller learning rate, or leaky_relu or elu, which "
                "keep a slope (Maas et al. 2013)."
            )
            found.append(Verdict("dead", layer["name"], says, remedy))
            if layer["dead"] == 1.0:
                break  # those above it are given nothing but 0
    return found


def saturated(measure: dict[str, Any]) -> list[Verdict]:
    """Whether hidden units are at the ends of their activation, where it has no slope. The last layer may be.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp" (1998), §4.4.
    """
    found = []
    for layer in measure["layers"][:-1]:
        if layer["saturated"] is not None and layer["saturated"] > SATURATED:
            says = f"{layer['name']}: {layer['saturated']:.0%} of its numbers are at the ends of {layer['activation']}."
            remedy = f"Standardise inputs, start with smaller weights ({XAVIER}), put a norm before the activation."
            found.append(Verdict("saturated", layer["name"], says, remedy))
    return found


def scale(measure: dict[str, Any]) -> list[Verdict]:
    """Whether signals keep their scale: inputs, weights, from layer to layer, and outputs.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015); LeCun et al. 1998, §4.3.
    """
    layers = measure["layers"]
    found = []
    inputs = measure["inputs"]
    if inputs is not None and inputs > LARGE_INPUTS:
        says = f"inputs are large: their root mean square is {inputs:,.3g}."
        found.append(Verdict("scale", "", says, "Standardise them: nn.Standardiser (LeCun et al. 1998)."))
    for layer in layers:
        if layer["weight"] == 0.0:
            says = f"{layer['name']}: all of its weights are 0."
        elif layer is not layers[-1] and (layer["units"] or 0) > 1 and layer["differs"] == 0.0 and layer["rms"]:
            says = f"{layer['name']}: all of its units give the same, and will go on to."
        else:
            continue
        if layer is layers[-1]:  # a last layer of 0 is a start that some advise: what it gives is 0, and it learns
            continue
        remedy = f"Draw them at random, so that units differ ({BOOK}, §8.4)."
        return [*found, Verdict("scale", layer["name"], says, remedy)]
    hidden = [layer for layer in layers[:-1] if layer["finite"] and layer["rms"] and layer["dead"] != 1.0]
    if inputs and inputs <= LARGE_INPUTS and hidden:
        worst = max(hidden, key=lambda layer: layer["rms"])
        least = min(hidden, key=lambda layer: layer["rms"])
        grown, shrunk = worst["rms"] / max(inputs, 1.0), least["rms"] / min(inputs, 1.0)
        remedy = (
            f"Draw weights anew: nn.kaiming_uniform for relu ({HE}), Xavier's for tanh ({XAVIER}); put norms between."
        )
        if grown > GROWS:
            says = f"signals grow: {worst['name']} gives {grown:,.3g} times what comes in."
            found.append(Verdict("scale", worst["name"], says, remedy))
        elif shrunk < 1.0 / GROWS:
            says = f"signals shrink: {least['name']} gives {fraction(shrunk)} of what comes in."
            found.append(Verdict("scale", least["name"], says, remedy))
    loss, chance = measure["loss"], measure["chance"]
    if not found and chance and chance > 0.0 and isfinite(loss) and loss > FAR_OFF * chance:
        says = f"the loss is {loss:,.3g}, where outputs that are all 0 would have {chance:,.3g}."
        remedy = "Start with smaller weights in the last layer: no output should be sure before it has learned."
        found.append(Verdict("scale", layers[-1]["name"] if layers else "", says, remedy))
    return found


def rate(measure: dict[str, Any]) -> list[Verdict]:
    """Whether steps are too large or too small, by the loss after a tenth of a step, and after a thousand.

    A rate is too large where a step multiplies the loss, or is larger than the weights themselves, or where a tenth of
    it does harm too. It is too small where a thousand steps at once are as good as their slope
    promises: it might be a thousand times larger.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), §8.3.1 and §11.4.1; Smith, "Cyclical learning rates for
    training neural networks" (2017), §3.3.
    """
    step = measure["step"]
    if step is None:
        return []
    now, chance = measure["loss"], measure["chance"]
    after = dict(step["losses"])
    lr = "" if step["lr"] is None else f" of {step['lr']:g}"
    if not isfinite(now) or not step["slope"] < 0.0:
        return []
    usual = max(now, chance or 0.0)

    rises = {share: (loss - now) / usual if usual > 0.0 and isfinite(loss) else inf for share, loss in after.items()}
    ratio = step["ratio"] or 0.0
    replaces = ratio > LARGER or (rises[1.0] > RISES and ratio > AS_LARGE)
    if replaces or rises[1.0] > LEAPS or min(rises[0.1], rises[1.0]) > RISES:
        size = f", and moves the weights by {ratio:.0%} of their size" if replaces else ""
        says = f"a learning rate{lr} is too large: a step brings the loss from {now:.3g} to {after[1.0]:.3g}{size}."
        remedy = f"Take a tenth of it, or a hundredth, until a step does no harm ({BOOK}, §11.4.1)."
        return [Verdict("rate", "", says, remedy)]
    promised = -1000.0 * step["slope"]
    unlearned = chance is None or now > UNLEARNED * chance
    if unlearned and now - after[1000.0] >= STRAIGHT * promised:
        says = (
            f"a learning rate{lr} is too small: a step brings the loss down by {now - after[1.0]:.2g}, and a "
            f"thousand at once by {now - after[1000.0]:.2g}."
        )
        return [Verdict("rate", "", says, f"Take a hundred times as much, then try more ({BOOK}, §11.4.1).")]
    return []


def most_usual(measure: dict[str, Any]) -> str:
    """The activation that most hidden layers have."""
    names = [layer["activation"] for layer in measure["layers"][:-1]]
    return max(names, key=names.count, default="")


def fraction(share: float) -> str:
    """A small share, as one of so many parts.

    >>> fraction(0.001), fraction(0.3)
    ('1/1,000', '1/3.3')
    """
    parts = 1.0 / share
    return f"1/{parts:,.0f}" if 10.0 <= parts < 1e6 else f"1/{parts:.2g}"
