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
class Problem:
    """One catalogued refusal. `zh` and `en` are format strings over the refusal's facts."""

    code: str
    status: int
    zh: str
    en: str


class Refusal(Exception):
    """An action was refused and nothing was changed."""

    def __init__(self, problem: Problem, citation: Citation | None = None, **facts: object) -> None:
        self.problem = problem
        self.citation = citation
        self.facts = facts
        super().__init__(f"{problem.code}: {self.sentence_zh}")

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

# registers

# planning

# fieldwork
INVALID_FORM = Problem(
    "invalid-form",
    422,
    "检查表单 {where} 有误：{detail}。改正后再导入。",
    "The checklist form {where} is wrong: {detail}. Mend it and load it again.",
)

# decisions

# records
