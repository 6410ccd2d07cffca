import type { VisitStatus } from "./documents";

export type StepKey = "certificates" | "notice" | "checklist" | "record" | "signing" | "submit";

export interface Step {
  key: StepKey;
  name: string;
  state: "done" | "now" | "open" | "locked";
  note: string;
}

/** What the steps of a visit are judged by. */
export interface Progress {
  status: VisitStatus;
  submittedHere: boolean;
  noticeName: string;
  certificatesAt: string | null;
  noticeAt: string | null;
  answered: number;
  total: number;
  checklistGaps: number;
  /** Items the leader sent back, while nothing has been changed since. */
  toMend: number;
  missingPhotos: number;
  conflicts: number;
  recordGaps: number;
  signaturesMissing: string[];
  submittedAt: string | null;
}

/** The six steps of a visit, each with its state; a locked one says what opens it. */
export function stepsOf(progress: Progress): Step[] {
  const handedOver = ["submitted", "approved"].includes(progress.status) || progress.submittedHere;
  const checked =
    progress.checklistGaps === 0 && progress.conflicts === 0 && progress.toMend === 0 && progress.total > 0;
  const atDoor = progress.certificatesAt !== null && progress.noticeAt !== null;
  const recorded = progress.recordGaps === 0;
  const readyToSign = checked && atDoor && recorded;
  const signed = readyToSign && progress.signaturesMissing.length === 0;
  const steps: [StepKey, string, boolean, boolean, string][] = [
    [
      "certificates",
      "出示证件",
      progress.certificatesAt !== null,
      true,
      progress.certificatesAt ?? "两人到场，出示执法证件",
    ],
    [
      "notice",
      `送达${progress.noticeName}`,
      progress.noticeAt !== null,
      true,
      progress.noticeAt ?? "送达当事人并记下时间",
    ],
    ["checklist", "检查表", checked, true, checklistNote(progress)],
    ["record", "现场笔录", recorded, true, recorded ? "已写好" : "可随时记"],
    ["signing", "签字", signed || handedOver, readyToSign, signingNote(progress, atDoor, checked, recorded)],
    ["submit", "提交", handedOver, signed, submitNote(progress, handedOver, signed)],
  ];
  const first = steps.find(([, , done, open]) => !done && open)?.[0];
  return steps.map(([key, name, done, open, note]) => {
    const state = done || handedOver ? "done" : key === first ? "now" : open ? "open" : "locked";
    return { key, name, state, note };
  });
}

function checklistNote(progress: Progress): string {
  const count = `${progress.answered} / ${progress.total} 项`;
  if (progress.toMend) return `组长退回 ${progress.toMend} 项，待改`;
  if (progress.conflicts) return `${count}　${progress.conflicts} 项两人答案不同`;
  if (progress.missingPhotos) return `${count}　${progress.missingPhotos} 项不合格缺照片`;
  return count;
}

function signingNote(progress: Progress, atDoor: boolean, checked: boolean, recorded: boolean): string {
  if (!atDoor) return `出示证件、送达${progress.noticeName}后可签`;
  if (progress.toMend) return "退回的项改好后可签";
  if (!checked) return progress.conflicts ? "选定两人不同的答案后可签" : "检查表答完后可签";
  if (!recorded) return "现场笔录写好后可签";
  if (progress.signaturesMissing.length) return `还差：${progress.signaturesMissing.join("、")}`;
  return "都已签好";
}

function submitNote(progress: Progress, handedOver: boolean, signed: boolean): string {
  if (handedOver) return progress.submittedAt ? `已提交 ${progress.submittedAt}` : "已提交";
  return signed ? "可以提交；没有信号也能提交" : "签字后可提交；没有信号也能提交";
}
