/** One thing that stands in the way: a code, and the path or person it concerns. */
export interface Gap {
  code:
    | "item"
    | "invalid"
    | "problem"
    | "photo"
    | "step"
    | "record"
    | "conflict"
    | "method"
    | "evidence"
    | "presence"
    | "too-few"
    | "recusal"
    | "delivery"
    | "disposal"
    | "order"
    | "result"
    | "exception"
    | "inspector-signature"
    | "party-signature";
  what: string;
}
