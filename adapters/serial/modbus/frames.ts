import jsmodbus from "jsmodbus";

// Node cannot see the names in this CommonJS module.
const { ModbusRTURequest, ModbusRTUResponse, requests } = jsmodbus;

export const tables = ["holding", "input", "coil", "discrete"] as const;
/** Registers of 16 bits that can be written (holding) or not (input), and single bits that can (coil) or not (discrete). */
export type Table = (typeof tables)[number];

/** Registers, and bits, that one request may read. https://modbus.org, application protocol V1.1b3, 6.1 to 6.4 */
export const mostIn: Readonly<Record<Table, number>> = {
  holding: 125,
  input: 125,
  coil: 2000,
  discrete: 2000,
};

/** One request to one unit, and what tells its answer from every other. */
export interface Question {
  readonly unit: number;
  /** The function code. */
  readonly code: number;
  readonly frame: Buffer;
  /** Bytes of the frame that answers it, unless that is an exception. */
  readonly answerLength: number;
  readonly isRead: boolean;
}

/** What a unit said: the bytes that were read (none for a write), or the code of an exception. */
export type Answer = { readonly data: Buffer } | { readonly exception: number };

type Body = ConstructorParameters<typeof ModbusRTURequest>[1];

const readers = {
  coil: requests.ReadCoilsRequestBody,
  discrete: requests.ReadDiscreteInputsRequestBody,
  holding: requests.ReadHoldingRegistersRequestBody,
  input: requests.ReadInputRegistersRequestBody,
};

const overhead = 5;
const writeAnswerLength = 8;

export function readQuestion(unit: number, table: Table, first: number, count: number): Question {
  const bytes = table === "coil" || table === "discrete" ? Math.ceil(count / 8) : count * 2;
  return questionOf(unit, new readers[table](first, count), overhead + bytes, true);
}

/** `multiple`: by the function for several registers or bits, though it is one. */
export function writeCoil(unit: number, address: number, isOn: boolean, multiple: boolean): Question {
  const body = multiple
    ? new requests.WriteMultipleCoilsRequestBody(address, [isOn])
    : new requests.WriteSingleCoilRequestBody(address, isOn);
  return questionOf(unit, body, writeAnswerLength, false);
}

export function writeRegisters(unit: number, address: number, data: Buffer, multiple: boolean): Question {
  const body =
    multiple || data.length > 2
      ? new requests.WriteMultipleRegistersRequestBody(address, data)
      : new requests.WriteSingleRegisterRequestBody(address, data.readUInt16BE());
  return questionOf(unit, body, writeAnswerLength, false);
}

function questionOf(unit: number, body: Body, answerLength: number, isRead: boolean): Question {
  const frame = new ModbusRTURequest(unit, body).createPayload();
  return { unit, code: body.fc, frame, answerLength, isRead };
}

/**
 * The answer among what came since the question was sent. Bytes before and behind it are noise: a receiver that was just
 * switched on hears some. Whatever is not a whole frame with a right checksum, of this unit, function and length, is none.
 */
export function findAnswer(question: Question, heard: Buffer): Answer | undefined {
  for (let at = 0; at + overhead <= heard.length; at += 1) {
    if (heard[at] !== question.unit) continue;
    const answer = answerAt(question, heard.subarray(at));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function answerAt(question: Question, heard: Buffer): Answer | undefined {
  const { code, answerLength, isRead, frame } = question;
  const isException = heard[1] === (code | 0x80);
  if (heard[1] !== code && !isException) return undefined;
  const length = isException ? overhead : answerLength;
  const candidate = heard.subarray(0, length);
  if (candidate.length < length || !hasRightChecksum(candidate)) return undefined;
  if (isException) return { exception: candidate.readUInt8(2) };
  // A write is answered with its own beginning; a read that comes back unchanged is the echo of a wire that hears itself.
  const repeats = Math.min(length, 6);
  if (isRead) {
    const isEcho = candidate.equals(frame);
    return candidate[2] === length - overhead && !isEcho ? { data: candidate.subarray(3, -2) } : undefined;
  }
  return candidate.subarray(0, repeats).equals(frame.subarray(0, repeats))
    ? { data: Buffer.alloc(0) }
    : undefined;
}

function hasRightChecksum(frame: Buffer): boolean {
  const read = ModbusRTUResponse.fromBuffer(frame);
  return read?.createPayload().equals(frame) ?? false;
}
