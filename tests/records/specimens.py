"""A made-up dossier, complete and lifelike, from which every test takes what it needs."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from backend.core.errors import Citation
from backend.records.documents.content import (
    Agency,
    Approval,
    AuditExtract,
    AuditLine,
    Checklist,
    ChecklistItem,
    ChecklistSection,
    Closing,
    Companion,
    Correction,
    Delivery,
    DossierContent,
    DrawProof,
    DrawWitness,
    EvidenceFile,
    Gap,
    InspectionNotice,
    Matching,
    Matter,
    MatterResult,
    Objection,
    OnSiteRecord,
    Party,
    Photo,
    PreCheck,
    Publication,
    ReceivedList,
    RectificationOrder,
    Recusal,
    Referral,
    Reinforcement,
    Replacement,
    ReservedNumber,
    ResultReport,
    Shelfmark,
    Signature,
    SigningRefusal,
    TaskNotice,
    TeamMember,
)

NOON = datetime(2026, 7, 28, 1, 34, tzinfo=UTC)
SEALED_AT = datetime(2026, 8, 24, 7, 20, tzinfo=UTC)
SIGNED_AT = datetime(2026, 7, 24, 1, 25, tzinfo=UTC)
ARTICLE_15 = Citation("003", "15", "当事人拒绝签字盖章的，检查人员应在检查记录上注明情况并签名")
ARTICLE_19 = Citation("003", "19")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def strokes(seed: int) -> str:
    """A signature as a phone draws it."""
    path = f"M12 {40 + seed}C30 10 44 70 62 {30 + seed}S90 20 104 52M70 20L{76 + seed} 74M20 58C60 44 110 62 150 40"
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 170 90">'
        f'<path d="{path}" stroke="black" stroke-width="3" fill="none"/><circle cx="{120 + seed}" cy="30" r="2.5"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def original_photo(number: int) -> bytes:
    """The bytes of a made-up photo as a phone would take it."""
    picture = Image.new("RGB", (1600, 1200), (206, 200, 190))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((80, 260, 1520, 420), fill=(140, 47, 42))
    pen.rectangle((160, 480, 700, 960), fill=(100, 128, 141))
    pen.rectangle((900, 480, 1440, 960), fill=(100, 128, 141 - number % 60))
    pen.ellipse((700, 520 + number, 900, 720 + number), fill=(246, 241, 223))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def photo(number: int, caption: str, item: str = "") -> Photo:
    original = original_photo(number)
    return Photo(
        number=f"{number:02d}",
        caption=caption,
        item=item,
        taken_at=NOON + timedelta(minutes=3 * number, seconds=20),
        taken_by="赵示例",
        lat7=361865000 + number * 37,
        lon7=1181682000 + number * 53,
        accuracy_cm=850 + number * 11,
        clock_offset_s=4,
        sha256=hashlib.sha256(original).hexdigest(),
        size=len(original),
        mime="image/jpeg",
    )


def originals(content: DossierContent) -> Mapping[str, bytes]:
    """The original bytes of everything in evidence, by SHA-256."""
    made = {p.sha256: original_photo(int(p.number)) for p in content.photos}
    if content.received:
        made[sha256_of(LIST)] = LIST
    return made | {sha256_of(VIDEO): VIDEO for file in content.evidence if file.sha256 == sha256_of(VIDEO)}


def sha256_of(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


LIST = "统一社会信用代码,名称\n".encode()
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40

_QUESTIONS = (
    ("是否建立能源管理岗位并配备能源管理负责人", "《中华人民共和国节约能源法》第五十五条"),
    ("是否按规定报送上一年度能源利用状况报告", "《中华人民共和国节约能源法》第五十三条"),
    ("是否使用国家明令淘汰的用能设备或者生产工艺", "《中华人民共和国节约能源法》第十七条"),
    ("是否按照规定配备、使用经依法检定合格的能源计量器具", "《中华人民共和国节约能源法》第二十七条"),
    ("是否建立能源消费统计和能源利用状况分析制度", "《中华人民共和国节约能源法》第二十七条"),
    ("主要用能设备运行记录是否完整", "《工业节能管理办法》第十六条"),
    ("是否对职工开展节能教育和岗位节能培训", "《中华人民共和国节约能源法》第二十六条"),
    ("强制性节能标准执行情况", "《工业节能管理办法》第十三条"),
)


def checklist(matter: str, sections: int = 2, items: int = 6) -> Checklist:
    def item(section: int, number: int) -> ChecklistItem:
        label, basis = _QUESTIONS[(section * 3 + number) % len(_QUESTIONS)]
        if (section, number) == (1, 3):
            return ChecklistItem(
                f"{section}.{number}",
                label,
                basis,
                "不合格",
                "现场发现 2 台 Y 系列三相异步电动机仍在使用，铭牌型号 Y160M-4，位于 2 号车间东侧。",
                "责令改正",
                ("04", "05"),
            )
        return ChecklistItem(f"{section}.{number}", label, basis, "不适用" if number == 5 else "合格")

    return Checklist(
        matter=matter,
        title=f"{matter}检查表",
        version="v1",
        form_sha256=sha(matter),
        sections=tuple(
            ChecklistSection(
                ("一、管理制度", "二、设备与计量", "三、现场核查", "四、其他")[(section - 1) % 4],
                tuple(item(section, number) for number in range(1, items + 1)),
            )
            for section in range(1, sections + 1)
        ),
    )


def complete() -> DossierContent:
    """A dossier with nothing missing: signed on site, approved, published."""
    digest = sha("what was signed")
    captions = (
        "门头",
        "营业执照（亮照）",
        "2 号车间全景",
        "淘汰电动机铭牌",
        "淘汰电动机安装位置",
        "能源台账第 12 页",
    )
    matters = (
        Matter(
            11,
            "工业节能监督检查",
            "key",
            "《中华人民共和国节约能源法》第十二条；《工业节能管理办法》第二十二条",
        ),
        Matter(12, "能源计量器具配备情况检查", "general", "《中华人民共和国节约能源法》第二十七条"),
    )
    return DossierContent(
        as_of=SEALED_AT,
        visit_id="019a0000-0000-7000-8000-000000000001",
        software="yaohao 0.1.0",
        shelfmark=Shelfmark(
            volume=1,
            archive_no="2026-0042",
            reference="0137-JC·2026-D30-节能科-0042",
            retention="30年",
            file_number="示工信检〔2026〕42号",
            title="示例市样品机械制造有限公司工业节能监督检查、能源计量器具配备情况检查抽查检查卷",
            begun_on=date(2026, 7, 24),
            ended_on=date(2026, 8, 21),
            sealed_at=SEALED_AT,
            sealed_by="吴档案",
        ),
        agency=Agency("示例市工业和信息化局", "节能与资源综合利用科", "slgx", "0137", "示工信"),
        party=Party(
            "91370300MA3C0EXA1X",
            "示例市样品机械制造有限公司",
            "企业",
            "示例市示例区演示路18号",
            "孙样品",
            "0533-0000000",
        ),
        matters=matters,
        team=(
            TeamMember("赵示例", "示例执0017", "节能与资源综合利用科", True),
            TeamMember("钱样例", "示例执0023", "产业政策科", False),
        ),
        task=TaskNotice(
            "示工信抽〔2026〕3号",
            "2026年第二批工业节能抽查",
            "示例市工业和信息化局2026年度抽查工作计划",
            date(2026, 7, 24),
            date(2026, 8, 14),
            2,
            datetime(2026, 7, 24, 2, 5, tzinfo=UTC),
        ),
        draw=DrawProof(
            serial="示工信抽〔2026〕3号",
            title="2026年第二批工业节能抽查",
            algorithm="draw/1",
            software="yaohao 0.1.0",
            published_at=datetime(2026, 7, 24, 1, 0, tzinfo=UTC),
            locked_at=datetime(2026, 7, 24, 1, 22, 41, tzinfo=UTC),
            commitment=sha("commitment"),
            record_hash=sha("record"),
            opened_on=date(2026, 8, 14),
            seed=sha("seed"),
            entity_key=sha("key"),
            stratum="B级",
            population=212,
            quota=11,
            rank=7,
            drawn_code="91370300MA3C0EXA1X",
            ticket="07a1" + sha("ticket")[4:],
            cutoff_ticket="0c30" + sha("cutoff")[4:],
            witnesses=(
                DrawWitness("见证人甲", "群众代表", "482913", SIGNED_AT),
                DrawWitness("见证人乙", "法律顾问", "007351", SIGNED_AT),
            ),
            exclusions=(("本年已查2次", 3),),
        ),
        matching=Matching(
            datetime(2026, 7, 24, 1, 30, 2, tzinfo=UTC),
            4,
            (Recusal("孙回避", "与被检查人负责人有近亲属关系"),),
        ),
        notice=InspectionNotice(
            "检查通知书",
            "示工信检通〔2026〕42号",
            date(2026, 7, 28),
            "实地核查",
            Citation("003", "15"),
            Delivery(
                "示工信送回〔2026〕42号",
                "周经理",
                "示例市示例区演示路18号",
                "直接送达",
                NOON,
                ("赵示例", "钱样例"),
            ),
        ),
        checklists=tuple(checklist(matter.name) for matter in matters),
        record=OnSiteRecord(
            number="示工信检录〔2026〕42号",
            started_at=NOON,
            ended_at=NOON + timedelta(hours=2, minutes=7),
            place="示例市示例区演示路18号",
            contact="周经理　生产部部长　0533-0000001",
            certificates="检查人员赵示例、钱样例出示执法证件，送达检查通知书，告知权利义务。被检查人确认已看清。",
            withdrawal="不申请",
            situation=(
                "检查人员在生产部部长周经理陪同下，查看了 1 号、2 号车间和配电室，调取了上半年能源台账。\n"
                "1. 单位设有能源管理岗位，任命文件齐全。\n"
                "2. 2 号车间东侧有 2 台 Y160M-4 型电动机正在运行，铭牌清晰，见照片 04、05。该型号已列入淘汰目录。\n"
                "3. 配电室能源计量器具 14 台，抽看 6 台，检定证书均在有效期内。"
            ),
            recording="执法记录仪一台，09:34 至 11:41 全程记录，见录音录像清单。",
            party_opinion="情况属实，我公司将在期限内更换设备。",
        ),
        photos=tuple(
            photo(n, caption, "1.3" if n in (4, 5) else "") for n, caption in enumerate(captions, 1)
        ),
        evidence=(
            EvidenceFile(
                "01",
                "现场检查全程录像",
                "录像",
                sha256_of(VIDEO),
                len(VIDEO),
                "video/mp4",
                7620,
                NOON,
                "钱样例",
            ),
        ),
        signatures=(
            Signature("party", "周经理", NOON + timedelta(hours=2, minutes=4), digest, strokes(0)),
            Signature("inspector", "赵示例", NOON + timedelta(hours=2, minutes=5), digest, strokes(6)),
            Signature("inspector", "钱样例", NOON + timedelta(hours=2, minutes=6), digest, strokes(12)),
        ),
        rectification=RectificationOrder(
            "示工信责改〔2026〕9号",
            date(2026, 7, 28),
            ("2 号车间使用国家明令淘汰的 Y160M-4 型电动机 2 台。",),
            "停用并更换淘汰设备，更换完成后报送设备清单和照片。",
            date(2026, 8, 14),
            date(2026, 8, 17),
            "2 台电动机已更换为 YE4-160M-4 型，现场核对铭牌相符。",
        ),
        report=ResultReport(
            datetime(2026, 7, 31, 6, 0, tzinfo=UTC),
            "赵示例",
            (
                MatterResult(matters[0].name, "发现问题已责令改正", "使用淘汰电动机 2 台", "责令改正"),
                MatterResult(matters[1].name, "未发现问题", "", ""),
            ),
            (
                ("抽查时间", "2026年7月28日"),
                ("检查对象数量", "1 家：示例市样品机械制造有限公司"),
                ("抽查内容", "工业节能监督检查、能源计量器具配备情况检查"),
                ("抽查情况", "被检查人配合检查。共检查 2 个事项 24 项内容，不合格 1 项。"),
                ("处理意见和建议", "责令改正并复查；转日常监管科室跟踪。"),
            ),
        ),
        approvals=(
            Approval("退回", "王科长", datetime(2026, 8, 3, 2, 0, tzinfo=UTC), digest, ("1.3：补铭牌近照",)),
            Approval("同意", "王科长", datetime(2026, 8, 4, 2, 10, tzinfo=UTC), digest),
        ),
        publications=(
            Publication(
                matters[0].name,
                "发现问题已责令改正",
                "示工信公示〔2026〕61号",
                datetime(2026, 8, 5, 3, 0, tzinfo=UTC),
                ("本局门户网站",),
            ),
            Publication(
                matters[1].name,
                "未发现问题",
                "示工信公示〔2026〕62号",
                datetime(2026, 8, 5, 3, 0, tzinfo=UTC),
                ("本局门户网站",),
            ),
        ),
        audit=audit_extract(18),
        numbers=(
            ReservedNumber("检查通知书", "示工信检通〔2026〕42号", "已用"),
            ReservedNumber("现场检查笔录", "示工信检录〔2026〕42号", "已用"),
            ReservedNumber("责令改正通知书", "示工信责改〔2026〕9号", "已用"),
        ),
        closing=Closing("吴档案", date(2026, 8, 24), "王科长", ("预查比对在内部系统进行，未单独成文。",)),
    )


def audit_extract(count: int) -> AuditExtract:
    verbs = (
        "draw.lock",
        "task.dispatch",
        "visit.start",
        "answer.set",
        "evidence.add",
        "visit.sign",
        "visit.submit",
    )
    lines, prev = [], "0" * 64
    for seq in range(1, count + 1):
        entry = f'{{"number":{300 + seq},"prev":"{prev}"}}'
        digest = sha(entry)
        at = datetime(2026, 7, 24, 1, 22, tzinfo=UTC) + timedelta(hours=5 * seq)
        verb = verbs[seq % len(verbs)]
        lines.append(
            AuditLine(300 + seq, at, "赵示例", verb, "检查 示工信检〔2026〕42号", prev, digest, entry)
        )
        prev = digest
    return AuditExtract(tuple(lines), 300 + count, prev)


def refused() -> DossierContent:
    """The same visit, whose party would not sign."""
    whole = complete()
    return replace(
        whole,
        signatures=(
            *whole.signatures[1:],
            Signature(
                "witness", "郑见证", NOON + timedelta(hours=2, minutes=9), sha("what was signed"), strokes(3)
            ),
        ),
        refusal=SigningRefusal(
            "称要先请示总公司",
            "检查人员当场宣读笔录，周经理听后拒绝签字，未说明异议。",
            NOON + timedelta(hours=2, minutes=8),
            "郑见证",
            "示例社区居委会　0533-0000002",
            ARTICLE_15,
        ),
    )


def with_photos(count: int) -> DossierContent:
    return replace(complete(), photos=tuple(photo(n, f"设备{n}") for n in range(1, count + 1)))


def with_everything() -> DossierContent:
    """Refused, objected to, corrected, referred, sealed with a gap: every template is used, on nine photos."""
    refusal = refused()
    return replace(
        refusal,
        photos=with_photos(9).photos,
        pre_check=PreCheck(
            date(2026, 7, 27),
            "赵示例",
            "企业信用信息公示系统、本局业务系统",
            "登记状态存续，近两年无处罚记录。",
        ),
        matching=replace(
            refusal.matching or Matching(NOON, 1),
            replacements=(Replacement("孙回避", "钱样例", "因公出差", "郑局长"),),
            companions=(Companion("专家甲", "专家", "示例检测院", "随机抽取", ""),),
            reinforcements=(
                Reinforcement("跨科室随机抽取", ("法规科",), "本科室只有两人在岗", "7月25日讲解", "郑局长"),
            ),
        ),
        received=ReceivedList(
            "上级下派",
            "省工业和信息化厅",
            "省厅名单.csv",
            sha256_of(LIST),
            len(LIST),
            "text/csv",
            12,
            "名单!A7",
            "王科长",
            NOON,
            sha("key"),
        ),
        objections=(
            Objection(
                date(2026, 8, 10), "示例市样品机械制造有限公司", "型号认定有误", "维持", date(2026, 8, 14)
            ),
        ),
        corrections=(
            Correction("示工信公示〔2026〕61号", "2 台", "3 台", "复查时补记", "郑局长", date(2026, 8, 15)),
        ),
        referrals=(
            Referral("示工信移〔2026〕1号", "示例市市场监督管理局", "涉嫌无照经营", date(2026, 8, 16)),
        ),
        closing=replace(
            refusal.closing,
            gaps=(Gap("送达回证收件人签名", "补签后另立补充卷", "notice", ARTICLE_15),),
            gap_reason="当事人拒绝签收",
        ),
    )
