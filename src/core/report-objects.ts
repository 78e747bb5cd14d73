import { readAmount } from "./amount.js";
import type { Image, Location } from "./value.js";
import { quoted, refuse } from "./value-refusal.js";

const longestUrl = 2048;

/** `{lat, lon, accuracy?}`, degrees and metres; other members are left out. Throws "value-invalid". */
export function readLocation(raw: unknown): Location {
  const members = membersOf(raw, "a place such as {lat, lon}");
  const lat = coordinate(members.get("lat"), "latitude", 90);
  const lon = coordinate(members.get("lon"), "longitude", 180);
  const given = members.get("accuracy");
  if (given === undefined || given === null) return { lat, lon };
  const accuracy = numberOf(given);
  if (accuracy === undefined || accuracy < 0) return refuse(`${quoted(given)} is not an accuracy in metres.`);
  return { lat, lon, accuracy };
}

/** `{contentType, size, url?}`, other members are left out. Throws "value-invalid". */
export function readImage(raw: unknown): Image {
  const members = membersOf(raw, "a picture such as {contentType, size}");
  const contentType = members.get("contentType");
  if (typeof contentType !== "string" || !/^image\/[\w.+-]{1,80}$/i.test(contentType)) {
    return refuse(`${quoted(contentType)} is not a content type such as image/jpeg.`);
  }
  const size = members.get("size");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    return refuse(`${quoted(size)} is not a size in bytes.`);
  }
  const url = members.get("url");
  if (url === undefined || url === null) return { contentType, size: size + 0 };
  if (
    typeof url !== "string" ||
    url.length > longestUrl ||
    !/^https?:\/\/[^\s]+$/i.test(url) ||
    !URL.canParse(url)
  ) {
    return refuse(`${quoted(url)} is not the address of a picture.`);
  }
  return { contentType, size: size + 0, url };
}

function membersOf(raw: unknown, expected: string): ReadonlyMap<string, unknown> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return refuse(`${quoted(raw)} is not ${expected}.`);
  }
  return new Map<string, unknown>(Object.entries(raw));
}

function coordinate(raw: unknown, name: string, limit: number): number {
  const degrees = numberOf(raw);
  if (degrees === undefined || Math.abs(degrees) > limit) {
    return refuse(`${quoted(raw)} is not a ${name} from -${limit} to ${limit}.`);
  }
  return degrees;
}

function numberOf(raw: unknown): number | undefined {
  if (typeof raw === "number") return Number.isFinite(raw) ? raw + 0 : undefined;
  const amount = typeof raw === "string" ? readAmount(raw) : undefined;
  return amount?.unit === "" ? amount.value : undefined;
}
