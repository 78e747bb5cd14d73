import type { DeviceView, Gateway } from "../core/gateway.js";
import { houseLocal, type Jid } from "./jids.js";
import type { Element } from "./xml.js";

/** What one of our JIDs stands for. */
export type Addressee =
  | { readonly kind: "domain" | "house" }
  | { readonly kind: "device"; readonly view: DeviceView };

/** `undefined`: there is no such device, or it is not theirs to see. */
export function addresseeOf(gateway: Gateway, principal: string, to: Jid): Addressee | undefined {
  if (to.local === "") return { kind: "domain" };
  if (to.local === houseLocal) return { kind: "house" };
  const view = gateway.device(principal, to.local);
  return view === undefined ? undefined : { kind: "device", view };
}

/** An IQ request that keeps all limits, from someone whom the server vouches for. */
export interface IqRequest {
  readonly from: Jid;
  readonly to: Jid;
  readonly addressee: Addressee;
  /** The one child element of the IQ. */
  readonly payload: Element;
}

/** Answers with the child of the result, or nothing for an empty result. Throws a `StanzaError` to refuse. */
export type IqHandler = (request: IqRequest) => Element | undefined | Promise<Element | undefined>;

/** Handlers by `type namespace name`, as in `get urn:xmpp:ping ping`. */
export type IqHandlers = Readonly<Record<string, IqHandler>>;
