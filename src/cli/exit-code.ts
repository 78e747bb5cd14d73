/** After sysexits; `notRunning` is what service managers expect of `status`. */
export const exitCode = {
  done: 0,
  failed: 1,
  notRunning: 3,
  usage: 64,
  unavailable: 69,
  configuration: 78,
} as const;
