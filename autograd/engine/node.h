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

/* A class that adds no fields is made and freed as its base is, without the calls from class to class. */
static inline void take_slots(PyObject *type, PyObject *base) {
    PyTypeObject *b = (PyTypeObject *)base;
    for (PyTypeObject *t = (PyTypeObject *)type; t != b; t = t->tp_base) {
        t->tp_new = b->tp_new;
        t->tp_dealloc = b->tp_dealloc;
    }
}

/* A new instance as Cython's tp_new makes it, for nodes that no user constructs: all fields 0, those of objects None. */
static inline PyObject *new_zeroed(PyTypeObject *type) {
    PyObject *node = (PyObject *)PyObject_Malloc((size_t)type->tp_basicsize);
    if (node == NULL) return PyErr_NoMemory();
    memset(node, 0, (size_t)type->tp_basicsize);
    return PyObject_Init(node, type);
}

static inline void *none(void) {
    Py_INCREF(Py_None);
    return Py_None;
}

#define fill_with_none(node) ((node)->_x = none(), (node)->_y = none(), (node)->_fold = none())

/* The last object of a list, which gives up its reference to it: pop() without counting twice. */
static inline void *take_last(PyObject *list) {
    Py_ssize_t last = PyList_GET_SIZE(list) - 1;
    PyObject *object = PyList_GET_ITEM(list, last);
    Py_SET_SIZE(list, last);
    return object;
}

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
