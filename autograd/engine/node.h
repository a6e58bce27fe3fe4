/* What a node of the compiled engine needs of CPython and Cython does not offer. */
#ifndef CHAINRULE_NODE_H
#define CHAINRULE_NODE_H
#include <Python.h>
#include <stddef.h>
#include <string.h>

/* An attribute dictionary that a node gets only when somebody hangs something on it; Cython's own is made with the node.
   Instances of `type` keep it where `node` has `field`, NULL until first used. */
static PyGetSetDef lazy_dict = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL};

static inline int give_lazy_dict(PyObject *type, PyObject *node, PyObject **field) {
    PyTypeObject *t = (PyTypeObject *)type;
    PyObject *descriptor = PyDescr_NewGetSet(t, &lazy_dict);
    if (descriptor == NULL) return -1;
    t->tp_dictoffset = (char *)field - (char *)node;
#ifdef Py_TPFLAGS_IMMUTABLETYPE
    t->tp_flags &= ~Py_TPFLAGS_IMMUTABLETYPE; /* a user may give the class methods of their own, as one of Python */
#endif
    int failed = PyDict_SetItemString(t->tp_dict, "__dict__", descriptor);
    Py_DECREF(descriptor);
    PyType_Modified(t);
    return failed;
}

/* Where the class is found, and how it is called, for inspect and help(): CPython reads that at the head of the type's
   own docstring. */
static inline char *put_together(const char *begin, const char *end) {
    size_t head = strlen(begin), rest = strlen(end) + 1;
    char *text = PyMem_RawMalloc(head + rest);
    if (text == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(text, begin, head);
    memcpy(text + head, end, rest);
    return text;
}

static inline int give_signature(PyObject *type, const char *name, const char *signature) {
    PyTypeObject *t = (PyTypeObject *)type;
    char *kept = put_together(name, ""), *doc = put_together(signature, t->tp_doc); /* for as long as the class lives */
    if (kept == NULL || doc == NULL) return -1;
    t->tp_name = kept;
    t->tp_doc = doc;
    return 0;
}

/* Storage of a few dead nodes, kept for the next. With one node alive in it, an arena of Python's memory is not given back
   to the system between two graphs, and asked for again page by page: a fifth of the time to make a graph of 60,000.
   Few, because each may keep an arena. */
enum { SPARE_NODES = 16 };
static void *kept[SPARE_NODES];
static int kept_count;

static void keep_storage(void *node) {
    if (kept_count < SPARE_NODES) kept[kept_count++] = node;
    else PyObject_Free(node);
}

static inline void *take_storage(size_t size) { return kept_count ? kept[--kept_count] : PyObject_Malloc(size); }

/* A class that adds no fields is made and freed as its base is, without the calls from class to class. The base is freed
   by `bury`: Cython's own way lays an exception in flight aside for each node, `bury` where Python may run. */
static inline void take_slots(PyObject *type, PyObject *base, destructor bury) {
    PyTypeObject *b = (PyTypeObject *)base;
    b->tp_dealloc = bury;
    b->tp_free = keep_storage; /* a class of a user's own has Python's */
    for (PyTypeObject *t = (PyTypeObject *)type; t != b; t = t->tp_base) {
        t->tp_new = b->tp_new;
        t->tp_dealloc = b->tp_dealloc;
        t->tp_free = b->tp_free;
    }
}

#define is_buried_by(node, bury) (Py_TYPE(node)->tp_dealloc == (bury))
#define give_storage_back(node) Py_TYPE(node)->tp_free((PyObject *)(node))

/* A new instance for nodes that no user constructs, and its fields as Cython's tp_new has them: all 0, those of objects
   None. */
static inline PyObject *new_bare(PyTypeObject *type) {
    PyObject *node = take_storage((size_t)type->tp_basicsize);
    if (node == NULL) return PyErr_NoMemory();
#if PY_VERSION_HEX >= 0x030C0000 || defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS)
    return PyObject_Init(node, type);
#else /* the same without two calls: a class in C is not counted by its instances */
    Py_SET_TYPE(node, type);
    Py_SET_REFCNT(node, 1);
    return node;
#endif
}

static inline void *none(void) {
    Py_INCREF(Py_None);
    return Py_None;
}

#define clear_fields(node) \
    (memset((char *)(node) + sizeof(PyObject), 0, sizeof *(node) - sizeof(PyObject)), \
     (node)->_x = none(), (node)->_y = none(), (node)->_fold = none())

#define take_kept(pile) ((void *)(pile)->items[--(pile)->count])

/* A list of dying objects, linked through 8 bytes of each that nobody will read again: a partial of a node, a spare
   field of a Fold. The macros know the structs where they are used; `node` may be any node. */
static inline void leave(PyObject **field, ptrdiff_t link, PyObject **dying) {
    PyObject *object = *field;
    *field = NULL;
    if (object == NULL) return;
    if (object == Py_None || Py_REFCNT(object) > 1) {
        Py_DECREF(object);
    } else {
        memcpy((char *)object + link, dying, sizeof *dying);
        *dying = object;
    }
}

static inline PyObject *take(PyObject **dying, ptrdiff_t link) {
    PyObject *object = *dying;
    memcpy(dying, (char *)object + link, sizeof *dying);
    return object;
}

#define NODE_LINK(node) ((char *)&(node)->_dx - (char *)(node))
#define FOLD_LINK(node) ((char *)&(node)->_fold->link - (char *)(node)->_fold)
#define leave_x(node, dying) leave((PyObject **)&(node)->_x, NODE_LINK(node), dying)
#define leave_y(node, dying) leave((PyObject **)&(node)->_y, NODE_LINK(node), dying)
#define leave_fold(node, dying) leave((PyObject **)&(node)->_fold, FOLD_LINK(node), dying)
#define take_node(node, dying) take(dying, NODE_LINK(node))
#define take_fold(node, dying) take(dying, FOLD_LINK(node))
#endif
