"""The catalogue of refusals: every "no" the product says, as a code and a sentence a person can act on.

A refusal is raised as `Refusal(problem, **facts)`; the facts fill the sentence. Where an
article stands behind it, `citation` carries it to the screen. `plumbing/web` turns a refusal into a page
or into `application/problem+json`; nothing else ever formats one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: the regulation's short name, its article, its own words, and the profile key."""

    source: str
    article: str
    quote: str = ""
    profile: str = ""


@dataclass(frozen=True)
class Assumption:
    """Where the regulation is silent: the product's own default holds, and no article is shown. `key` is the rule's name."""

    key: str


Ground = Citation | Assumption
"""What a block or a deadline rests on."""


@dataclass(frozen=True)
class Problem:
    """One catalogued refusal. `zh` and `en` are format strings over the refusal's facts."""

    code: str
    status: int
    zh: str
    en: str


class Refusal(Exception):
    """An action was refused and nothing was changed.

    `ground` is what the refusal rests on; `citation` is that where it is an article.
    """

    def __init__(self, problem: Problem, ground: Ground | None = None, **facts: object) -> None:
        self.problem = problem
        self.ground = ground
        self.facts = facts
        super().__init__(f"{problem.code}: {self.sentence_zh}")

    @property
    def citation(self) -> Citation | None:
        return self.ground if isinstance(self.ground, Citation) else None

    @property
    def sentence_zh(self) -> str:
        return self.problem.zh.format(**self.facts)

    @property
    def sentence_en(self) -> str:
        return self.problem.en.format(**self.facts)


# accounts
LOGIN_FAILED = Problem(
    "login-failed",
    401,
    "账号或口令不对。请重新输入。",
    "The login or the password is wrong. Please enter both again.",
)
LOGIN_REQUIRED = Problem("login-required", 401, "请先登录。", "Please log in first.")
NOT_THE_SIGNATORY = Problem(
    "not-the-signatory",
    403,
    "按规则，这一步由{who}签批。您的岗位不在其中，请交给他们。",
    "By the rules this step is signed by: {who}. Your office is not among them; please hand it to them.",
)
PASSWORD_IS_INITIAL = Problem(
    "password-is-initial",
    403,
    "这个口令是别人给的，先改成自己的才能用。请在浏览器打开工作台（/office/login）登录并更换。",
    "Somebody else gave you this password: replace it by one of your own first. Log in to the office (/office/login) in a browser and change it.",
)
NEW_PASSWORD_WRONG = Problem(
    "new-password-wrong",
    422,
    "口令没有更换：{fault}。",
    "The password was not changed: {fault}.",
)
ROLE_MISSING = Problem(
    "role-missing",
    422,
    "请至少勾选一个岗位：没有岗位的账号什么也做不了。",
    "Choose at least one role: an account without one can do nothing.",
)
LAST_ADMINISTRATOR = Problem(
    "last-administrator",
    409,
    "{name}是本单位唯一能登录的管理员。请先让另一个人当管理员，再改。",
    "{name} is the agency's only administrator who can log in. Make somebody else one first.",
)
INSPECTORS_WITHOUT_LOGIN = Problem(
    "inspectors-without-login",
    409,
    "没有派发：{count} 名检查人员还没有登录账号（{names}）。请先给他们开账号并关联。",
    "Not sent out: {count} inspectors have no login yet ({names}). Give them one and join it first.",
)
NOT_ALLOWED = Problem(
    "not-allowed",
    403,
    "您的岗位不能做这一步：{capability}。请找有此职责的同事。",
    "Your role does not include this step: {capability}. Please ask a colleague whose duty it is.",
)
NOT_FOUND = Problem("not-found", 404, "没有找到：{what}。", "Not found: {what}.")
FOREIGN_ORIGIN = Problem(
    "foreign-origin",
    403,
    "这个请求来自别的网站，没有执行。",
    "This request came from another site and was not carried out.",
)
INVALID_INPUT = Problem("invalid-input", 422, "填写有误：{detail}。", "Please correct: {detail}.")
UNEXPECTED = Problem(
    "unexpected",
    500,
    "这一步没有完成，什么都没有改动。编号 {reference}，请告诉管理员。",
    "This step was not completed and nothing was changed. Tell the administrator the reference {reference}.",
)
TOO_MANY_TRIES = Problem(
    "too-many-tries",
    429,
    "试的次数太多。请 {minutes} 分钟后再试。",
    "Too many tries. Please try again in {minutes} minutes.",
)

# plumbing
STORE_FULL = Problem(
    "store-full",
    507,
    "服务器空间不足，没有存下。手机上的内容完好，空间恢复后会自动续传。",
    "The server is out of space and did not store it. What is on the phone is safe and will continue by itself.",
)
SEAL_BROKEN = Problem(
    "seal-broken",
    500,
    "本系统的密钥与数据不符，不能打开（{purpose}）。请把原来的 secret.key 放回数据目录。",
    "The installation's key does not fit its data ({purpose}). Put the original secret.key back into the data folder.",
)

# rule profiles
PROFILE_NOT_IN_FORCE = Problem(
    "profile-not-in-force",
    409,
    "《{name}》的有效期到 {ends} 为止，{year} 年还没有确认继续执行，不能发起新的摇号。请管理员在“规则”页写明理由并确认。",
    "“{name}” was in force until {ends} and has not been confirmed for {year}; no new draw can begin. An administrator confirms it, with a reason, on the rules page.",
)
PROFILE_NEEDS_NO_CONFIRMATION = Problem(
    "profile-needs-no-confirmation",
    409,
    "《{name}》现在有效，不用确认。",
    "“{name}” is in force and needs no confirmation.",
)
PROFILE_ALREADY_CONFIRMED = Problem(
    "profile-already-confirmed",
    409,
    "{year} 年已由{by}确认继续执行，一年只确认一次。",
    "{by} has already confirmed it for {year}; once a year is enough.",
)
REASON_TOO_SHORT = Problem(
    "reason-too-short",
    422,
    "理由太短，至少写 {least} 个字，说明为什么。",
    "The reason is too short: write at least {least} characters saying why.",
)
FOUNDING_WRONG = Problem(
    "founding-wrong", 422, "单位没有设立：{fault}。", "The agency was not founded: {fault}."
)
AGENCY_EXISTS = Problem(
    "agency-exists",
    409,
    "这里已经有单位（{name}）。下级单位请管理员登录后在“初次设置”页设立。",
    "There is an agency already ({name}). Its administrator founds those below it on the page of the first run.",
)
OVERRIDE_WRONG = Problem(
    "override-wrong",
    422,
    "没有改动规则：{detail}。",
    "The rules were not changed: {detail}.",
)
UNKNOWN_PROFILE = Problem(
    "unknown-profile", 422, "没有这套规则：{key}。", "There is no such rule profile: {key}."
)
INVALID_NOTICE = Problem(
    "invalid-notice",
    422,
    "放假通知第 {line} 行有误：{detail}。每行写一天，如“2027-02-05 休”或“2027-02-07 班”。",
    "Line {line} of the holiday notice is wrong: {detail}. One day per line, such as “2027-02-05 休”.",
)

# registers
UNREADABLE_SHEET = Problem(
    "unreadable-sheet",
    422,
    "读不了“{filename}”：{detail}。请用 .xlsx 或 .csv，可先下载模板。",
    "“{filename}” cannot be read: {detail}. Please use .xlsx or .csv; a template can be downloaded.",
)
MISSING_COLUMNS = Problem(
    "missing-columns",
    422,
    "“{filename}”缺少必需的列：{columns}。第一行应为列名，可先下载模板对照。",
    "“{filename}” lacks required columns: {columns}. The first row must hold the column names; see the template.",
)
ROWS_REFUSED = Problem(
    "rows-refused",
    422,
    "有 {count} 行有错，什么都没有导入。请改好再传，或选择只导入没有错的行。",
    "{count} rows are wrong and nothing was imported. Mend them, or choose to import the good rows.",
)
IMPORT_FINISHED = Problem(
    "import-finished",
    409,
    "这个文件已经处理过了（{state}）。要再导入请重新上传。",
    "This file has already been dealt with ({state}). Upload it again to import it again.",
)
IMPORT_IN_WORK = Problem(
    "import-in-work",
    409,
    "“{filename}”还在处理，请等它做完，或先取消。",
    "“{filename}” is being worked on. Wait until it is done, or cancel it first.",
)
NOTHING_GONE = Problem(
    "nothing-gone",
    409,
    "选中的都已经处理过了，没有改动。请重新打开这一页。",
    "All that was chosen has been decided on already. Open the page again.",
)
NOTHING_TO_APPROVE = Problem(
    "nothing-to-approve",
    409,
    "清单{state}，现在不能{step}。",
    "The matter list is {state}; this step is not possible now.",
)
EMPTY_MATTER_LIST = Problem(
    "empty-matter-list",
    409,
    "清单里还没有事项，不能送批。请先导入事项。",
    "The matter list is empty and cannot be submitted. Import matters first.",
)
RATIO_NOT_UNDERSTOOD = Problem(
    "ratio-not-understood",
    409,
    "这些事项的抽查比例写成了一句话，还没有说明按多少执行，不能送批：{names}。请在“说明比例”页逐项说明。",
    "The ratio of these matters is worded in prose and nobody has said what it means: {names}. Answer on the ratio page before submitting.",
)
MATTER_STEP_NOT_POSSIBLE = Problem(
    "matter-step-not-possible",
    409,
    "“{name}”{state}，现在不能{step}。",
    "The matter “{name}” is not in a state in which this step is possible.",
)
TRAINING_HELD = Problem(
    "training-held",
    409,
    "“{title}”已举办，留作记录，不能删去。",
    "“{title}” was held and stays on record.",
)
NOT_AN_INSPECTOR = Problem(
    "not-an-inspector",
    409,
    "您不在检查人员名录里，不用申报。请科室先把您列入名录并写上登录账号。",
    "You are not in the inspector directory; ask your department to enter you with your login.",
)
ENTITY_UNCLEAR = Problem(
    "entity-unclear",
    404,
    "名录里没有叫“{words}”的单位，或者不止一家。请写单位全称或统一社会信用代码。",
    "The directory has no entity called “{words}”, or several: write its full name or its code.",
)
CONFLICT_DECLARED = Problem(
    "conflict-declared",
    409,
    "您与{name}的利害关系已申报过。",
    "Your ties with {name} are already declared.",
)
CONFLICT_DECIDED = Problem(
    "conflict-decided",
    409,
    "这条申报{state}，不能再改。",
    "This declaration has already been dealt with.",
)
CODE_TAKEN = Problem(
    "code-taken",
    409,
    "编码 {code} 已在名录里，是“{name}”。请打开它更改。",
    "The code {code} is in the directory already, as “{name}”. Open that entry and change it.",
)
ALREADY_MERGED = Problem(
    "already-merged",
    409,
    "{name}已并入另一户，或两次选了同一户，没有合并。",
    "{name} has been merged already, or the same entry was chosen twice; nothing was merged.",
)
MERGE_STANDS = Problem(
    "merge-stands",
    409,
    "{name}已并入另一户，状态不能单独改；要恢复，请先撤回合并。",
    "{name} was merged into another entry; take the merge back before its state is changed.",
)
KEPT_IS_NOT_DRAWN = Problem(
    "kept-is-not-drawn",
    409,
    "{name}的状态是“{state}”：并进去以后，这一户就再也抽不到。请保留在册的那一户，或先核对状态。",
    "{name} is “{state}”: merged into it, the firm would never be drawn again. Keep the other entry, or check the state first.",
)
MERGED_MEANWHILE = Problem(
    "merged-meanwhile",
    409,
    "{name}在移送单位已并入另一户，不能接收。请答复不接收，由对方按保留的那一户重新告知。",
    "The sender has merged {name} into another entry. Decline; the sender can send the entry that was kept.",
)
TRANSFER_NOT_IN_STATE = Problem(
    "transfer-not-in-state",
    409,
    "{name}的转交{state}，现在不能{step}。",
    "The transfer of {name} is {state}; this step is not possible now.",
)
EXEMPTION_NOT_ALLOWED = Problem(
    "exemption-not-allowed",
    409,
    "本单位的规则没有免检免扰，不能设为免检。",
    "The agency's rules know no exemption from inspection.",
)
ALREADY_EXEMPT = Problem(
    "already-exempt", 409, "{name}已在免检名单里。", "{name} is already on the exemption list."
)
KEPT_BY_ANOTHER_DEPARTMENT = Problem(
    "kept-by-another-department",
    403,
    "{name}由{department}维护，请找该科室。",
    "{name} is kept by {department}; please ask that department.",
)

# planning
PLAN_EXISTS = Problem(
    "plan-exists",
    409,
    "{year} 年的计划已经有了。要改请打开它，或为已公布的计划新建一版。",
    "There is a plan for {year} already. Open it, or begin a new revision of the published one.",
)
NO_PUBLISHED_MATTERS = Problem(
    "no-published-matters",
    409,
    "抽查事项清单还没有公布，编不了计划。请先公布清单。",
    "No matter list has been published yet, so there is nothing to plan. Publish the list first.",
)
PLAN_NOT_IN_STATE = Problem(
    "plan-not-in-state",
    409,
    "这份计划{state}，现在不能{step}。",
    "This plan is {state}; this step is not possible now.",
)
PLAN_INCOMPLETE = Problem(
    "plan-incomplete",
    409,
    "计划缺清单里的事项：{names}。补上，或写明今年不列入的理由，再批准。",
    "The plan leaves out matters of the list: {names}. Add them, or say why they are left out, before approval.",
)
PLAN_RATIO_OVER = Problem(
    "plan-ratio-over",
    409,
    "一般事项“{matter}”各等级合起来抽 {found}，超过清单规定的 {limit}。请降低比例，或先修订清单。",
    "The general matter “{matter}” would draw {found}, more than the {limit} of the list. Lower it, or revise the list.",
)
PLAN_SHARE_TOO_SMALL = Problem(
    "plan-share-too-small",
    409,
    "全年预估抽查 {planned} 家，不到在册 {whole} 家的 {least}%，至少要 {needed} 家。",
    "The plan would draw {planned} of {whole} entities; at least {least}%, that is {needed}, must be drawn.",
)
PLAN_WITHOUT_JOINT = Problem(
    "plan-without-joint",
    409,
    "每年至少发起或参与 {least} 次部门联合检查，计划里有 {count} 次。请在一行里写明联合检查的部门。",
    "At least {least} joint inspections a year must be led or joined; the plan has {count}.",
)
PLAN_LINE_WRONG = Problem(
    "plan-line-wrong",
    422,
    "“{matter}”有误：{fault}。",
    "The line of “{matter}” is wrong: {fault}.",
)
AD_HOC_FORBIDDEN = Problem(
    "ad-hoc-forbidden",
    409,
    "本单位的规则不允许计划外抽查。请从已公布的年度计划里选一项，或先修订计划。",
    "The agency's rules forbid tasks outside the plan. Choose a line of the published plan, or revise the plan first.",
)
TASK_WRONG = Problem("task-wrong", 422, "任务填写有误：{fault}。", "The task is wrong: {fault}.")
STEP_STAYS = Problem(
    "step-stays",
    409,
    "这一步不能删减：{why}。",
    "This step cannot be left out: {why}.",
)
TASK_NOT_IN_STATE = Problem(
    "task-not-in-state",
    409,
    "任务“{title}”{state}，现在不能{step}。",
    "The task “{title}” is {state}; this step is not possible now.",
)
REMOTE_NOT_ASKED = Problem(
    "remote-not-asked",
    409,
    "还没有回答：能不能不进企业、用书面核查等非现场方式完成。",
    "Nobody has answered yet whether it can be done without entering the firm.",
)
WORK_PLAN_MISSING = Problem(
    "work-plan-missing",
    409,
    "还没有检查工作方案，请写明责任分工、程序规范、时间节点。",
    "The written work plan is missing: duties, procedure and dates.",
)
INSPECTION_NOT_APPROVED = Problem(
    "inspection-not-approved",
    409,
    "单位负责人还没有审批这次行政检查。情况紧急的可以先派发，写明理由，事后补办。",
    "The head has not approved this inspection. In urgent cases dispatch with the reason and make it up afterwards.",
)
INSPECTION_RETURNED = Problem(
    "inspection-returned",
    409,
    "{name}退回了行政检查审批：{reason}。请补正后在“派发前”重新保存，再报审批。",
    "{name} gave the approval back: {reason}. Mend it, save it anew under 派发前, and it comes before the leader again.",
)
UNDERTAKING_MISSING = Problem(
    "undertaking-missing",
    403,
    "{serial}的名单公开以前，要先作保密承诺才能看。请在这次摇号的页面上承诺。",
    "Before the names of {serial} are public they are read only after an undertaking of secrecy. Give it on the page of the draw.",
)
DRAW_NOT_IN_STATE = Problem(
    "draw-not-in-state",
    409,
    "{serial}{state}，现在不能{step}。",
    "{serial} is {state}; this step is not possible now.",
)
DRAW_CANNOT_BE_PREPARED = Problem(
    "draw-cannot-be-prepared",
    422,
    "还不能锁定名录：{fault}。",
    "The roster cannot be frozen yet: {fault}.",
)
TOO_FEW_WITNESSES = Problem(
    "too-few-witnesses",
    422,
    "见证人至少 {least} 名，现在 {count} 名。",
    "At least {least} witnesses must be present; there are {count}.",
)
WITNESS_KIND_UNKNOWN = Problem(
    "witness-kind-unknown",
    422,
    "见证人{name}的身份应为：{kinds}。",
    "The witness {name} must come from: {kinds}.",
)
DRAW_CODES_FAULTY = Problem(
    "draw-codes-faulty",
    422,
    "名录里有 {count} 个编码不能参加摇号，第一个是 {code}：{fault}。请先在检查对象名录里改好。",
    "{count} codes of the directory cannot enter a draw; the first is {code}: {fault}. Mend the directory first.",
)
WITNESS_INPUT_WRONG = Problem(
    "witness-input-wrong",
    422,
    "请{name}写 {digits} 位数字（0—9）。",
    "{name} must write {digits} digits (0–9).",
)
WITNESS_INPUT_GIVEN = Problem(
    "witness-input-given",
    409,
    "{name}已经写好，不能再改。",
    "{name} has already written; it cannot be changed.",
)
WITNESSES_STILL_WRITING = Problem(
    "witnesses-still-writing",
    409,
    "还差：{names}的数字。全部写好才能一起翻开。",
    "Still waiting for the digits of {names}. All are shown at once.",
)
PREPARATION_NOT_IN_STATE = Problem(
    "preparation-not-in-state",
    409,
    "这次摇号的准备{state}，现在不能{step}。",
    "The preparation of this draw is {state}; this step is not possible now.",
)
SEALED_INPUTS_MISSING = Problem(
    "sealed-inputs-missing",
    409,
    "还差：{names}的密封。请用手机扫码写好，没带手机的改为当场写数字。",
    "Still waiting for the sealed inputs of {names}. Scan the code and seal, or let them write digits instead.",
)
DRAWS_KEPT_MOVING = Problem(
    "draws-kept-moving",
    409,
    "锁定名录时，本单位别的摇号一直在进行，次数核不准。没有占用编号，请稍后再锁定。",
    "Other draws of this agency kept moving while the roster was frozen, so the cap could not be counted. No serial was taken; try again.",
)
ROSTER_ALTERED = Problem(
    "roster-altered",
    409,
    "数据库里的名录和已公布的指纹不符：有人改过。没有抽取，已记入留痕。请从锁定时的文件恢复名录，或由单位负责人作废。",
    "The roster in the database differs from the published root: somebody changed it. Nothing was drawn. Restore it from the frozen file, or void the draw.",
)
FROZEN_FILE_ALTERED = Problem(
    "frozen-file-altered",
    409,
    "锁定时的文件 {name} 和已公布的指纹不符，不能再用。请从备份恢复这个文件，或由单位负责人作废这次摇号。",
    "The frozen file {name} differs from its published root and cannot be used. Restore it from a backup, or void the draw.",
)
COMMITMENT_ALTERED = Problem(
    "commitment-altered",
    409,
    "数据库里的承诺内容和已公布的承诺指纹不符：有人改过。没有抽取。请从备份恢复，或由单位负责人作废这次摇号。",
    "The commit document in the database differs from the published C: somebody changed it. Nothing was drawn.",
)
BEACON_MISSING = Problem(
    "beacon-missing",
    409,
    "还差公开随机数：{source} {round}。公布后照原样录入。",
    "Still waiting for the public value {source} {round}. Type it in as published.",
)
BEACON_WRONG = Problem(
    "beacon-wrong", 422, "公开随机数有误：{fault}。", "The public value is wrong: {fault}."
)
WITNESS_LINK_TAKEN = Problem(
    "witness-link-taken",
    409,
    "这个链接已经在另一部手机上打开。请主持人为您换一个新的二维码。",
    "This link was opened on another phone. Ask the host for a fresh code.",
)
WITNESS_LINK_ENDED = Problem(
    "witness-link-ended",
    404,
    "这个链接已经失效。请扫屏幕上最新的二维码。",
    "This link is no longer valid. Scan the newest code on the screen.",
)
SEAL_TOO_LATE = Problem(
    "seal-too-late",
    409,
    "名录已经锁定，现在不能再密封或改密封。",
    "The roster is frozen; nothing can be sealed any more.",
)
SEAL_NOT_OPENED = Problem(
    "seal-not-opened",
    422,
    "{name}打开的内容和先前密封的对不上，没有收下。请在密封用的那部手机上打开。",
    "What {name} opened is not what was sealed. Open it on the phone that sealed it.",
)
INPUTS_SHOWN = Problem(
    "inputs-shown",
    409,
    "数字已经一起翻开，不能再改。写错的，只能由单位负责人作废，编号和本应抽中的都公开。",
    "The inputs have been shown and stay. A slip can only be cured by voiding the draw.",
)
SIGNATURE_NEEDED = Problem(
    "signature-needed",
    422,
    "{name}还没有签名。请在屏幕上签，或在自己的手机上签，或附签名照片。",
    "{name} has not signed yet: on the screen, on their own phone, or by a photo of the signature.",
)
ATTACHMENT_WRONG = Problem(
    "attachment-wrong", 422, "影像没有收下：{fault}。", "The file was not taken: {fault}."
)
ESCROW_WRONG = Problem("escrow-wrong", 422, "托管有误：{fault}。", "The escrow is wrong: {fault}.")
EARLIER_DRAW_OPEN = Problem(
    "earlier-draw-open",
    409,
    "前一号 {serial} 还没有抽取或作废。请按编号顺序进行。",
    "The draw before, {serial}, is neither drawn nor void yet. Draws follow each other by serial.",
)
SIGNATURES_MISSING = Problem(
    "signatures-missing",
    409,
    "还差：{names}签字。到场人员都签字后才能锁定。",
    "Still missing the signatures of {names}. The record is locked when everyone present has signed.",
)
ALREADY_SIGNED = Problem("already-signed", 409, "{name}已经签过。", "{name} has signed already.")
SIGNATURE_NOT_A_PICTURE = Problem(
    "signature-not-a-picture",
    422,
    "选的文件不是图片，没有签字。请选签名的照片，或者不附照片。",
    "The file is no picture, and nothing was signed. Choose a photo of the signature, or none.",
)
NOT_PRESENT_AT_DRAW = Problem(
    "not-present-at-draw",
    422,
    "{name}不在这次摇号的到场人员里。",
    "{name} is not among those present at this draw.",
)
REDRAW_NOT_ALLOWED = Problem(
    "redraw-not-allowed",
    409,
    "这个任务的 {serial} 已作废，重新摇号要先由单位负责人批准。",
    "The draw {serial} of this task is void; the head of the unit must allow a new one first.",
)
SELFTEST_FAILED = Problem(
    "selftest-failed",
    500,
    "本机算出的与公布的测试向量不一致（{fault}），不能摇号。请重新安装程序。",
    "This machine does not compute the published vectors ({fault}); no draw can be held. Install the program anew.",
)
TOO_FEW_INSPECTORS = Problem(
    "too-few-inspectors",
    409,
    "选中的科室里持有效证件的检查人员只有 {count} 名，一组要 {seats} 名。请加选科室，或先维护人员名录。",
    "The chosen departments have only {count} inspectors with a valid certificate; a team needs {seats}.",
)
NOT_TO_BE_APPOINTED = Problem(
    "not-to-be-appointed",
    422,
    "不能这样派人：有规则规定的产生方式的，按规定抽取或指派；被派的人须在岗、证件在期限内有效、没有回避、不在同一组。",
    "Not this way: draw or appoint as the rules say; whoever is appointed is in post, with a valid certificate, no recusal, not in the team.",
)
WINDOW_STILL_OPEN = Problem(
    "window-still-open",
    409,
    "检查期限到 {day}，期限届满后才公开抽取记录，以免走漏消息。",
    "The window runs until {day}; the record is opened after it, so that nobody is warned.",
)
RECEIVED_LIST_FAULTY = Problem(
    "received-list-faulty",
    422,
    "名单有 {count} 处不对，什么都没有导入：{faults}。请改好名单，或先把对象导入名录。",
    "The list has {count} faults and nothing was brought in: {faults}. Mend it, or import the entities first.",
)
RECEIVED_LIST_DEPARTED = Problem(
    "received-list-departed",
    409,
    "名单里有 {count} 家已不在册（{rows}），没有导入。请与下达单位核对；仍要照单检查的，勾选“照单接收”再导入，由检查组按“无法检查”办理。",
    "{count} of the list are off the register ({rows}); nothing was brought in. Check with whoever drew it, or tick the box and bring it in: the teams then settle them as not inspectable.",
)
LIST_RECEIVED_BEFORE = Problem(
    "list-received-before",
    409,
    "这份名单已经导入为《{title}》（{serial}），没有再建一次。确需另建的，请换一个任务名称。",
    "This list was already brought in as {title} ({serial}) and was not taken twice. For another task choose another title.",
)
MATCHING_IMPOSSIBLE = Problem(
    "matching-impossible",
    409,
    "检查人员排不开：{sentence}。请加选科室，或提高每人最多承担的家数。",
    "The teams cannot be filled: {sentence}. Choose more departments, or let each take more.",
)
ADJUSTMENT_DECIDED = Problem(
    "adjustment-decided", 409, "这条申请已由{by}决定。", "{by} has already decided this request."
)
EVIDENCE_MISSING = Problem(
    "evidence-missing",
    422,
    "还差：{needs}。请附上书面说明的照片或文件。",
    "The written note is missing. Attach a photo or a file of it.",
)
NO_ONE_TO_ENTER = Problem(
    "no-one-to-enter",
    409,
    "没有可以接替的检查人员，检查组不能缺人。请改为委派一名符合条件的人员。",
    "Nobody is left to take the seat, and a team that is out cannot be short. Appoint a qualified inspector instead.",
)
OWN_REQUEST = Problem(
    "own-request",
    403,
    "这是您自己提出的申请，请由另一位有权签批的同事决定。",
    "You asked for this yourself; another colleague who may sign decides.",
)
WAY_NOT_IN_RULES = Problem(
    "way-not-in-rules",
    409,
    "规则没有“{way}”这种回避方式，请另选一种。",
    "The rules do not know this way of meeting a recusal ({way}); please choose another.",
)
COMPANION_UNSUITABLE = Problem(
    "companion-unsuitable",
    422,
    "不能这样安排随同人员：{why}。",
    "This person cannot go along in this way: {why}.",
)
NO_EXPERTS = Problem(
    "no-experts",
    409,
    "要抽 {many} 名专家，符合条件的只有 {count} 名。请放宽专长，或在专家库里补充登记。",
    "{many} experts are to be drawn and only {count} are suitable. Ask for another speciality or register more.",
)
REINFORCEMENT_WRONG = Problem(
    "reinforcement-wrong", 422, "人员调配还不完整：{fault}。", "The request is not complete: {fault}."
)
REINFORCEMENT_MISSING = Problem(
    "reinforcement-missing",
    409,
    "{names}的人员不在本任务的科室，要先在任务页申请人员调配，经{approver}批准。",
    "{names} are not of the task's own department: ask for them on the task's page and have it approved first.",
)
REINFORCEMENT_DECIDED = Problem(
    "reinforcement-decided",
    409,
    "这次人员调配{by}已经决定过了。",
    "This request was already decided by {by}.",
)
SWAP_IMPOSSIBLE = Problem(
    "swap-impossible",
    422,
    "这两个席位不能交换：换过去的人要没有回避，也不在同一组。请另选，或改为另抽一人。",
    "These two seats cannot be traded: neither may have ties, nor be in the team already.",
)
VISIT_MERGED = Problem(
    "visit-merged",
    409,
    "{name}与另一个任务合并成一次检查，不能单独替换或换人。请到先派发的那次摇号里办理，或按“无法检查”办理。",
    "The visit to {name} carries out two tasks and cannot be changed from this draw. Change it in the other one.",
)
VISIT_ALREADY_BEGUN = Problem(
    "visit-already-begun",
    409,
    "{name}的检查{state}，不能再替换或换人。无法检查的，请在检查中按“无法检查”办理。",
    "The visit to {name} is {state} and can no longer be changed. Close it as “cannot inspect” instead.",
)

# fieldwork
INVALID_FORM = Problem(
    "invalid-form",
    422,
    "检查表单 {where} 有误：{detail}。改正后再导入。",
    "The checklist form {where} is wrong: {detail}. Mend it and load it again.",
)

FORM_STEP_NOT_POSSIBLE = Problem(
    "form-step-not-possible",
    409,
    "这份表单现在是“{status}”，不能{step}。",
    "This form is {status} now and cannot be: {step}.",
)
FORM_BY_ONESELF = Problem(
    "form-approved-by-oneself",
    403,
    "送审的人不能审定自己的表单，请由综合法规科的另一位同事审定。",
    "Whoever prepared a form cannot approve it; another person of the legal office must.",
)
FORM_VERSION_TAKEN = Problem(
    "form-version-taken",
    409,
    "这期间已发布第 {version} 版，请导出最新版改好后重新上传。",
    "Version {version} was published meanwhile; export the newest one, change it and upload again.",
)
FORM_NOT_EXPRESSIBLE = Problem(
    "form-not-expressible",
    422,
    "这张表单的条件写法超出了模板（几组条件，组内同时满足），不能导出成 Excel。",
    "The conditions of this form go beyond what the template can hold, so it cannot be exported.",
)
FORM_CHOICE_TOO_LATE = Problem(
    "form-choice-too-late",
    409,
    "这次检查已经开始，不能再换检查表。",
    "This visit has begun; its form cannot be changed any more.",
)
FILE_TOO_BIG = Problem(
    "file-too-big",
    413,
    "文件超过 {most} MB，没有收下。文件仍在手机上，请用“导出”交给管理员。",
    "The file is larger than {most} MB and was not taken. It is still on the phone; hand it over by export.",
)
OFFSET_DIFFERS = Problem(
    "offset-differs",
    409,
    "续传位置不对，服务器已有 {offset} 字节，从那里继续。",
    "The server holds {offset} bytes; continue from there.",
)
HASH_DIFFERS = Problem(
    "hash-differs",
    422,
    "收到的文件与指纹 {sha} 不符，已丢弃收到的部分。手机会核对原件后重传。",
    "What arrived does not hash to {sha}; the partial copy was dropped. The phone checks its original and sends again.",
)
DEVICE_UNKNOWN = Problem(
    "device-unknown",
    401,
    "服务器不认识这部手机。请重新登录，手机会自动登记；已存的内容都在本机。",
    "The server does not know this device. Log in again; it registers by itself and keeps what it holds.",
)
DEVICE_TAKEN = Problem(
    "device-taken",
    409,
    "这个设备编号已登记了别的密钥或别的人。手机会换新编号重新登记；已存的内容都在本机。",
    "This device id belongs to another key or person. The phone takes a new id; what it holds stays.",
)
BAD_SIGNATURE = Problem(
    "bad-signature",
    401,
    "签名核对不上，什么都没有存。请更新应用后再试；内容都在本机。",
    "The signature does not verify and nothing was stored. Update the app and try again; all is on the phone.",
)
OP_GAP = Problem(
    "op-gap",
    409,
    "中间缺了几步，请从第 {expectedSeq} 步起重发。",
    "Steps are missing in between; send again from {expectedSeq}.",
)
PUSH_TOO_BIG = Problem(
    "push-too-big",
    413,
    "一次送得太多（最多 {ops} 步、{kib} KiB），请减半再发。",
    "Too much at once (at most {ops} ops, {kib} KiB); send half.",
)
CURSOR_GONE = Problem(
    "cursor-gone",
    410,
    "服务器的记录换过，要从头取一遍。本机待传的内容保留。",
    "The server's record was replaced; pull from the start. The outbox stays.",
)
CLIENT_TOO_OLD = Problem(
    "client-too-old",
    426,
    "应用版本太旧。请联网更新；内容都在本机，也可先导出。",
    "The app is too old. Update it; all is on the phone and can be exported first.",
)
RESCUE_LIMIT = Problem(
    "rescue-limit",
    429,
    "一小时内最多交 {most} 份导出包。请 {minutes} 分钟后再试。",
    "At most {most} rescue bundles an hour. Try again in {minutes} minutes.",
)
COPY_NOT_READY = Problem(
    "copy-not-ready",
    409,
    "还没有提交到服务器，当事人的副本要等提交、同步以后才有。现在可以打印一份。",
    "Not submitted to the server yet: the party's copy is there after submission and sync. A print can be given now.",
)
RESCUE_NOT_OPENED = Problem(
    "rescue-not-opened",
    409,
    "还没有打开，不能登记处理结果。请先打开，看清缺什么。",
    "It is not opened yet. Open it first and see what is missing.",
)
VISIT_NOT_OPEN = Problem(
    "visit-not-open",
    409,
    "这次检查已经{state}，不能再{step}。",
    "This visit is already {state}; {step} is no longer possible.",
)
VISIT_NOT_APPROVED = Problem(
    "visit-not-approved",
    409,
    "这次检查现在是“{state}”，只有审批过的才需要重新打开。",
    "This visit is {state}; only an approved one is opened again.",
)
NOTHING_ORDERED = Problem(
    "nothing-ordered",
    409,
    "这次检查没有责令改正，不用复查。",
    "Nothing was ordered to be corrected on this visit, so there is nothing to re-check.",
)
RECUSAL_DECIDED = Problem(
    "recusal-decided",
    409,
    "这件回避申请已由{by}决定，不能再改。",
    "This recusal was already decided by {by}.",
)
REASON_NOT_LISTED = Problem(
    "reason-not-listed",
    422,
    "“{reason}”不是规定的无法检查情形，请从列出的情形里选。",
    "“{reason}” is not one of the listed reasons why a visit cannot be made.",
)

# decisions
REPORT_CHANGED = Problem(
    "report-changed",
    409,
    "{by}在您打开之后改过这份报告。请看过新的内容再保存，您填的仍在下面。",
    "{by} changed this report after you opened it. Look at the new text before saving; what you entered is kept below.",
)
REPORT_INCOMPLETE = Problem(
    "report-incomplete",
    422,
    "还不能形成报告：{missing}没有填写。",
    "The report cannot be formed yet: {missing} is empty.",
)
REPORT_FORMED = Problem(
    "report-formed",
    409,
    "报告已于{day}形成，不能再改。确有错误的，公示后按更正办理。",
    "The report was formed on {day} and cannot be changed. An error is mended by a correction after publication.",
)
REPORT_NOT_FORMED = Problem(
    "report-not-formed",
    409,
    "结果报告还没有形成，不能公示。请先补全处理意见。",
    "The result report is not formed yet, so nothing can be published. Complete the opinions first.",
)
CODE_NOT_OPEN = Problem(
    "code-not-open",
    422,
    "“{code}”与检查情况不符，不能选。可选：{open}。",
    "“{code}” does not agree with what was found. Possible: {open}.",
)
HEAD_HAS_NOT_APPROVED = Problem(
    "head-has-not-approved",
    409,
    "单位负责人还没有审批这份结果，不能公示。",
    "The head of the agency has not approved this result, so it cannot be published.",
)
HEAD_DOES_NOT_APPROVE = Problem(
    "head-does-not-approve",
    409,
    "本单位的规则不要求负责人审批检查结果。",
    "The rules of this agency do not ask for the head's approval of results.",
)
NO_CHANNEL = Problem(
    "no-channel",
    422,
    "请至少勾选一个公示途径。",
    "Tick at least one channel of publication.",
)
ALREADY_PUBLISHED = Problem(
    "already-published",
    409,
    "这项结果已于{day}公示，不能再改为不公示。确有错误的请办更正。",
    "This result was published on {day} and cannot be withheld any more. Mend an error by a correction.",
)
NOT_PUBLISHED = Problem(
    "not-published",
    409,
    "这项结果还没有公示，不能办理{what}。",
    "This result is not published yet, so this cannot be done: {what}.",
)
REASON_NEEDED = Problem("reason-needed", 422, "请写明{what}。", "Please state: {what}.")
OBJECTION_TOO_LATE = Problem(
    "objection-too-late",
    409,
    "提出异议的期限已于{due}届满。当事人仍可{remedies}。",
    "The time for objections ended on {due}. The party may still seek administrative review or go to court.",
)
OBJECTION_NOT_YET_PUBLISHED = Problem(
    "objection-before-publication",
    422,
    "收到日期不能早于公示日期{published}，也不能晚于今天。",
    "The day of receipt cannot lie before the publication on {published} nor after today.",
)
OBJECTIONS_TOO_MANY = Problem(
    "objections-too-many",
    429,
    "今天从这里提交的异议已满 {most} 件。请明天再提交，或者书面交到检查机关，期限照样按交到的那天算。",
    "{most} objections came from here today. Try again tomorrow, or hand it in on paper: the day it is handed in counts.",
)
OBJECTIONS_WAITING = Problem(
    "objections-waiting",
    409,
    "这项结果已有 {most} 件异议在复查，先不在网上再收。请书面交到检查机关。",
    "{most} objections to this result are under review; no more are taken online. Please hand yours in on paper.",
)
OBJECTION_DECIDED = Problem(
    "objection-decided",
    409,
    "这件异议已于{day}作出复查结论。",
    "This objection was decided on {day}.",
)
OBJECTION_NOT_DECIDED = Problem(
    "objection-not-decided",
    409,
    "还没有作出复查结论，不能反馈。",
    "There is no decision yet that could be answered with.",
)
CORRECTION_CHANGES_NOTHING = Problem(
    "correction-changes-nothing",
    422,
    "更正后的内容与原来一样。请改动后再提交。",
    "The correction is the same as the present text. Change something first.",
)


# records
PDF_FONTS_UNFIT = Problem(
    "pdf-fonts-unfit",
    500,
    "不能排印公文：{reason}。请在服务器上执行：apt-get install -y fonts-noto-cjk，然后重新启动。",
    "Official documents cannot be typeset: {reason}. On the server run: apt-get install -y fonts-noto-cjk, then restart.",
)
PDF_NOT_CLEAN = Problem(
    "pdf-not-clean",
    422,
    "排印没有完成，文件没有生成：{detail}。请改正所指的内容后重做。",
    "Typesetting did not come out clean and no file was made: {detail}. Please mend what it names and try again.",
)
CHARACTERS_NOT_PRINTABLE = Problem(
    "characters-not-printable",
    422,
    "有字排印不出来，文件没有生成：{places}。请在来源处改用规范字后重做。",
    "Some characters cannot be printed and no file was made: {places}. Please replace them where they were entered.",
)
PHOTO_UNREADABLE = Problem(
    "photo-unreadable",
    422,
    "照片打不开，不能印到照片页上：{name}。原件完好保存，请改用“其他证据”登记这个文件。",
    "This photo cannot be opened for printing: {name}. The original is kept; please register it as other evidence.",
)
EVIDENCE_CHANGED = Problem(
    "evidence-changed",
    409,
    "证据原件与登记的指纹不符：{sha256}。没有封存，任何内容都没有改动，请报告系统管理员查明原因。",
    "An original no longer matches its recorded fingerprint: {sha256}. Nothing was sealed or changed; please have it looked into.",
)
PAGES_NOT_SHOWN = Problem(
    "pages-not-shown",
    500,
    "不能生成页面预览。请在服务器上执行：apt-get install -y poppler-utils。",
    "No page previews can be made. On the server run: apt-get install -y poppler-utils.",
)
DOSSIER_HAS_GAPS = Problem(
    "dossier-has-gaps",
    409,
    "不能封存：缺{pieces}。请补齐；补不齐的，由单位负责人写明理由带缺封存。",
    "Cannot be sealed, missing: {pieces}. Please complete it, or let the head seal it with gaps and a reason.",
)
DOSSIER_SEALED = Problem(
    "dossier-sealed",
    409,
    "这份卷宗已封存，不再改动。后来的材料请另立补充卷。",
    "This dossier is sealed and never changes. What comes later goes into a supplement volume.",
)
DOSSIER_NOT_SEALED = Problem(
    "dossier-not-sealed",
    409,
    "这份卷宗还没有封存，没有档案包。",
    "This dossier is not sealed yet and has no package.",
)
DOSSIER_AT_THE_PRINTER = Problem(
    "dossier-at-the-printer",
    409,
    "正在排印，请等这一次完成。",
    "It is being printed; please wait until that is done.",
)
DOSSIER_NOT_PRINTED = Problem(
    "dossier-not-printed",
    404,
    "还没有排印，没有可看的页。",
    "It has not been printed yet; there are no pages to see.",
)
SUPPLEMENT_HAS_NOTHING = Problem(
    "supplement-has-nothing",
    409,
    "封存以后没有形成新的材料，不需要补充卷。",
    "Nothing has come up since the sealing, so there is nothing to supplement.",
)
RECORDING_NOT_KNOWN = Problem(
    "recording-not-known",
    422,
    "“{name}”不是录音、录像、图片或 PDF，没有登记。请确认选对了文件。",
    "“{name}” is no audio, video, picture or PDF and was not registered. Please check the file.",
)
RECORDING_EMPTY = Problem(
    "recording-empty",
    422,
    "请先选择文件；空文件不能登记。",
    "Please choose a file first; an empty one cannot be registered.",
)
RECORDING_TWICE = Problem(
    "recording-twice",
    409,
    "“{name}”已经登记过了（指纹相同），没有重复登记。",
    "“{name}” is already registered (same fingerprint) and was not added twice.",
)
