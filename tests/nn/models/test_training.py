"""GPT trained: by a loop, by `fit` eagerly and compiled, and as microgpt's own script trains it."""

import math
import sys
import warnings

import pytest

import autograd
import nn
from autograd import Value
from nn import Adam, Vocabulary, cross_entropy, load_names
from nn.models import GPT
from tests.benchmarks.language import SIZE, model_and_texts, rate_at, script
from tests.local_gradients import LocalGradients
from tests.sizes import THOROUGH


@pytest.fixture
def deep():
    """microgpt's backward is recursive."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("deep")
def test_step_for_step_it_is_the_script_of_microgpt():
    with_values, with_locals = script(Value), script(LocalGradients)
    model, optimiser, texts = model_and_texts()
    assert len(model.parameters()) == 4192
    assert model.tokens.size == SIZE
    for k in range(6):
        loss = cross_entropy(model(texts[k][:-1]), texts[k][1:])
        optimiser.zero_grad()
        loss.backward()
        optimiser.lr = rate_at(k)
        optimiser.step()
        assert with_values(k)[0] == pytest.approx(loss.data, rel=1e-9)
        if k < 2:
            assert with_locals(k)[0] == pytest.approx(loss.data, rel=1e-9)


def fitted(compiled, **options):
    """Losses of names of all lengths, the model, and how it was trained."""
    names = load_names(12)
    vocabulary = Vocabulary(names)
    texts = [vocabulary.encode(name) for name in names]
    model = GPT(vocabulary, 8, 2, rng=1)
    data = [tokens[:-1] for tokens in texts], [tokens[1:] for tokens in texts]
    history = nn.fit(
        model, data, loss=cross_entropy, optimizer=Adam(model.parameters(), lr=0.01), epochs=3, seed=1,
        compiled=compiled, progress=False, **options,
    )  # fmt: skip
    return history, model, data


@pytest.mark.parametrize("size", [5, *(pytest.param(size, marks=pytest.mark.any_build) for size in (1, None))])
def test_compiled_it_trains_as_it_does_eagerly(size):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history, model, _ = fitted(True, batch_size=size)
    other, eager, _ = fitted(False, batch_size=size)
    assert history.way == ("sample" if size == 1 else "rows")
    assert other.way == "eager"
    assert history.losses == pytest.approx(other.losses, rel=1e-9)
    state = eager.state_dict()
    assert [p.data for p in model.parameters()] == pytest.approx([*state.values()], rel=1e-6, abs=1e-9)
    assert history.losses[-1] < history.losses[0]


@pytest.mark.any_build
def test_without_a_loss_fit_takes_cross_entropy_and_a_validation_has_sequences_too():
    _, _, (xs, ys) = fitted(True)
    model = GPT(30, 8, 2, rng=1)
    history = nn.fit(model, (xs, ys), validation=(xs[:3], ys[:3]), epochs=1, progress=False)
    assert history.losses[0] == pytest.approx(math.log(30), rel=0.1)
    losses = [
        cross_entropy([row], [t]).data
        for x, y in zip(xs[:3], ys[:3], strict=True)
        for row, t in zip(model(x), y, strict=True)
    ]
    assert history.validation_losses == pytest.approx([sum(losses) / len(losses)], rel=1e-9)


@pytest.mark.any_build  # 400 steps
@pytest.mark.skipif(not (autograd.native or THOROUGH), reason="seven minutes when interpreted: CHAINRULE_THOROUGH=1")
def test_after_training_by_fit_names_are_made_up_that_look_like_names():
    names = load_names(400)
    vocabulary = Vocabulary(names)
    texts = [vocabulary.encode(name) for name in names]
    model = GPT(vocabulary, rng=42)
    history = nn.fit(
        model, ([t[:-1] for t in texts], [t[1:] for t in texts]), loss=cross_entropy, batch_size=4, epochs=4,
        optimizer=Adam(model.parameters(), lr=0.01, betas=(0.85, 0.99)), seed=1, progress=False,
    )  # fmt: skip
    assert history.losses[-1] < 2.3, "3.3 at the start; 2.8 by the frequency of letters alone"
    bos = vocabulary.bos
    made = [vocabulary.decode(model.generate([bos], 16, 0.5, rng=k, stop=bos)) for k in range(40)]
    pairs = {name[i : i + 2] for name in load_names() for i in range(len(name) - 1)}
    assert all(1 <= len(name) <= 15 for name in made)
    assert len(set(made)) > 20
    seen = [name[i : i + 2] in pairs for name in made for i in range(len(name) - 1)]
    assert sum(seen) / len(seen) > 0.97, "of two letters drawn at random one pair in six occurs in no name"
    vowels = sum(letter in "aeiouy" for name in made for letter in name) / sum(map(len, made))
    assert 0.35 < vowels < 0.65
