"""Names in what is written: what a label or a function may be called in text, Python, C and LaTeX.

A name reaches a printer only through here. Labels are anybody's text; what comes out is a word of letters, digits and
`_` that stands for one slot, means nothing else in the language, and is spelled as Python reads it: Python takes
identifiers in Unicode's form NFKC, where U+017F "2" is `s2` and a bold x is `x` (PEP 3131).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from keyword import kwlist
from typing import Literal

from autograd.calculus.notation import c_name
from autograd.calculus.table import TABLE

__all__ = ["Language", "as_name", "beside", "function_name", "is_word", "one_line", "slot_names"]

Language = Literal["text", "python", "c", "latex"]

NUMBERS = {"inf", "nan"}
RESERVED = {
    "text": {*NUMBERS, "and", "not"},
    "python": {*kwlist, "__debug__", "autograd", "math", "ValueError"},
    "latex": NUMBERS,
}
"""What labels cannot be, since it is written for something else. In C inputs are `x[0]`, `x[1]`, whatever their labels.
"""

KEYWORDS_OF_C = """
    alignas alignof asm atomic_cancel atomic_commit atomic_noexcept auto bool break case catch char char16_t char32_t
    char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue
    decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if
    inline int long mutable namespace new noexcept nullptr operator private protected public reflexpr register
    reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch
    synchronized template this thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned
    using virtual void volatile wchar_t while and and_eq bitand bitor not not_eq or or_eq xor xor_eq
"""
"""Of C11, C23 and C++, and what C's iso646.h makes of operators."""

MATH_OF_C = """
    abs acos acosh acospi asin asinh asinpi atan atan2 atan2pi atanh atanpi canonicalize cbrt ceil compoundn copysign
    cos cosh cospi dadd ddiv decodebin decodedec dfma div dmul drem dsqrt dsub encodebin encodedec erf erfc exp exp10
    exp10m1 exp2 exp2m1 expm1 fabs fadd fdim fdiv ffma finite floor fma fmax fmaximum fmaximum_mag fmaximum_mag_num
    fmaximum_num fmin fminimum fminimum_mag fminimum_mag_num fminimum_num fmod fmul frexp fromfp fromfpx fsqrt fsub
    gamma getpayload hypot ilogb iscanonical iseqsig isfinite isgreater isgreaterequal isinf isless islessequal
    islessgreater isnan isnormal issignaling issubnormal isunordered iszero j0 j1 jn ldexp lgamma llogb llrint llround
    log log10 log10p1 log1p log2 log2p1 logb logp1 lrint lround modf nan nearbyint nextafter nextdown nexttoward nextup
    pow pow10 pown powr quantize quantexp quantum remainder remquo rint rootn round roundeven rsqrt samequantum scalb
    scalbln scalbn setpayload setpayloadsig signbit significand sin sincos sinh sinpi sqrt tan tanh tanpi tgamma
    totalorder totalordermag trunc ufromfp ufromfpx y0 y1 yn cabs cacos cacosh carg casin casinh catan catanh ccos ccosh
    cexp cimag clog clog10 conj cpow cproj creal csin csinh csqrt ctan ctanh
"""
"""Functions and macros of `math.h` and `complex.h`; most of them exist for other types too: `sinf`, `sinl`, `sinf32x`.
"""
OF_A_TYPE = re.compile(r"(?:f|l|f16|f32|f64|f128|f32x|f64x|f128x|d32|d64|d128|d64x|d128x)(?:_r)?|_r")
NARROWING = re.compile(r"[fd]\d+x?(?:add|div|fma|mul|sqrt|sub)(?:[fd]\d+x?)?")

LIBRARY_OF_C = """
    main linux unix i386 sun vax NULL I EOF errno math_errhandling assert complex imaginary double_t float_t size_t
    ptrdiff_t abort aligned_alloc alloca asctime asctime_r asprintf at_quick_exit atexit atof atoi atol atoll bsearch
    call_once calloc clearerr clock ctime ctime_r difftime exit fclose feof ferror fflush fgetc fgetpos fgets fgetwc
    fgetws fopen fprintf fputc fputc_unlocked fputs fputs_unlocked fputwc fputws fread free free_aligned_sized
    free_sized freopen fscanf fseek fsetpos ftell fwide fwprintf fwrite fwrite_unlocked fwscanf getc getchar getenv gets
    getwc getwchar gmtime gmtime_r imaxabs imaxdiv kill_dependency labs ldiv llabs lldiv localeconv localtime
    localtime_r longjmp malloc mblen mbrlen mbrtoc16 mbrtoc32 mbrtoc8 mbrtowc mbsinit mbsrtowcs mbstowcs mbtowc
    memalignment memccpy memchr memcmp memcpy memmove mempcpy memset memset_explicit mktime offsetof perror
    posix_memalign printf putc putc_unlocked putchar putchar_unlocked puts putwc putwchar qsort quick_exit raise rand
    realloc remove rename rewind scanf setbuf setjmp setlocale setvbuf signal snprintf sprintf srand sscanf stderr stdin
    stdout strftime swprintf swscanf system time timegm timespec_get timespec_getres tmpfile tmpnam ungetc ungetwc
    va_arg va_copy va_end va_start vasprintf vfprintf vfscanf vfwprintf vfwscanf vprintf vscanf vsnprintf vsprintf
    vsscanf vswprintf vswscanf vwprintf vwscanf wctob wctomb wctrans wctype wmemchr wmemcmp wmemcpy wmemmove wmemset
    wprintf wscanf c16rtomb c32rtomb c8rtomb btowc wcrtomb towctrans feclearexcept fegetenv fegetexceptflag fegetmode
    fegetround feholdexcept feraiseexcept fesetenv fesetexcept fesetexceptflag fesetmode fesetround fetestexcept
    fetestexceptflag feupdateenv isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace
    isupper isxdigit toascii tolower toupper iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower
    iswprint iswpunct iswspace iswupper iswxdigit towlower towupper access alarm bcmp bcopy bzero close connect
    dcgettext dgettext dup dup2 execl execle execlp execv execve execvp ffs ffsl ffsll fork fpclassify gettext index
    kill link lgamma_r listen mmap open pause pipe poll read rindex select send signgam sleep stat strfmon sync unlink
    usleep wait write
"""
"""The standard library, gcc's built-in functions, macros that it predefines, and calls of a system that a function of
the same name would take the place of in the whole program."""
FAMILY_OF_C = re.compile(
    r"_.*|(?:FP|M|MATH|HUGE|DEC|INT|UINT|FLT|DBL|LDBL|FE)_[A-Z0-9_]+|INFINITY|NAN"
    r"|(?:str|wcs|mem)(?:n?cat|chr|r?chr|n?cmp|n?casecmp|coll|n?cpy|c?spn|n?dup|error\w*|from\w|n?len|pbrk|r?str|sep"
    r"|to\w{1,5}|xfrm)|st[pr]n?cpy|(?:cnd|mtx|thrd|tss|atomic)_\w+"
)
"""Families: what begins with `_` belongs to the compiler; constants; functions of strings; threads."""

IN_BOTH = {*kwlist, *KEYWORDS_OF_C.split(), *MATH_OF_C.split(), *map(c_name, TABLE), *dir(math), "autograd", "math"}
TAKEN = {"python": IN_BOTH | RESERVED["python"], "c": IN_BOTH | set(LIBRARY_OF_C.split())}
"""What functions cannot be called. A keyword or a function of mathematics is refused in both languages: in whichever a
tape is written first, its name is one for the other too."""


def function_name(name: str, language: Language) -> str:
    """The name, if a function can have it.

    Raises:
        ValueError: it is no name in C and Python, or one of something else.

    >>> function_name("price", "c")
    'price'
    >>> function_name("round", "c")
    Traceback (most recent call last):
    ...
    ValueError: 'round' cannot be the name of a function: it has a meaning already in C or Python; choose another
    """
    if not (isinstance(name, str) and name.isidentifier() and name.isascii()):
        raise ValueError(f"{name!r} cannot be the name of a function: use letters, digits and _")
    if name in TAKEN[language] or (language == "c" and is_of_c(name)):
        raise ValueError(
            f"{name!r} cannot be the name of a function: it has a meaning already in C or Python; choose another"
        )
    return name


def is_of_c(name: str) -> bool:
    """Whether a name belongs to a family that C, its library or its compilers keep to themselves."""
    if FAMILY_OF_C.fullmatch(name) or NARROWING.fullmatch(name):
        return True
    stems = (name[:i] for i in range(max(1, len(name) - 6), len(name)) if OF_A_TYPE.fullmatch(name, i))
    return any(stem in IN_BOTH for stem in stems)


def slot_names(labels: Sequence[str], steps: int, language: Language) -> list[str]:
    """A name for each input and then for each step, all different.

    An input is called by its label, if that can be a name and is nobody else's, and else `x` with its number; a step
    is `s` with its number. What would meet a label so gets a `_` more.

    >>> slot_names(["rate", "x0", "", "a b"], 1, "text")
    ['rate', 'x0', 'x2', 'x3', 's4']
    >>> slot_names(["", "x0", "s2"], 1, "text")
    ['x0_', 'x0', 's2', 's3']
    """
    read = [as_name(label) for label in labels]
    counts = Counter(read)
    kept = [name if counts[name] == 1 and name not in RESERVED[language] else "" for name in read]
    taken = frozenset(kept)
    inputs = [name or beside(f"x{k}", taken) for k, name in enumerate(kept)]
    return inputs + [beside(f"s{k}", taken) for k in range(len(labels), len(labels) + steps)]


def as_name(label: str) -> str:
    """A label as Python reads it; nothing if it is no name, or has a sign in it: Python takes `a·b` for one name."""
    if not label.isidentifier():
        return ""
    name = unicodedata.normalize("NFKC", label)
    return name if all(c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" for c in name) else ""


def beside(name: str, taken: Set[str]) -> str:
    """The name, with a `_` or more after it if it is taken."""
    while name in taken:
        name += "_"
    return name


def is_word(label: str) -> bool:
    """Whether a label reads as the name of one thing in a formula: `w`, `layers.0.b`, `w[3]`; not `2`, `a*b` or `f(x)`.

    >>> [is_word(label) for label in ("w", "layers.0.b", "w[3]", "x'", "2", "a*b", "two words", "nan")]
    [True, True, True, True, False, False, False, False]
    """
    stem = re.sub(r"\[\w+\]|['.]\w*", "", label)
    return stem.isidentifier() and stem not in RESERVED["text"]


def one_line(text: str) -> str:
    r"""Text as part of a line: what breaks lines or has no picture (control characters, say) becomes U+FFFD.

    >>> ascii(one_line("a\nb"))
    "'a\\ufffdb'"
    """
    return "".join([c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text])
