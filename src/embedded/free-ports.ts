import { createServer } from "node:net";

/** Whether nobody listens on the TCP port of that host. */
export function isFree(port: number, host: string): Promise<boolean> {
  return listenOnce(port, host).then(
    () => true,
    () => false,
  );
}

/** A TCP port that is free now: `preferred` when it is, else one that the system picks. */
export async function freePort(host: string, preferred = 0): Promise<number> {
  return listenOnce(preferred, host).catch(() => listenOnce(0, host));
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
