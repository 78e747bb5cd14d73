// A process that runs the embedded servers, to be killed: node embedded-host.js DATA. Prints a line of JSON when ready.
const [, , dataDir] = process.argv;
const { startEmbeddedProsody } = await import("../../dist/src/embedded/prosody.js");

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const prosody = await startEmbeddedProsody({ dataDir, listen: "loopback", log: silent });
console.log(
  JSON.stringify({ pid: prosody.pid, c2sPort: prosody.c2sPort, componentPort: prosody.componentPort }),
);
