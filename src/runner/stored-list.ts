/**
 * How a long list lies in the object store, so that one element can be decoded without the others (and a store with
 * range reads could fetch it alone): the encoded elements (UTF-8) one after the other, then the offset of each and of
 * their end (64-bit, little endian), then their number (64-bit) and eight bytes that no encoded value ends with. Readers
 * start from the end, as with Parquet.
 */
const MAGIC = new TextEncoder().encode('MLRLIST1');
const FOOTER = 16;
const OFFSET = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function packList(elements: readonly string[]): Uint8Array {
  const parts = elements.map((element) => encoder.encode(element));
  const body = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const bytes = new Uint8Array(body + OFFSET * (parts.length + 1) + FOOTER);
  const view = viewOf(bytes);
  let offset = 0;
  parts.forEach((part, index) => {
    bytes.set(part, offset);
    view.setBigUint64(body + OFFSET * index, BigInt(offset), true);
    offset += part.byteLength;
  });
  view.setBigUint64(body + OFFSET * parts.length, BigInt(body), true);
  view.setBigUint64(bytes.byteLength - FOOTER, BigInt(parts.length), true);
  bytes.set(MAGIC, bytes.byteLength - MAGIC.byteLength);
  return bytes;
}

/** True for the bytes of packList: an encoded value never ends like that. */
export function isPackedList(bytes: Uint8Array): boolean {
  if (bytes.byteLength < FOOTER + OFFSET) return false;
  const end = bytes.subarray(bytes.byteLength - MAGIC.byteLength);
  return MAGIC.every((byte, index) => end[index] === byte);
}

/** All encoded elements. */
export function unpackList(bytes: Uint8Array): string[] {
  return Array.from({ length: packedLength(bytes) }, (_, index) => elementAt(bytes, index));
}

/** One encoded element; undefined outside of the list. */
export function unpackElement(bytes: Uint8Array, index: number): string | undefined {
  return index >= 0 && index < packedLength(bytes) ? elementAt(bytes, index) : undefined;
}

function packedLength(bytes: Uint8Array): number {
  return Number(viewOf(bytes).getBigUint64(bytes.byteLength - FOOTER, true));
}

function elementAt(bytes: Uint8Array, index: number): string {
  const view = viewOf(bytes);
  const table = bytes.byteLength - FOOTER - OFFSET * (packedLength(bytes) + 1);
  const from = Number(view.getBigUint64(table + OFFSET * index, true));
  const to = Number(view.getBigUint64(table + OFFSET * (index + 1), true));
  return decoder.decode(bytes.subarray(from, to));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
