/** Where messages come from as long as the gateway runs. */
export interface StreamSource {
  readonly url: URL;
  readonly kind: "sse" | "websocket";
  readonly headers: Readonly<Record<string, string>>;
}
