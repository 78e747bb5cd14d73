const longestTopic = 65_535;

/** Why nobody can publish on this topic, as the end of a sentence; `undefined` if one can. */
export function topicFault(topic: string): string | undefined {
  if (/[+#]/.test(topic)) return `"${topic}" has a wildcard; commands need one plain topic`;
  return syntaxFault(topic);
}

/** Why nobody can subscribe to this filter, as the end of a sentence; `undefined` if one can. */
export function filterFault(filter: string): string | undefined {
  if (filter.startsWith("$share/"))
    return `"${filter}" is a shared subscription; write the topic without "$share/GROUP/"`;
  const levels = filter.split("/");
  // MQTT 3.1.1 §4.7.1: a wildcard takes a whole level, and "#" the last one.
  for (const [index, level] of levels.entries()) {
    if (level.length > 1 && /[+#]/.test(level)) {
      return `"${filter}" has a wildcard inside a level; "+" or "#" must stand alone between slashes`;
    }
    if (level === "#" && index < levels.length - 1)
      return `"${filter}" has "#" before its end; it may only stand last`;
  }
  return syntaxFault(filter);
}

export function isWildcard(filter: string): boolean {
  return /[+#]/.test(filter);
}

function syntaxFault(topic: string): string | undefined {
  if (topic === "") return 'is empty; write a topic such as "kitchen/lamp/state"';
  if (topic.includes("\0")) return "has the character U+0000, which no topic may have";
  if (Buffer.byteLength(topic) > longestTopic) return `is longer than ${longestTopic} bytes`;
  return undefined;
}
