"""A sweep by `mpi4py.futures`, started by mpiexec: writes the results, pickled, to a file."""

import pickle
import sys
from pathlib import Path

from tests.sweeps.real import CASES, swept

if __name__ == "__main__":
    from mpi4py.futures import MPIPoolExecutor

    with MPIPoolExecutor(2) as executor:
        found = {name: swept(name, executor) for name in CASES}
    Path(sys.argv[1]).write_bytes(pickle.dumps(found))
