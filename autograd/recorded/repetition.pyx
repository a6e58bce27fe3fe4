"""A call like one before: from the arguments through the lanes to the answer, with no Python in between."""

cimport numpy as np
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_New, PyTuple_SET_ITEM
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

from autograd.recorded.forks cimport Crowd, Fork
from autograd.engine.listening cimport _listening, checkers, recorder
from autograd.engine.pausing cimport grad_enabled
from autograd.engine.reading cimport data_of
from autograd.replay.machine cimport Batch, Machine, any_is_nan
from autograd.values.value cimport Value
from numpy import array as array_of, float64, intp

from autograd.replay.memory import array_for_results
from autograd.replay.threads import size_of_share, smallest_share
from autograd.structures.trees import Static, static_key

np.import_array()

LARGEST_EXACT = 2**53  # far larger integers are no doubles: that is said elsewhere

cdef enum:
    FEW_PATHS = 4  # a batch that leaves so many paths is likely to be on several; a repetition after so many comes to the front
    NEVER = 0, ALWAYS, UNRECORDED  # may a Value stand for a number?


cdef class Leaf:
    """A leaf of the arguments, as it must be for the call to be alike.

    Args:
        leaf: A `layout.Leaf`; if it has a batch axis, the first.
        x: What it was.
        values: Whether a Value may stand for a number: see `Question`.
    """

    def __cinit__(self, leaf, x, str values):
        kinds = {"number": NUMBER, "array": ARRAY if leaf.axis is None else BATCH, "static": FIXED}
        self.kind, self.shape, self.size = kinds[leaf.kind], leaf.shape, leaf.size
        self.values = {"never": NEVER, "always": ALWAYS, "unrecorded": UNRECORDED}[values]
        if self.kind == FIXED:  # of others nothing is kept
            self.fixed = x.value if isinstance(x, Static) else x
            self.key = static_key(self.fixed)
            self.hashed = hash(self.key)

    cdef bint admits(self, object x) except -1:
        """True of an argument that is such a leaf, of one of the types that are by far the commonest."""
        cdef np.ndarray array
        cdef Py_ssize_t skipped = self.kind == BATCH, i
        if self.kind == NUMBER:
            if isinstance(x, Value):
                return self.values == ALWAYS or (self.values == UNRECORDED and not grad_enabled())
            return type(x) is float or type(x) is float64 or (type(x) is int and -LARGEST_EXACT <= x <= LARGEST_EXACT)
        if self.kind == FIXED:
            return self.is_fixed(x)
        if type(x) is not np.ndarray:
            return False
        array = x
        if np.PyArray_TYPE(array) != np.NPY_DOUBLE or not np.PyArray_ISBEHAVED_RO(array):
            return False
        if np.PyArray_NDIM(array) != len(self.shape) + skipped:
            return False
        for i in range(len(self.shape)):
            if np.PyArray_DIM(array, <int> (i + skipped)) != <Py_ssize_t> self.shape[i]:
                return False
        return True

    cdef bint is_fixed(self, object x) except -1:
        """True of a static argument that is what it was; the same object need not be, if it can change."""
        if type(x) is not type(self.fixed):
            return False
        if x is None or type(x) in (bool, int, str):
            return x == self.fixed
        key = static_key(x)
        try:
            return hash(key) == self.hashed and key == self.key
        except TypeError:  # not hashable: that is said elsewhere
            return False


cdef class Piece:
    """A number or an array of the answer; as `answers.Part` does it in Python."""

    def __cinit__(self, object part):
        self.part, self.begins, self.size, self.in_lanes = part, part.begins, part.size, part.in_lanes
        self.begin, self.shape = self.begins[0] if self.begins else 0, array_of(part.shape, dtype=intp)

    cdef object filled(self, const double *numbers, object lanes):
        """A float or an array of its own."""
        cdef int axes = <int> np.PyArray_DIM(self.shape, 0)
        cdef double *to
        if self.in_lanes:
            return self.part.fill(None, lanes) if axes else lanes[self.begin]
        if not axes:
            return numbers[self.begin]
        array = np.PyArray_EMPTY(axes, <np.npy_intp *> np.PyArray_DATA(self.shape), np.NPY_DOUBLE, 0)
        to = <double *> np.PyArray_DATA(array)
        for begin in self.begins:
            memcpy(to, numbers + <Py_ssize_t> begin, self.size * sizeof(double))
            to += self.size
        return array


cdef bint collect(object like, object x, list leaves) except -1:
    """Put the leaves of a structure into a list, where they are called by their numbers; False if it is not alike."""
    cdef Py_ssize_t i
    if type(like) is int:
        leaves[<Py_ssize_t> like] = x
        return True
    if like is None:
        return x is None
    if type(x) is not type(like) or len(x) != len(like):
        return False
    if type(like) is dict:
        for key, part in (<dict> like).items():
            if key not in <dict> x or not collect(part, (<dict> x)[key], leaves):
                return False
    elif type(like) is list:
        for i in range(len(<list> like)):
            if i >= len(<list> x) or not collect((<list> like)[i], (<list> x)[i], leaves):  # keys may run Python
                return False
    else:
        for i in range(len(<tuple> like)):
            if not collect((<tuple> like)[i], (<tuple> x)[i], leaves):
                return False
    return True


cdef object filled(object form, const double *numbers, object lanes):
    """The answer: a structure with numbers for pieces."""
    cdef Py_ssize_t i
    if type(form) is Piece:
        return (<Piece> form).filled(numbers, lanes)
    if type(form) is dict:
        return {key: filled(part, numbers, lanes) for key, part in (<dict> form).items()}
    if type(form) is list:
        return [filled(part, numbers, lanes) for part in <list> form]
    if type(form) is tuple:
        found = PyTuple_New(len(<tuple> form))
        for i in range(len(<tuple> form)):
            part = filled(<object> PyTuple_GET_ITEM(form, i), numbers, lanes)
            Py_INCREF(part)  # of which the tuple takes one
            PyTuple_SET_ITEM(found, i, part)
        return found
    return form


cdef class Repetition:
    """A call whose arguments have the structure, shapes and types of one before, and whose rows all take its path.

    Args:
        pattern: The positional arguments of that call, and those by keyword or their tangents, in plain tuples, lists
            and dicts, with the numbers of their leaves for leaves.
        leaves: What these are; first those of the arguments.
        primals: How many are those.
        captured: Values whose data are inputs too.
        machine: The program that gives what is asked for.
        guards: The program that tells whether rows take the path, or None.
        fork: What sends rows along several paths, in place of these two and the captured Values; or None.
        form: The answer, in plain tuples, lists and dicts, with Pieces in it.
        mean: Whether what the machine gives is to be divided by the number of rows, but for the `kept` first lanes.
        selects: Whether a nan in the answer asks for more care.
        most: How many rows are run in one go; for more there are threads.
        instructions: By how many for each row it is decided in which shares sums over rows are added up.

    Attributes:
        hits: How many calls it has answered, since that was last looked at.
    """

    def __cinit__(self, object pattern, list leaves, Py_ssize_t primals, list captured, Machine machine, Machine guards,
                  Fork fork, object form, bint mean, Py_ssize_t kept, bint selects, Py_ssize_t most,
                  object instructions):
        self.pattern, self.leaves, self.captured, self.machine, self.guards = pattern, leaves, captured, machine, guards
        self.fork, self.form, self.mean, self.kept, self.selects, self.most = fork, form, mean, kept, selects, most
        self.primals, self.instructions, self.least = primals, instructions, smallest_share(instructions)
        self.batches = sum([(<Leaf> leaf).kind == BATCH for leaf in leaves])
        self.guarding = sum([(<Leaf> leaf).kind == BATCH for leaf in leaves[:primals]])
        self.shared = sum([(<Leaf> leaf).size for leaf in leaves if (<Leaf> leaf).kind in (NUMBER, ARRAY)])
        self.before = sum([(<Leaf> leaf).size for leaf in leaves[:primals] if (<Leaf> leaf).kind in (NUMBER, ARRAY)])

    def __call__(self, tuple args, object others):
        """The answer; None if this is no such call, or one that asks for more care; False if it takes another path."""
        cdef list leaves = [None] * len(self.leaves)
        cdef Py_ssize_t i, n = 1 if not self.batches else -1
        cdef Leaf leaf
        if recorder() is not None or not collect(self.pattern, (args, others), leaves):
            return None
        for i in range(len(leaves)):
            leaf = self.leaves[i]
            if not leaf.admits(leaves[i]):
                return None
            if leaf.kind == BATCH:
                if n >= 0 and n != np.PyArray_DIM(leaves[i], 0):
                    return None
                n = np.PyArray_DIM(leaves[i], 0)
        if not 0 < n <= self.most:
            return None
        cdef Py_ssize_t room
        if self.fork is not None:
            room = self.shared + self.fork.sums + len(self.fork.captured)
        else:
            room = self.machine.template.shape[0] + 2 * self.machine.sums + self.machine.summed.shape[0]
        if self.guards is not None:
            room += self.guards.template.shape[0] + n
        cdef double *memory = <double *> malloc(room * sizeof(double))
        cdef Batch *batches = <Batch *> malloc((self.batches + 1) * sizeof(Batch))
        try:
            if memory == NULL or batches == NULL:
                raise MemoryError
            if self.fork is not None:
                return self.answer_along(leaves, memory, batches, n)
            return self.answer(leaves, memory, batches, n)
        finally:
            free(memory)
            free(batches)

    cdef object answer(self, list leaves, double *numbers, Batch *batches, Py_ssize_t n):
        """The answer; False if a row leaves the path, None where quick derivatives are nan and careful ones may not be."""
        cdef Machine machine = self.machine
        cdef double *sums = numbers + machine.template.shape[0]
        cdef double *of_share = sums + machine.sums
        cdef double *found = of_share + machine.sums
        cdef double *guarding = found + machine.summed.shape[0]
        cdef double *first_lane = NULL
        cdef Py_ssize_t i, k, count = machine.summed.shape[0], spread = 0, begin = 0
        cdef Py_ssize_t share = size_of_share(n, self.instructions) if machine.sums and n > self.least else n
        cdef bint done = True
        cdef double every
        memcpy(numbers, &machine.template[0], machine.template.shape[0] * sizeof(double))
        kept = self.take(leaves, numbers, batches)
        if self.guards is not None and not self.on_path(numbers, guarding, batches, n):
            return False
        lanes = None
        if machine.lane_outputs:
            lanes = array_for_results(machine.lane_outputs, n)
            first_lane = <double *> np.PyArray_DATA(lanes)
            spread = machine.lane_outputs * n
        memset(sums, 0, machine.sums * sizeof(double))
        with nogil:
            machine.start(numbers, n)
            while done and begin < n:
                memset(of_share, 0, machine.sums * sizeof(double))
                done = machine.work(numbers, batches, self.batches, first_lane, n, NULL, of_share, begin,
                                    min(begin + share, n))
                for i in range(machine.sums):
                    sums[i] += of_share[i]
                begin += share
            memcpy(numbers + machine.first_sum, sums, machine.sums * sizeof(double))
            machine.finish(numbers)
            for i in range(machine.steady.shape[0]):
                every = numbers[machine.steady[i, 1]]
                for k in range(n):
                    first_lane[machine.steady[i, 0] * n + k] = every
            for i in range(count):
                found[i] = numbers[machine.summed[i]]
        if not done:
            raise MemoryError
        return self.put_together(found, count, lanes, first_lane, spread, n, self.selects)

    cdef object answer_along(self, list leaves, double *numbers, Batch *batches, Py_ssize_t n):
        """The answer, where rows are on several paths; False and None as of `answer`."""
        cdef Fork fork = self.fork
        cdef Value captured
        cdef Py_ssize_t i
        cdef double *found = numbers + self.shared, *first_lane = NULL
        cdef Py_ssize_t spread = fork.lane_outputs * n
        cdef Crowd crowd
        kept = self.take(leaves, numbers, batches)
        lanes = None
        if spread:
            lanes = array_for_results(fork.lane_outputs, n)
            first_lane = <double *> np.PyArray_DATA(lanes)
        crowd.shared, crowd.n_shared, crowd.captured = numbers, self.before, found + fork.sums
        for i, captured in enumerate(fork.captured):
            found[fork.sums + i] = data_of(captured)
        crowd.extra, crowd.n_extra = numbers + self.before, self.shared - self.before
        crowd.batches, crowd.n_batches, crowd.n_guarding, crowd.n = batches, self.batches, self.guarding, n
        parts = fork.follow(&crowd, first_lane, n)
        if parts is None:
            return False
        fork.finish(parts, &crowd, found)
        return self.put_together(found, fork.sums, lanes, first_lane, spread, n, fork.wants_care(parts))

    cdef object put_together(self, double *found, Py_ssize_t count, object lanes, double *first_lane, Py_ssize_t spread,
                             Py_ssize_t n, bint careful):
        """The answer, from what is summed over n rows and what is found for each; None if a nan asks for more care."""
        cdef Py_ssize_t i
        if self.mean:
            for i in range(count):
                found[i] /= n
            for i in range(self.kept * n, spread):
                first_lane[i] /= n
        if careful and (any_is_nan(found, count) or any_is_nan(first_lane, spread)):
            return None
        return filled(self.form, found, lanes)

    cdef list take(self, list leaves, double *numbers, Batch *batches):
        """Put shared numbers where they belong (see `inputs.py`), describe batches; what must live on meanwhile."""
        cdef list kept = []
        cdef Py_ssize_t i, k, step, at = 0, batch = 0
        cdef Leaf leaf
        cdef np.ndarray array
        for i in range(len(leaves)):
            leaf = self.leaves[i]
            if i == self.primals:
                at = self.take_captured(numbers, at)
            if leaf.kind == NUMBER:
                x = leaves[i]
                numbers[at] = data_of(x) if isinstance(x, Value) else <double> x
                at += 1
            elif leaf.kind == ARRAY:
                array = np.PyArray_GETCONTIGUOUS(leaves[i])
                memcpy(numbers + at, np.PyArray_DATA(array), leaf.size * sizeof(double))
                at += leaf.size
            elif leaf.kind == BATCH:
                array = leaves[i]
                if np.PyArray_NDIM(array) > 2:
                    array = np.PyArray_GETCONTIGUOUS(array)
                    kept.append(array)
                step = np.PyArray_STRIDE(array, 1) if np.PyArray_NDIM(array) == 2 else sizeof(double)
                batches[batch].first = <const double *> np.PyArray_DATA(array)
                batches[batch].columns = leaf.size
                batches[batch].to_next_row = np.PyArray_STRIDE(array, 0) // <Py_ssize_t> sizeof(double)
                batches[batch].to_next_column = step // <Py_ssize_t> sizeof(double)
                batch += 1
        if len(leaves) == self.primals:
            self.take_captured(numbers, at)
        return kept

    cdef Py_ssize_t take_captured(self, double *numbers, Py_ssize_t at) except -1:
        """Put the captured Values there: where what follows them belongs."""
        cdef Value captured
        for captured in self.captured:
            numbers[at] = data_of(captured)
            at += 1
        return at

    cdef bint on_path(self, const double *inputs, double *numbers, const Batch *batches, Py_ssize_t n) except -1:
        """True, if all rows take the path."""
        cdef Machine guards = self.guards
        cdef Py_ssize_t i, varying = guards.guard_row >= 0
        cdef double *failed = numbers + guards.template.shape[0]
        cdef bint done
        memcpy(numbers, &guards.template[0], guards.template.shape[0] * sizeof(double))
        memcpy(numbers, inputs, guards.inputs * sizeof(double))
        with nogil:
            guards.start(numbers, n)
            done = not varying or guards.work(numbers, batches, self.guarding, NULL, n, failed, NULL, 0, n)
        if not done:
            raise MemoryError
        if guards.failed_guard(numbers):
            return False
        if varying:
            for i in range(n):
                if failed[i] != 0.0:
                    return False
        return True


cpdef bint is_key(argnums) except -1:
    """True of a whole number and a tuple of them; others may be equal to these, as True is, but are refused."""
    if type(argnums) is tuple:
        for k in <tuple> argnums:
            if type(k) is not int:
                return False
        return True
    return type(argnums) is int


def find(repetitions, kind, argnums, tuple args, object others):
    """The answer to a call, and the repetition that knew it; None, if none does. A method of `Repetitions`.

    Args:
        kind, argnums: What is asked: their key.
        args, others: The arguments by position; those by keyword, or tangents.
    """
    cdef Py_ssize_t i, left = 0
    cdef Repetition repetition
    if not is_key(argnums) or (_listening and checkers()):
        return None
    key = kind, argnums
    cdef tuple known = (<dict> repetitions.kept).get(key, ())
    for i in range(len(known)):
        repetition = known[i]
        found = repetition(args, others)
        if found is False:  # its rows take other paths
            left += repetition.batches > 0
            if left == FEW_PATHS:
                break
        elif found is not None:
            repetition.hits += 1
            if i >= FEW_PATHS:
                repetitions.bring_forward(key, repetition)
            return found, repetition
    return None
