import { canonical, toHex } from "./canonical";
import { sha256 } from "./sha256";

/** The fingerprint of what is being signed: every answer by path, every piece of evidence that counts. */
export function visitDigest(visitId: string, answers: Record<string, unknown>, evidence: string[]): string {
  const paths = Object.keys(answers).sort();
  const content = {
    visitId,
    answers: paths.map((path) => [path, answers[path]]),
    evidence: [...new Set(evidence)].sort(),
  };
  return toHex(sha256(new TextEncoder().encode(canonical(content))));
}
