/* An attribute dictionary that a node gets only when somebody hangs something on it; Cython's own is made with the node. */
#ifndef CHAINRULE_NODE_H
#define CHAINRULE_NODE_H
#include <Python.h>

static PyGetSetDef lazy_dict = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL};

/* Instances of `type` keep their dictionary where `node` has `field`, NULL until first used. */
static int give_lazy_dict(PyObject *type, PyObject *node, PyObject **field) {
    PyTypeObject *t = (PyTypeObject *)type;
    PyObject *descriptor = PyDescr_NewGetSet(t, &lazy_dict);
    if (descriptor == NULL) return -1;
    t->tp_dictoffset = (char *)field - (char *)node;
    int failed = PyDict_SetItemString(t->tp_dict, "__dict__", descriptor);
    Py_DECREF(descriptor);
    PyType_Modified(t);
    return failed;
}
#endif
