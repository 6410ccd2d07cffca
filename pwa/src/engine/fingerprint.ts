import { digest } from "./canonical";

/** The fingerprint of what is being signed: every answer by path, every piece of evidence that counts. */
export function visitDigest(visitId: string, answers: Record<string, unknown>, evidence: string[]): Promise<string> {
  const paths = Object.keys(answers).sort();
  return digest({
    visitId,
    answers: paths.map((path) => [path, answers[path]]),
    evidence: [...new Set(evidence)].sort(),
  });
}
