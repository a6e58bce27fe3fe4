/* What a node of the compiled engine needs of CPython and Cython does not offer. */
#ifndef CHAINRULE_NODE_H
#define CHAINRULE_NODE_H
#include <Python.h>
#include <stddef.h>
#include <string.h>

/* An attribute dictionary that a node gets only when somebody hangs something on it; Cython's own is made with the node.
   Instances of `type` keep it where `node` has `field`, NULL until first used. */
static PyGetSetDef lazy_dict = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL};

static int give_lazy_dict(PyObject *type, PyObject *node, PyObject **field) {
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

/* How the class is called, for inspect and help(): CPython reads that at the head of the type's own docstring. */
static int give_signature(PyObject *type, const char *signature) {
    PyTypeObject *t = (PyTypeObject *)type;
    size_t head = strlen(signature), rest = strlen(t->tp_doc) + 1;
    char *doc = PyMem_RawMalloc(head + rest);
    if (doc == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(doc, signature, head);
    memcpy(doc + head, t->tp_doc, rest);
    t->tp_doc = doc;
    return 0;
}

/* A list of dying objects, linked through 8 bytes of each that nobody will read again: a partial of a Value, a spare
   field of a Fold. The macros know the structs where they are used; `node` may be any Value. */
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

#define VALUE_LINK(node) ((char *)&(node)->_dx - (char *)(node))
#define FOLD_LINK(node) ((char *)&(node)->_fold->link - (char *)(node)->_fold)
#define leave_x(node, dying) leave((PyObject **)&(node)->_x, VALUE_LINK(node), dying)
#define leave_y(node, dying) leave((PyObject **)&(node)->_y, VALUE_LINK(node), dying)
#define leave_fold(node, dying) leave((PyObject **)&(node)->_fold, FOLD_LINK(node), dying)
#define take_value(node, dying) take(dying, VALUE_LINK(node))
#define take_fold(node, dying) take(dying, FOLD_LINK(node))
#endif
