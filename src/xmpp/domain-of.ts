/** The domain of an address as it is written: quick, and without a look at whether the address is one. */
export function domainOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  const slash = address.indexOf("/");
  const bare = slash === -1 ? address : address.slice(0, slash);
  return bare.slice(bare.indexOf("@") + 1);
}
