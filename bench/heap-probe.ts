// Loaded into the gateway that is measured: answers each message of the benchmark with the use of memory after a collection.
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
process.channel?.unref();
