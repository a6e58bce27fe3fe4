"""Messages that say what was asked, what was given, and what to do; read as a stranger would."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import Compiled, RecordingError, Value, compile
from autograd.border.conversion import count
from autograd.border.wording import brief, shortened
from autograd.graphs.roots import as_roots

pytestmark = pytest.mark.any_build


def total(n):
    result = 0.0
    for i in range(n):
        result = result + i
    return result


TABLE = [1.0, 2.0, 3.0]
WHOLE = {
    "range": total,
    "list": lambda i: TABLE[i],
    "slice": lambda i: sum(TABLE[:i]),
    "array": lambda i: np.array(TABLE)[i],  # NumPy makes an IndexError of it
    "zeros": lambda i: np.zeros(i).sum() + i,
    "repeat": lambda i: [1.0] * i,
    "factorial": lambda i: i * math.factorial(i),
}


@pytest.mark.parametrize("use", WHOLE)
def test_a_count_or_an_index_names_static_argnames(use):
    with pytest.raises(RecordingError, match=r"using a Value as a whole number \(range.*test_wording.*static_argnames"):
        compile(WHOLE[use])(2.0)


def test_the_remedy_works():
    f = compile(lambda x, n: x * sum(TABLE[i] for i in range(n)), static_argnames="n")
    assert [f(2.0, n) for n in (0, 2, 3)] == [0.0, 6.0, 12.0]
    f = compile(lambda x: 0.0 * x if x != x else 2.0 * x if abs(x) < math.inf else x, in_axes=0)
    assert list(f(np.array([3.0, math.inf]))) == [6.0, math.inf]


def test_eagerly_an_index_asks_for_int():
    for use in (total, lambda v: TABLE[v], lambda v: [0] * v):
        with pytest.raises(
            TypeError, match=r"using a Value as a whole number.* would cut the graph: .* int\(v\.data\)"
        ):
            use(Value(2.0))
    assert int(Value(2.9).data) == 2


@pytest.mark.parametrize("test", [math.isnan, math.isinf, math.isfinite, math.exp])
def test_what_math_has_is_answered_with_what_fits(test):
    with pytest.raises(TypeError, match=r"autograd\.exp\(v\) for math\.exp\(v\), v != v for math\.isnan\(v\)"):
        test(Value(1.0))
    remedy = r"x != x for math\.isnan\(x\), abs\(x\) < math\.inf for math\.isfinite\(x\)"
    with pytest.raises(RecordingError, match=remedy):
        compile(lambda x: x if test(x) else 2.0 * x)(1.0)


def test_an_error_that_a_refusal_has_led_to_is_told_as_the_refusal():
    def loses_it(x):
        try:
            return x * x.data
        except TypeError:
            raise KeyError("lost") from None

    with pytest.raises(RecordingError, match=r"reading \.data") as caught:
        compile(loses_it)(1.0)
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(KeyError, match="own"):
        compile(lambda x: {}["own"])(1.0)


def test_a_value_is_no_whole_number_where_one_is_asked_for():
    with pytest.raises(TypeError, match="nin: expected a whole number, got Value Value"):
        nn.Neuron(Value(3.0))
    with pytest.raises(TypeError, match="rng: expected None, an int seed"):
        nn.Neuron(3, rng=Value(3.0))
    with pytest.raises(ValueError, match="argnums has Value"):
        compile(lambda x: x).grad(1.0, argnums=Value(0.0))
    with pytest.raises(TypeError, match="in_axes holds Value"):
        compile(lambda x: x, in_axes=Value(0.0))(np.ones(2))


@pytest.mark.parametrize("what", ["grad", "hessian", "backward"])
def test_derivatives_of_many_numbers_say_which_way_is_meant(what):
    x = np.array([1.0, 2.0])
    rest = r"\.jacobian has the derivatives of each" if what == "grad" else "let it give one of them, or their sum"
    row = r"if x, of shape \(2,\), is a batch, compile with in_axes=0; else "
    with pytest.raises(
        TypeError, match=rf"{what}: wants .* one number, this gives an array of shape \(2,\): {row}{rest}"
    ):
        getattr(compile(lambda x: x * x), what)(x)
    with pytest.raises(TypeError, match=rf"one number, this gives 2 numbers as \[\*, \*\]: {rest}"):
        getattr(compile(lambda x: [x, x]), what)(1.0)
    with pytest.raises(TypeError, match=rf"one number for a row, this gives an array of shape \(2,\): {rest}"):
        getattr(compile(lambda x: x * x, in_axes=0, reduce="sum"), what)(np.ones((3, 2)))


def test_a_compiled_functions_backward_is_documented_where_one_looks():
    assert "f.backward(x)" in Compiled.__call__.__doc__


# --- numbers of other libraries ---


class Tensor:
    """What arrays of PyTorch, JAX and TensorFlow have in common: a shape, a length, and that `size` may be a method."""

    def __init__(self, *numbers, shape=None):
        self.numbers, self.shape = numbers, (len(numbers),) if shape is None else shape

    def size(self):
        return self.shape

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __float__(self):
        (number,) = self.numbers
        return float(number)


class WithItem(Tensor):
    def item(self):
        return self.numbers[0]


@pytest.mark.parametrize("tensor", [Tensor, WithItem])
def test_a_tensor_of_one_number_is_that_number(tensor):
    for one in (tensor(1.5, shape=()), tensor(1.5), tensor(1.5, shape=(1, 1))):
        assert Value(one).data == autograd.dot([Value(1.0)], [one]).data == 1.5
    with pytest.raises(TypeError, match=r"got a (Tensor|WithItem) of one element: take its number with float\(\)"):
        Value(1.0).maximum(tensor(1.5))
    with pytest.raises(TypeError, match="got an array of 2 elements: make one Value of each"):
        Value(tensor(1.5, 2.5))
    assert count(tensor(1.0, 2.0)) == 2
    assert count(Tensor) is count(None) is count(1.0) is None


def test_pytorchs_own():
    torch = pytest.importorskip("torch")
    for one in (torch.tensor(1.5), torch.tensor([1.5]), torch.tensor(1.5, requires_grad=True), np.float32(1.5)):
        assert Value(one).data == autograd.exp(autograd.log(one)) == 1.5
    assert Value(torch.tensor(True)).data == 1.0
    with pytest.raises(TypeError, match="got an array of 2 elements"):
        Value(torch.tensor([1.5, 2.5]))
    with pytest.raises(TypeError, match="complex"):
        Value(torch.tensor(1.5j))


def test_jax_and_tensorflow_where_they_are_there():
    jax = pytest.importorskip("jax")
    assert Value(jax.numpy.array(1.5)).data == 1.5


# --- models and lists ---


@pytest.mark.parametrize(
    "batch", [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]] * 5, np.ones((5, 2)), [np.ones(2)] * 2, [(1.0, 2.0), (3.0, 4.0)]]
)
@pytest.mark.parametrize("model", [nn.MLP(2, [3, 1], rng=1), nn.Layer(2, 2, rng=1), nn.Neuron(2, rng=1)])
def test_a_model_called_on_a_batch_gives_a_batch(model, batch):
    def numbers(output):
        return [x.data for x in output] if isinstance(output, list) else output.data

    assert [numbers(output) for output in model(batch)] == [numbers(model(list(x))) for x in batch]
    with pytest.raises(ValueError, match=rf"sample 1: {type(model).__name__} expects 2 inputs, got 3"):
        model([[1.0, 2.0], [1.0, 2.0, 3.0]])


@pytest.mark.parametrize("function", [autograd.sum, autograd.logsumexp, lambda xs: autograd.dot(xs, [1.0])])
def test_functions_of_lists_say_so(function):
    for given, said in ((Value(1.0), "a Value"), (3.0, "float"), (None, "None"), (np.array(1.0), "a ndarray of one")):
        with pytest.raises(TypeError, match=f": expected a list of its operands, got {said}"):
            function(given)
    with pytest.raises(
        TypeError, match=": expected a real number, got a list of 1: make one Value of each, or do this"
    ):
        function([[1.0]])


def test_scores_in_an_array_are_decided_like_a_list():
    assert nn.decide(np.array([0.5, 2.0, 1.0])) == nn.decide([0.5, 2.0, 1.0]) == 1
    assert nn.decide(np.float64(-1.0)) == -1


# --- what is cut, is cut between words ---


def test_what_is_long_is_cut_between_words():
    with pytest.raises(
        TypeError, match=r"got MLP MLP of \[Layer of \[ReLUNeuron\(2\), ReLUNeuron\(2\), \.\.\.: draw what"
    ):
        as_roots(nn.MLP(2, [3, 1], rng=1), "draw")
    text = brief(nn.MLP(2, [3, 1], rng=1))
    assert len(text) <= 60
    assert text.endswith(" ...")
    assert brief([1.0, "a  b"]) == repr([1.0, "a  b"])
    assert brief("a" * 200) == "'" + "a" * 56 + "..."
    assert "\n" not in brief(np.ones((5, 5)))
    assert brief(10**5000) == "<int>"
    for most in (10, 20, 33):
        for x in (list(range(50)), "word " * 20, "x" * 50, np.ones((4, 4))):
            assert len(brief(x, most)) <= most
    assert shortened("short", 10) == "short"


class Unspeakable:
    def __repr__(self):
        raise ValueError("no")


def test_what_cannot_be_shown_hides_no_message():
    assert brief(Unspeakable()) == "<Unspeakable>"
    with pytest.raises(TypeError, match="nin: expected a whole number, got Unspeakable <Unspeakable>"):
        nn.Neuron(Unspeakable())
    with pytest.raises(TypeError, match="train: loss is <Unspeakable>; it is a function"):
        nn.train(nn.Neuron(1), [1.0], [1], Unspeakable(), nn.SGD([Value(1.0)], lr=0.1), epochs=1)
