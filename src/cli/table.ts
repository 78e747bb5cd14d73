const gap = "  ";

/** Rows whose columns stand below one another; the last one may be as long as it likes. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)))
      .join(gap)
      .trimEnd(),
  );
}

function widthOf(cell: string): number {
  return Array.from(cell).length;
}
