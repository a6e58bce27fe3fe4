"""What transforms say of arguments that they cannot take: who asks, the value, what to do."""

import numpy as np
import pytest

from autograd import Value, fixed_point, ggn_vp, grad, hessian, hvp, propagate, root, taylor, value_and_grad


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda x: root(lambda z, a: z * z - a, x, 2.0), "root of .*: x0"),
        (lambda x: fixed_point(lambda z, a: z * a, x, 2.0), "fixed_point of .*: x0"),
        (lambda x: taylor(lambda z: z, x, 2), "taylor of .*: argument 0"),
        (lambda x: propagate(lambda z: z[0], x, 1.0), "propagate of .*: argument 0"),
    ],
)
@pytest.mark.parametrize("x", [1j, None, "1"])
def test_no_advice_that_cannot_be_followed(act, says, x):
    with pytest.raises(TypeError, match=f"{says}: .* not a real number: give real numbers alone") as caught:
        act(x)
    assert "argnums" not in str(caught.value)


def test_where_argnums_can_be_given_it_is_advised():
    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match="differentiate by other arguments, with argnums"):
            transform(lambda x: x)(1j)


def test_who_asked_is_named():
    with pytest.raises(TypeError, match=r"^ggn_vp: the loss, hvp of <lambda>: the function gives 2 numbers"):
        ggn_vp(lambda w: [w[0] * 2.0, w[1]], lambda z: [z[0], z[1]], ([2.0, 3.0],), ([1.0, 0.0],))
    with pytest.raises(TypeError, match=r"^value_and_grad of <lambda>: the function gives 2 numbers"):
        value_and_grad(lambda x: [x, x])(2.0)
    with pytest.raises(TypeError, match=r"^hvp of <lambda>: the function gives 2 numbers"):
        hvp(lambda x: [x, x], (2.0,), (1.0,))


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert taylor(lambda x: x * x, 3.0, np.int64(3)) == [9.0, 6.0, 1.0, 0.0]
    assert grad(lambda x, y: x * y, argnums=np.int64(1))(2.0, 3.0) == 2.0
    assert grad(lambda x, y: x * y, argnums=(np.int32(1), 0))(2.0, 3.0) == (2.0, 3.0)
    assert hessian(lambda x, y: x * y * y, argnums=np.int8(-1))(2.0, 3.0) == 4.0
    for wrong in (True, 1.0, Value(1.0), np.bool_(True)):
        with pytest.raises(TypeError, match="expected a whole number"):
            taylor(lambda x: x, 1.0, wrong)
        with pytest.raises(TypeError, match="expected whole numbers"):
            grad(lambda x, y: x, argnums=wrong)(1.0, 2.0)
