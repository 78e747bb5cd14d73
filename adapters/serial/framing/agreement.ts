import type { Problem } from "../../../src/core/problem.js";
import { type Checksum, widthOf } from "../checksum.js";
import type { Framing } from "./settings.js";

/** Where a check cannot stand in frames like these. Paths begin at the settings that hold `framing` and `checksum`. */
export function disagreements(framing: Framing, checksum: Checksum): Problem[] {
  if (framing.kind === "modbus-rtu")
    return [{ path: ["checksum"], message: "is one too many, modbus-rtu has its own; leave it out" }];
  const fixed = framing.kind === "length" && typeof framing.length === "number" ? framing.length : undefined;
  const longest = fixed ?? framing.max;
  const problems: Problem[] = [];
  const wrong = (key: string, message: string) => problems.push({ path: ["checksum", key], message });
  if (checksum.from >= longest) wrong("from", `lies beyond the longest frame, which has ${longest} bytes`);
  if (!("at" in checksum.where)) return problems;
  const width = widthOf(checksum);
  const { at } = checksum.where;
  const fromFront = at >= 0 ? at : fixed === undefined ? undefined : fixed + at;
  if (at < -longest || at + width > longest) {
    wrong("at", `lies beyond the longest frame, which has ${longest} bytes`);
  } else if (framing.kind === "length") {
    const { start, end, length } = framing;
    const fromEnd = at < 0 ? at : fixed === undefined ? undefined : at - fixed;
    const last = -(end?.length ?? 0) - width;
    if (fromEnd !== undefined && fromEnd > last) wrong("at", `lies within \`end\`; write ${last} or less`);
    else if (fromFront !== undefined && fromFront < (start?.length ?? 0))
      wrong("at", `lies within \`start\`; write ${start?.length} or more`);
    else if (
      typeof length !== "number" &&
      fromFront !== undefined &&
      fromFront < length.at + length.size &&
      length.at < fromFront + width
    )
      wrong("at", "lies where the frame says its length; move one of them");
  }
  return problems;
}
