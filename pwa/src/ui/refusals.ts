import { say } from "@/engine/language";
import type { VisitView } from "@/store/visit_view";
import { subjectOf } from "./subject";

const REASONS: Record<string, string> = {
  malformed: "内容格式不对，请更新应用。",
  "wrong-user": "这一步记的是别人的名字。",
  "not-on-team": "不在这次检查的检查组里。",
  "id-reused": "编号重复，原来的内容已在服务器。",
  "seq-taken": "手机的记录分了岔，已换新编号重新交。",
  "prev-broken": "手机的记录分了岔，已换新编号重新交。",
  "altered-here": "手机里的这一步被改动过，没有交给服务器，原样留在本机。请再填一次，并告诉管理员。",
  "token-ended": "登录过期太久。服务器已存，但没有生效；重新登录后请管理员处理。",
  "needs-session": "这一步要登录着才能交，请登录后再做一次。",
  "no-such-path": "检查表里没有这一项。",
  "form-differs": "检查表换过版本，请重新打开这次检查。",
  "not-returned": "组长没有退回这一项。",
  "visit-finished": "这次检查已经办结，内容已留存，没有改动结果。",
  "unknown-evidence": "服务器还没有这件证据。",
  "unknown-choice": "两个答案已有变化，请再选一次。",
  "stale-digest": "同事的手机又交来了新内容，请核对后重新签字、提交。",
  "not-yours": "到场要本人确认，或在组内手机上签名。",
  "not-leader": "只有组长能审批。",
  "not-submitted": "这次检查不在待审批状态。",
  "no-such-form": "这份检查表不在可选的范围里。",
  "reason-needed": "换检查表要写明原因。",
  blocked: "还有没办完的。",
};

/** Why the server kept an op without effect, and what to do. */
export function refusalWords(reason: string | null | undefined): string {
  return say((reason && REASONS[reason]) || "服务器已存，但没有生效。请告诉管理员。");
}

/** One thing in the way, in words. */
export function gapWords(gap: { code: string; what: string }, visit: VisitView): string {
  const subject = subjectOf(visit, gap.what);
  switch (gap.code) {
    case "item":
      return say("{0} 还没答", subject);
    case "invalid":
      return say("{0} 填得不对", subject);
    case "problem":
      return say("{0} 缺发现的问题", subject);
    case "photo":
      return say("{0} 缺照片", subject);
    case "conflict":
      return say("{0} 两人答案不同", subject);
    case "record":
    case "step":
      return say("{0} 还没写", subject);
    case "method":
    case "exception":
      return say("缺{0}", subject);
    case "evidence":
      return say("{0} 缺证明材料", subject);
    case "presence":
      return say("{0}还没确认到场", gap.what);
    case "too-few":
      return say("到场的检查人员不够");
    case "recusal":
      return gap.what.startsWith("/") ? say("缺申请回避的对象和理由") : say("回避申请还没有决定：{0}", gap.what);
    case "delivery":
      return say("{0} 还没签收", subject);
    case "disposal":
      return say("{0} 还没定处置", subject);
    case "order":
      return say("{0} 还没写全", subject);
    case "result":
      return say("{0} 还没定结论", subject);
    case "inspector-signature":
      return say("缺{0}签字", say(gap.what));
    case "party-signature":
      return say("缺当事人签字（或拒签说明）");
    case "evidence-bytes":
      return say("有照片还在某部手机上没传完");
    case "return-reason":
      return say("退回要写原因");
    default:
      return gap.what;
  }
}
