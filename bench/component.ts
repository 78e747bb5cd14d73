import { createHash } from "node:crypto";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** Where a component connects, and as what. */
export interface ComponentPort {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly secret: string;
}

/** A bare socket on which the component handshake is done (XEP-0114), and nothing else. */
export async function openComponent({ host, port, domain, secret }: ComponentPort): Promise<Socket> {
  const socket = createConnection(port, host).setNoDelay(true);
  await once(socket, "connect");
  socket.write(
    `<stream:stream xmlns="jabber:component:accept" xmlns:stream="http://etherx.jabber.org/streams" to="${domain}">`,
  );
  const id = /\bid=['"]([^'"]+)/.exec(await next(socket))?.[1] ?? "";
  socket.write(`<handshake>${createHash("sha1").update(`${id}${secret}`).digest("hex")}</handshake>`);
  const answer = await next(socket);
  if (!answer.includes("<handshake")) throw new Error(`the server refuses the component: ${answer}`);
  return socket;
}

async function next(socket: Socket): Promise<string> {
  const [bytes] = await once(socket, "data");
  return String(bytes);
}
