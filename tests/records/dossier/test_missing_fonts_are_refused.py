"""Without its fonts the program refuses to print and says which command mends it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.errors import Refusal
from backend.plumbing import pdf, pdf_fonts

pytestmark = pytest.mark.one_database


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    monkeypatch.setattr(pdf_fonts, "CONFIGURATION", bare)
    _forget()
    yield
    _forget()


def _forget() -> None:
    pdf_fonts.drawable_characters.cache_clear()
    pdf_fonts.serif_file.cache_clear()


@pytest.mark.usefixtures("no_fonts")
def test_the_self_test_names_the_command() -> None:
    with pytest.raises(Refusal, match="apt-get install -y fonts-noto-cjk") as refused:
        pdf_fonts.self_test()
    assert refused.value.problem.code == "pdf-fonts-unfit"


@pytest.mark.usefixtures("no_fonts")
def test_nothing_is_laid_out() -> None:
    with pytest.raises(Refusal, match="apt-get install -y fonts-noto-cjk"):
        pdf.lay_out("<p>正文")
