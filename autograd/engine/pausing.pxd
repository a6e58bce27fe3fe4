cdef set _paused
cdef int _pausing                 # how many blocks are open, in any thread
cdef object count()
cpdef bint grad_enabled() except -1
