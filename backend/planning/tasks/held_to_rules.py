"""What the rules forbid a new task, each refusal with its article: no legal basis, outside the plan, grades not told apart. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from backend.core.errors import AD_HOC_FORBIDDEN, TASK_WRONG, Refusal
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.scopes.rules import UNGRADED

RISK_GRADES = ("A", "B", "C", "D")


def refuse_outside_plan(rules: RuleProfile) -> None:
    """Refuse a task outside the yearly plan where the rules know none (003 art. 2)."""
    if rules.flag("inspection.outside_plan_forbidden"):
        raise Refusal(AD_HOC_FORBIDDEN, rules.ground("inspection.outside_plan_forbidden"))
    if not rules.flag("plan.ad_hoc_allowed"):
        raise Refusal(AD_HOC_FORBIDDEN, rules.ground("plan.ad_hoc_allowed"))


def refuse_without_legal_basis(rules: RuleProfile, matters: Iterable[tuple[str, str]]) -> None:
    """Refuse when one of the matters, (name, legal basis), has no law behind it (003 art. 2)."""
    if not rules.flag("inspection.requires_legal_basis"):
        return
    bare = [name for name, basis in matters if not basis.strip()]
    if bare:
        citation = rules.ground("inspection.requires_legal_basis")
        raise Refusal(TASK_WRONG, citation, fault=f"{'、'.join(bare)}没有写明法定依据，不能检查")


def refuse_unknown_mode(rules: RuleProfile, directed: bool) -> None:
    """Refuse a directed or an undirected draw that the rules do not know (002 (十六))."""
    if ("directed" if directed else "undirected") not in rules.words("draw.modes"):
        way = "定向" if directed else "不定向"
        raise Refusal(TASK_WRONG, rules.ground("draw.modes"), fault=f"规则里没有{way}抽取")


def refuse_classes_and_batches(rules: RuleProfile, classes: int, batches: int) -> None:
    """Refuse classes with ratios of their own (002 (十六)) or drawn batches (003 art. 5) that the rules do not know."""
    if classes > 1 and not rules.flag("draw.several_classes"):
        raise Refusal(
            TASK_WRONG, rules.ground("draw.several_classes"), fault="规则不许一个任务分几类对象抽取"
        )
    if batches > 1 and not rules.flag("matter.batch_order_by_draw"):
        raise Refusal(TASK_WRONG, rules.ground("matter.batch_order_by_draw"), fault="规则不许抽取检查批次")


def refuse_grades_alike(rules: RuleProfile, ratios: Mapping[str, Sequence[int]]) -> None:
    """Refuse ratios that do not tell the risk grades apart where every draw is by grade (004 art. 18)."""
    if not rules.flag("draw.by_risk_grade"):
        return
    fault = grades_fault(ratios)
    if fault is not None:
        raise Refusal(TASK_WRONG, rules.ground("draw.by_risk_grade"), fault=fault)


def refuse_without_scheme(rules: RuleProfile, demands: str) -> None:
    """Refuse a task that does not say what its scheme has to say of the work (001 二（二）: 有关工作要求)."""
    contents = rules.words("plan.scheme_for_each_draw")
    if contents and not demands.strip():
        fault = f"每次抽查要有方案（{'、'.join(contents)}），请写明工作要求"
        raise Refusal(TASK_WRONG, rules.ground("plan.scheme_for_each_draw"), fault=fault)


def refuse_campaign_without_grounds(rules: RuleProfile, kind: str, demands: str) -> None:
    """Refuse a special inspection of a listed matter that gives no grounds, where none is to be ordered any more (002（二）)."""
    if kind == "special" and rules.flag("campaigns.discouraged") and not demands.strip():
        fault = "清单内的事项原则上不再部署专项检查，确有需要的请在工作要求里写明依据"
        raise Refusal(TASK_WRONG, rules.ground("campaigns.discouraged"), fault=fault)


def refuse_low_risk_first(rules: RuleProfile, ratios: Mapping[str, Sequence[int]]) -> None:
    """Refuse shares by which a higher risk is drawn less than a lower one (002（十三）, 004 art. 16)."""
    if rules.flag("draw.grades_differ") and low_risk_first(ratios):
        fault = "风险高的抽查比例不能低于风险低的"
        raise Refusal(TASK_WRONG, rules.ground("draw.grades_differ"), fault=fault)


def low_risk_first(ratios: Mapping[str, Sequence[int]]) -> bool:
    """Whether a lower risk is drawn by a greater share; fixed numbers say nothing of shares."""
    graded = [ratios[grade] for grade in RISK_GRADES if grade in ratios]
    shares = [Fraction(*ratio) for ratio in graded if len(ratio) == 2]
    return any(higher < lower for lower, higher in pairwise(shares))


def grades_fault(ratios: Mapping[str, Sequence[int]]) -> str | None:
    """What keeps these ratios, `[numerator, denominator]` or `[number]` by grade, from being by risk, or None."""
    if UNGRADED in ratios:
        return "须按风险等级抽取，未评级的对象要先评定等级"
    graded = [tuple(ratios[grade]) for grade in RISK_GRADES if grade in ratios]
    if len(graded) > 1 and len(set(graded)) == 1:
        return "须按风险等级抽取，各等级的比例不能相同"
    if low_risk_first(ratios):
        return "须按风险等级抽取，风险高的比例不能低于风险低的"
    return None
