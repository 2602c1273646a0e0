/** The member that holds the servers: of Claude, Cursor, Windsurf and Cline; of VS Code; of Zed; of Codex. */
const SERVERS = /(?:^|\.)(?:mcpServers|servers|context_servers|mcp_servers)$/;
/** The same, quoted, before anything is parsed. */
const MENTION = /"(?:[\w.]{0,40}\.)?(?:mcpServers|servers|context_servers|mcp_servers)"\s{0,8}:/;

/** Configs are small: what is larger is something else. */
const MOST_UNITS = 1_048_576;
/** Units of comments before it. */
const MOST_HEAD = 4_096;
/** A config is six deep. Far deeper ones would exhaust the stack of a parser. */
const MOST_DEPTH = 128;

/** Whether a member of an object may hold servers by name: `mcpServers`, `servers`, `amp.mcpServers`. */
export function isServersName(name: string): boolean {
  return SERVERS.test(name);
}

/** Whether it is worth parsing a text: by how it begins and what it mentions. Costs next to nothing where it is no JSON. */
export function mayBeClientConfig(text: string): boolean {
  if (text.length > MOST_UNITS || !beginsObject(text)) return false;
  return text.includes('ervers"') && MENTION.test(text) && !isTooDeep(text);
}

/** The same of bytes in UTF-8, less strictly: whether it is worth decoding them as one text. */
export function mayHoldClientConfig(bytes: Buffer): boolean {
  if (bytes.length > MOST_UNITS * 4 || !beginsObject(bytes.toString('utf8', 0, MOST_HEAD))) return false;
  return bytes.includes('ervers"');
}

/** An object, perhaps after a byte order mark and comments: source files begin with comments, too, and have no brace after. */
function beginsObject(text: string): boolean {
  const most = Math.min(text.length, MOST_HEAD);
  for (let at = 0; at < most;) {
    const code = text.charCodeAt(at);
    if (code === 123) return true;
    if (code === 47) {
      const isBlock = text[at + 1] === '*';
      if (!isBlock && text[at + 1] !== '/') return false;
      const end = isBlock ? text.slice(at + 2, most).indexOf('*/') : text.slice(at, most).indexOf('\n');
      if (end === -1) return false;
      at += isBlock ? end + 4 : end + 1;
    } else if (code === 0xfeff || code === 32 || (code >= 9 && code <= 13)) at += 1;
    else return false;
  }
  return false;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Brackets in strings count, too: no config has so many.
    if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) depth = Math.max(0, depth - 1);
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}
