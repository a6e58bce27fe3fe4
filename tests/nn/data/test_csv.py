"""Files are read whatever their dialect, and what is wrong in one is named by its line."""

import csv
import io
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import read_csv

IRIS = "length,width,species\n5.1,3.5,setosa\n6.2,2.9,other\n"
XS, YS = [[5.1, 3.5], [6.2, 2.9]], ["setosa", "other"]


def read(contents, *arguments, **options):
    return read_csv(io.StringIO(contents), *arguments, **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_dialects_are_found_out(tmp_path, delimiter, end, mark):
    file = tmp_path / "iris.csv"
    file.write_bytes((mark + IRIS.replace(",", delimiter).replace("\n", end)).encode())
    for path in (file, str(file)):
        table = read_csv(path, target="species")
        assert table == (XS, YS)
        assert (table.columns, table.target) == (["length", "width"], "species")
    assert read_csv(file, target="species", delimiter=delimiter) == table
    with open(file, "rb") as opened:
        assert read_csv(opened, target=-1) == table


def test_numbers_between_spaces():
    assert read("1.0   2.5 3\n 4 5   6 \n", target=-1) == ([[1.0, 2.5], [4.0, 5.0]], [3, 6])
    assert read("a b\n1 2\n") == ([[1.0, 2.0]], None)
    assert read("notes\nnew york\nold town\n", text="keep").xs == [["new york"], ["old town"]]


def test_decimals_behind_a_comma():
    assert read("a;b\n1,5;2\n-2,25;1e3\n", decimal=",") == ([[1.5, 2.0], [-2.25, 1000.0]], None)
    with pytest.raises(ValueError, match=r"line 2, column 'a': '1\.234,5' is no number"):
        read("a;b\n1.234,5;2\n", decimal=",")
    with pytest.raises(ValueError, match=r"line 2, column 'a': '1\.234' is no number"):  # thousands, or a decimal?
        read("a;b\n1.234;2\n", decimal=",")


def test_what_is_quoted_may_hold_anything():
    text = 'name,"size, in cm",y\n"a ""b""\nc",1,0\n"d;e",2,1\n'
    table = read(text, target="y", text="keep")
    assert table.columns == ["name", "size, in cm"]
    assert table.xs == [['a "b"\nc', 1.0], ["d;e", 2.0]]
    assert read("'a,b',1\n'c,d',2\n", quote="'", text="keep").xs == [["a,b", 1.0], ["c,d", 2.0]]
    with pytest.raises(ValueError, match="line 5, column 'y': 'x' is no number"):  # the line it starts in
        read('a,y\n"1\n",2\n3,4\n5,x\n7,8\n')


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(
    st.lists(st.tuples(cells, st.floats(allow_nan=False, allow_infinity=False)), min_size=1), st.sampled_from(",;\t|")
)
def test_what_was_written_is_read(rows, delimiter):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["text", "number"])
    writer.writerows([f"<{text}>", x] for text, x in rows)
    table = read(file.getvalue(), target="number", delimiter=delimiter, text="keep")
    assert table == ([[f"<{text}>".strip()] for text, _ in rows], [x for _, x in rows])


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("1,2\n3,4\n", False),
        ("a,b\n1,2\n", True),
        ("0,1,target\n1.5,2,3\n", True),  # as pandas writes columns that have numbers for names
        ("5.1,setosa\n6.2,other\n", False),
        ("colour,kind\nred,a\nblue,b\n", True),
        ("?,1\n2,3\n", False),  # a missing number names no column
        ("a,2019\n1,2\n", True),
        ("true,false\nfalse,true\n", False),
    ],
)
def test_a_header_is_found_out(text, header):
    count = text.count("\n")
    for told in (None, header):
        table = read(text, header=told, text="keep", missing=0)
        assert len(table.xs) == count - header
        first = text.split("\n")[0].split(",")
        assert table.columns == (first if header else [f"x{j}" for j in range(len(first))])


def test_a_header_is_what_one_says_it_is():
    assert read("1,2\n3,4\n", header=True, target="2") == ([[3.0]], [4])
    assert read("a,b\nc,d\n", header=False, text="keep").xs == [["a", "b"], ["c", "d"]]
    assert read("a,\n1,2\n").columns == ["a", "x1"]


def test_labels_are_what_the_file_says():
    def labels(*ys):
        return read("a,y\n" + "".join(f"1,{y}\n" for y in ys), target="y").ys

    for written, wanted in (
        (("1", "0"), [1, 0]), (("-1", " 1"), [-1, 1]), (("1.0", "2"), [1.0, 2.0]), (("true", "False"), [True, False]),
        (("b", "a"), ["b", "a"]), (("1", "b", "c"), ["1", "b", "c"]),
    ):  # fmt: skip
        assert labels(*written) == wanted
        assert list(map(type, labels(*written))) == list(map(type, wanted))


def test_as_many_numbers_as_text_are_numbers_but_in_labels():
    tied = "a,b,y\n1,2,7\n3,four,b\n"
    assert read(tied, target="y", columns=["a"]).ys == ["7", "b"]
    assert read(tied, target="y", text="keep").xs == [[1.0, "2"], [3.0, "four"]]
    assert read(tied + "5,six,c\n", target="y", columns=["b"], text="one_hot").features == ["b=2", "b=four", "b=six"]
    with pytest.raises(ValueError, match="line 3, column 'y': 'b' is no number: mend it"):
        read(tied + "5,6,7\n", target="y", columns=["a"])


def test_columns_of_one_name_are_chosen_by_their_places():
    assert read("a,a,y\n1,2,3\n", target="y", columns=[1, 0]) == ([[2.0, 1.0]], [3])
    assert read("a,a\n1,2\n", target=0) == ([[2.0]], [1])
    assert read("a,a,y\n1,2,3\n", target="y", columns=[1]).columns == ["a"]


def test_what_is_missing_is_named_by_its_line():
    text = "a,b,y\n1,2,0\n,5,1\n\n3,NA,0\n8,?,1\n6,1,1\n"
    with pytest.raises(
        ValueError, match="line 3, column 'a': it is missing, as something is in 3 rows: missing='drop'"
    ):
        read(text, target="y")
    assert read(text, target="y", missing="drop") == ([[1.0, 2.0], [6.0, 1.0]], [0, 1])
    assert read(text, target="y", missing="median").xs == [[1, 2], [4.5, 5], [3, 2], [8, 2], [6, 1]]
    assert read(text, target="y", missing="mean").xs[2][1] == pytest.approx(8 / 3)
    assert read(text, target="y", missing=-1, columns=["b"]).xs == [[2], [5], [-1], [-1], [1]]
    with pytest.raises(ValueError, match=r"line 2, column 'y': it is missing: missing='drop' leaves such rows out$"):
        read("a,y\n1,nan\n", target="y", missing="mean")
    with pytest.raises(ValueError, match="line 5, column 'b': 'NA' is no number, nor 1 more of 5: mend it"):
        read(text, target="y", columns=["b"], marks=[""])
    assert read("a,b\nNA,1\nEU,2\n", marks=[""], text="one_hot").features == ["a=EU", "a=NA", "b"]
    assert read("a,b\nx,1\n,2\nx,3\n", text="one_hot", missing="mean").xs == [[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]


def test_text_becomes_numbers_by_categories_and_other_files_follow():
    table = read("colour,size,y\nred,1,5.5\nblue,2,6.5\n7,3,1.5\n", target="y", text="one_hot")
    assert table.features == ["colour=7", "colour=blue", "colour=red", "size"]
    assert table.xs == [[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 2.0], [1.0, 0.0, 0.0, 3.0]]
    other = read("size,y,colour\n4,0,7\n", columns=table.columns, text=table.encoder)  # in another order, all numbers
    assert other.xs == [[1.0, 0.0, 0.0, 4.0]]
    with pytest.raises(ValueError, match=r"'rde' of sample 0 is none of .*; did you mean 'red'\?"):
        read("colour,size\nrde,1\n", text=table.encoder)


def test_delimiters_at_the_ends_of_lines():
    assert read("a,b,\n1,2,\n3,4,\n", target="b") == ([[1.0], [3.0]], [2, 4])
    assert read("a,b,\n1,2,9\n", target="b") == ([[1.0, 9.0]], [2])


def test_numbers_are_read_as_python_reads_them():
    numbers = [0.1, 1e-300, -2.5e10, 5e-324, 1.7976931348623157e308, 123456789.123456789]
    assert read("a\n" + "".join(f"{x!r}\n" for x in numbers)).xs == [[x] for x in numbers]
    with pytest.raises(ValueError, match="line 2, column 'a': '1_000' is no number"):
        read("a,b\n1_000,1\n", header=True)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "read_csv: the file is empty"),
        ("\n \n\n", {}, "the file is empty"),
        ('""', {}, "the file is empty but for quotes"),
        ("a,b\n", {"header": True}, "there is a header and no row below it"),
        ("a,b\n1,2\n3\n4,5\n", {}, "line 3: 1 value where line 1 has 2; ',' was taken for the delimiter"),
        ("a,b\n1,2\n3,4,5\n4\n", {"delimiter": ","}, "line 3: 3 values where line 1 has 2, and 1 more are as ragged$"),
        ("a,b\n1,2\n3,x\n5,6\n", {}, "line 3, column 'b': 'x' is no number: mend it, or leave the column out"),
        ("a,b\n1,x\n3,y\n", {}, "line 2, column 'b': 'x' is no number, nor 1 more of 2: text='one_hot' makes numbers"),
        (
            "x,y,c\n1,2,a\n3,four,b\n",
            {"target": "c"},
            "line 3, column 'y': 'four' is no number, where line 2 has 2: mend it",
        ),
        (
            "y\nfour\n2\n",
            {"header": True, "text": "one_hot"},
            "line 2, column 'y': 'four' is no number, where line 3 has 2",
        ),
        (
            "a,b\n1,7\n3,x\n5,y\n",
            {},
            "line 3, column 'b': 'x' is no number, nor 1 more of 3, where line 2 has 7: text='one",
        ),
        ("a,b\n", {}, "there is a header and no row below it"),
        ("a,b\n", {"target": "b", "text": "keep"}, "there is a header and no row below it"),
        ("a,b\n", {"target": -1, "text": "one_hot"}, "there is a header and no row below it"),
        (
            "a,a,y\n1,2,3\n",
            {"target": "y"},
            "2 columns are called 'a': give them names of their own, or choose by their",
        ),
        ("a,b\n1,2\n3,inf\n", {}, "line 3, column 'b': inf is not finite"),
        ("a,b\n1,2\n3,1e999\n", {}, "line 3, column 'b': inf is not finite"),
        ("a,b\n1,2\n", {"target": "c"}, "there is no column 'c'; there are a, b"),
        ("length,b\n1,2\n", {"target": "lenght"}, r"there is no column 'lenght'; did you mean 'length'\?"),
        ("a,b\n1,2\n", {"columns": ["d"]}, "there is no column 'd'"),
        ("a,b\n1,2\n", {"target": 2}, "there is no column 2; there are 2"),
        ("a,a\n1,2\n", {"target": "a"}, "2 columns are called 'a': give the place of one, from 0"),
        ('a,b\n1,"2\n3,4\n', {"delimiter": ","}, "line 2: a quote is opened and never closed"),
        ('a,b\n"1"x,2\n', {"delimiter": ","}, "line 2: ',' expected after '\"'"),
        ("a,b\n1," + "9" * 200_000 + "\n", {"delimiter": ","}, "line 2: field larger than field limit"),
        ("a\n1\n", {"delimiter": "ab"}, "delimiter is 'ab'; it is one character"),
        ("a\n1\n", {"delimiter": "\n"}, r"delimiter is '\\n'; it is one character"),
        ("a\n1\n", {"quote": ""}, "quote is ''; it is one character"),
        ("a\n1\n", {"decimal": "·"}, "decimal is '·'; it is '.' or ','"),
        ("a\n1\n", {"delimiter": ",", "decimal": ","}, "',' cannot be the delimiter, and before decimals"),
        ("a\n1\n", {"missing": "skip"}, "missing is 'skip'; it is 'error', 'drop'"),
        ("a\n1\n", {"text": "drop"}, "text is 'drop'; it is 'error', 'one_hot'"),
        ("y\n1\n", {"target": "y"}, "no columns are left to make samples of"),
    ],
)
def test_files_that_are_refused(text, options, message):
    with pytest.raises(ValueError, match=message):
        read(text, **options)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ("a,b\n1,é\n".encode("latin-1"), "line 2: byte 0xe9 is not UTF-8: .* perhaps encoding='latin-1'"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: byte 0xff is not UTF-8: .* perhaps encoding='utf-16'"),
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
    ],
)
def test_files_in_another_encoding_are_refused(tmp_path, contents, message):
    file = tmp_path / "data.csv"
    file.write_bytes(contents)
    with pytest.raises(ValueError, match=f"{re.escape(str(file))}.*{message}"):
        read_csv(file)


def test_files_in_another_encoding_are_read_if_one_says_so(tmp_path):
    file = tmp_path / "data.csv"
    file.write_bytes("name,y\né,1\nü,2\n".encode("latin-1"))
    assert read_csv(file, target="y", text="keep", encoding="latin-1").xs == [["é"], ["ü"]]
    file.write_bytes("a,b\n1,2\n".encode("utf-16"))
    assert read_csv(file, encoding="utf-16") == ([[1.0, 2.0]], None)
    with pytest.raises(ValueError, match="there is no encoding 'utf-9'; 'utf-8' and 'latin-1' are two"):
        read_csv(file, encoding="utf-9")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(OSError, match="directory"):
        read_csv(tmp_path)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_one_error(contents):
    try:
        table = read_csv(io.BytesIO(contents), missing=0.0, text="one_hot")
    except ValueError:
        return
    assert all(math.isfinite(x) for row in table.xs for x in row)
    assert len({len(row) for row in table.xs}) == 1


@given(st.text('ab1.,;\t "\n-', max_size=60))
def test_any_text_gives_a_table_or_one_error(text):
    try:
        table = read(text, missing=0.0, text="one_hot")
    except ValueError:
        return
    assert all(math.isfinite(x) for row in table.xs for x in row)
    assert len({len(row) for row in table.xs}) == 1
