"""The border: what comes in from outside and what goes out. Numbers, messages, files, the console, processes.

    wording     how messages speak of what they were given
    conversion  what counts as a number
    files       files that are written whole or not at all: whoever writes one goes through here
    forking     forked processes: what must be put right there
    console     what programs print, wherever that goes
    namesake    HIPS autograd told from us

Each file uses only those above it. May import: nothing of this package.
"""
