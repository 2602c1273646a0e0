/** The member that holds the servers: of Claude, Cursor, Windsurf and Cline; of VS Code; of Zed; of Codex. */
const SERVERS = /(?:^|\.)(?:mcpServers|servers|context_servers|mcp_servers)$/;
/** The same, quoted, before anything is parsed. */
const MENTION = /"(?:[\w.]{0,40}\.)?(?:mcpServers|servers|context_servers|mcp_servers)"\s{0,8}:/;

/** An object, perhaps after a byte order mark and a comment. */
const BEGINNING = /^\uFEFF?\s{0,64}(?:\{|\/[/*])/;

/** Configs are small: what is larger is something else. */
const MOST_UNITS = 1_048_576;
/** A config is six deep. Far deeper ones would exhaust the stack of a parser. */
const MOST_DEPTH = 128;

/** Whether a member of an object may hold servers by name: `mcpServers`, `servers`, `amp.mcpServers`. */
export function isServersName(name: string): boolean {
  return SERVERS.test(name);
}

/** Whether it is worth parsing a text: by how it begins and what it mentions. Costs next to nothing where it is no JSON. */
export function mayBeClientConfig(text: string): boolean {
  if (text.length > MOST_UNITS || !BEGINNING.test(text)) return false;
  return text.includes('ervers"') && MENTION.test(text) && !isTooDeep(text);
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
