"""Cells carry their column's name to the phone's row cards."""

from backend.plumbing.web.tables import labelled_cells


def test_each_cell_carries_the_name_of_its_column() -> None:
    rows = labelled_cells(
        '<tr class="sel"><td>甲</td><td class="r">1</td></tr><tr><td>乙</td></tr>', ["名称", ("次数", "r")]
    )
    assert rows == (
        '<tr role="row" class="sel"><td role="cell" data-label="名称">甲</td>'
        '<td role="cell" data-label="次数" class="r">1</td></tr>'
        '<tr role="row"><td role="cell" data-label="名称">乙</td></tr>'
    )


def test_a_column_without_a_name_gives_its_cells_none() -> None:
    assert (
        labelled_cells("<tr><td><b>甲</b></td></tr>", [("", "r")])
        == '<tr role="row"><td role="cell"><b>甲</b></td></tr>'
    )


def test_a_name_is_escaped() -> None:
    assert 'data-label="&lt;b&gt;"' in labelled_cells("<tr><td></td></tr>", ["<b>"])


def test_what_is_no_cell_is_left_alone() -> None:
    assert labelled_cells("<thead></thead>", ["名称"]) == "<thead></thead>"
