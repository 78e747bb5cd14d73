// A key begins the text or stands behind a separator. A value goes on to the next one; a comma or a space ends it only
// where another key follows, so that `T=21,5 H=40` has a decimal comma and `NAME=Living room;` a space.
const keys = /(?:^|[;&\r\n]|[,\s])[ \t]*([A-Za-z_][\w.-]{0,63})[ \t]{0,8}[=:]/g;

/** What a text says of a key, as in `T=21.5 H=40`, `temp:21.5,hum:40` or `20;2D;Name;TEMP=00cf;HUM=16;`. */
export function valueOfKey(text: string, key: string): string | undefined {
  const found = [...text.matchAll(keys)];
  const at = found.findIndex(([, name]) => name === key);
  const own = found[at];
  if (own === undefined) return undefined;
  const start = own.index + own[0].length;
  const [value = ""] = text.slice(start, found[at + 1]?.index).split(/[;&\r\n]/, 1);
  return unquoted(value.trim());
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
