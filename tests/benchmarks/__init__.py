"""Times beside the peers: `make bench`. Never part of the tests, since a shared machine is a poor clock."""
