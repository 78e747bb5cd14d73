/**
 * Small named documents that survive a restart. A document is replaced whole: at any instant the old one or the
 * new one is complete on disk.
 */
export interface Store {
  /** The document, or `undefined` when there is none. Throws when it is there but cannot be read. */
  read(name: string): unknown;
  /** Resolves when the document is on disk. Writes of one name keep their order. */
  write(name: string, document: unknown): Promise<void>;
}
