interface Exception {
  /** What the unit says, as the end of a sentence that begins with it. */
  readonly means: string;
  /** `address` the configuration asks for what is not there · `silence` a gateway says that its unit does not answer · `refusal` for now. */
  readonly kind: "address" | "silence" | "refusal";
}

/** Modbus application protocol V1.1b3, 7 */
const exceptions: Readonly<Record<number, Exception>> = {
  1: { means: "does not know this function (illegal function); is it another table?", kind: "address" },
  2: { means: "has no such register (illegal data address)", kind: "address" },
  3: { means: "does not take this value or number of registers (illegal data value)", kind: "address" },
  4: { means: "says that it failed", kind: "refusal" },
  5: { means: "says that it needs longer", kind: "refusal" },
  6: { means: "says that it is busy", kind: "refusal" },
  8: { means: "says that its memory is damaged", kind: "refusal" },
  10: { means: "is not reached by its gateway", kind: "silence" },
  11: { means: "does not answer its gateway", kind: "silence" },
};

export function exceptionOf(code: number): Exception {
  return exceptions[code] ?? { means: `refuses with exception ${code}`, kind: "refusal" };
}
