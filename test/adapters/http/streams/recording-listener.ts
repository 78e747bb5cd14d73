import type { StreamListener } from "../../../../adapters/http/streams/stream.js";

/** What a stream told, in order. */
export class RecordingListener implements StreamListener {
  readonly states: string[] = [];
  readonly messages: (readonly [event: string | undefined, text: string])[] = [];

  onState: StreamListener["onState"] = (state, detail, isRefusal) => {
    this.states.push([state, detail, isRefusal ? "refused" : ""].filter((part) => part !== "").join(" "));
  };

  onMessage: StreamListener["onMessage"] = (payload, event) => {
    this.messages.push([event, payload.text]);
  };

  get state(): string {
    return this.states.at(-1) ?? "";
  }

  get texts(): readonly string[] {
    return this.messages.map(([, text]) => text);
  }
}
