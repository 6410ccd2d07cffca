/** How an attempt to enter ended. */
export type Entering = "entered" | "wrong" | "no-signal" | "too-often" | "not-inspector" | "failed";
