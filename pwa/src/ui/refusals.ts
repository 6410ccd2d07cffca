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
  blocked: "还有没办完的。",
};

/** Why the server kept an op without effect, and what to do. */
export function refusalWords(reason: string | null | undefined): string {
  return (reason && REASONS[reason]) || "服务器已存，但没有生效。请告诉管理员。";
}

/** One thing in the way, in words. */
export function gapWords(gap: { code: string; what: string }, visit: VisitView): string {
  const subject = subjectOf(visit, gap.what);
  switch (gap.code) {
    case "item":
      return `${subject} 还没答`;
    case "invalid":
      return `${subject} 填得不对`;
    case "problem":
      return `${subject} 缺发现的问题`;
    case "photo":
      return `${subject} 缺照片`;
    case "conflict":
      return `${subject} 两人答案不同`;
    case "record":
    case "step":
      return `${subject} 还没写`;
    case "method":
    case "exception":
      return `缺${subject}`;
    case "evidence":
      return `${subject} 缺证明材料`;
    case "presence":
      return `${gap.what}还没确认到场`;
    case "too-few":
      return "到场的检查人员不够";
    case "recusal":
      return gap.what.startsWith("/") ? "缺申请回避的对象和理由" : `回避申请还没有决定：${gap.what}`;
    case "delivery":
      return `${subject} 还没签收`;
    case "disposal":
      return `${subject} 还没定处置`;
    case "order":
      return `${subject} 还没写全`;
    case "result":
      return `${subject} 还没定结论`;
    case "inspector-signature":
      return `缺${gap.what}签字`;
    case "party-signature":
      return "缺当事人签字（或拒签说明）";
    case "evidence-bytes":
      return "有照片还在某部手机上没传完";
    case "return-reason":
      return "退回要写原因";
    default:
      return gap.what;
  }
}
