"""`metadata/dat46.xml`: the dossier described with the elements of DA/T 46-2009 (文书类电子文件元数据方案).

The elements carry the standard's Chinese names and nesting; elements the dossier has no value for are left out.
"""

from collections.abc import Sequence
from xml.etree import ElementTree

from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier

NAMESPACE = "urn:yaohao:dat46:1"

Branch = Sequence[tuple[str, "str | Branch"]]


def dat46_xml(content: DossierContent, bound: BoundDossier) -> bytes:
    """The XML, UTF-8, the same bytes for the same dossier."""
    root = ElementTree.Element("电子文件元数据", {"xmlns": NAMESPACE, "方案": "DA/T 46-2009"})
    _grow(root, _record(content, bound))
    for name, role in _people(content):
        _grow(root, [("机构人员实体", [("机构人员类型", role), ("机构人员名称", name)])])
    for line in content.audit.lines if content.audit else ():
        _grow(
            root,
            [
                (
                    "业务实体",
                    [
                        ("业务行为", line.verb),
                        ("行为时间", _moment(line.at)),
                        ("行为描述", f"{line.actor} {line.subject}"),
                    ],
                )
            ],
        )
    ElementTree.indent(root)
    octets: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return octets + b"\n"


def _record(content: DossierContent, bound: BoundDossier) -> Branch:
    mark, agency = content.shelfmark, content.agency
    return [
        (
            "文件实体",
            [
                ("聚合层次", "案卷"),
                ("来源", [("全宗名称", agency.name), ("立档单位名称", agency.name)]),
                ("电子文件号", content.visit_id),
                (
                    "档号",
                    [
                        ("完整档号", mark.reference or ""),
                        ("全宗号", agency.fonds_no),
                        ("年度", (mark.archive_no or "").partition("-")[0]),
                        ("保管期限", mark.retention),
                        ("机构或问题", agency.department),
                        ("室编案卷号", mark.archive_no or ""),
                    ],
                ),
                (
                    "内容描述",
                    [
                        ("题名", mark.title),
                        ("文件编号", mark.file_number),
                        ("责任者", agency.name),
                        ("人名", content.party.principal),
                        ("日期", f"{mark.begun_on.isoformat()}/{mark.ended_on.isoformat()}"),
                        ("文种", "案卷"),
                        ("主题词", "；".join(matter.name for matter in content.matters)),
                    ],
                ),
                (
                    "形式特征",
                    [
                        ("文件组合类型", "组合文件"),
                        ("件数", str(len(bound.printed))),
                        ("页数", str(bound.pages)),
                        ("语种", "zh-CN"),
                        ("稿本", "正本"),
                    ],
                ),
                (
                    "电子属性",
                    [
                        ("格式信息", "PDF/A-3a; PDF/UA-1"),
                        ("计算机文件名", "data/dossier.pdf"),
                        ("计算机文件大小", str(len(bound.pdf))),
                        ("文档创建程序", content.software),
                        ("信息系统描述", "摇号 双随机、一公开监管"),
                    ],
                ),
                ("附注", f"卷内数据指纹 SHA-256 {bound.fingerprint}"),
            ],
        )
    ]


def _people(content: DossierContent) -> list[tuple[str, str]]:
    mark = content.shelfmark
    return [
        (content.agency.name, "单位"),
        *((member.name, "个人：检查人员") for member in content.team),
        (content.closing.bound_by, "个人：立卷人"),
        (mark.sealed_by or "", "个人：封存人"),
    ]


def _moment(value: object) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _grow(parent: ElementTree.Element, branches: Branch) -> None:
    for name, content in branches:
        if isinstance(content, str):
            if content:
                ElementTree.SubElement(parent, name).text = content
        else:
            _grow(ElementTree.SubElement(parent, name), content)
