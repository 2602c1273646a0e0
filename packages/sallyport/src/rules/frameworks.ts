/** What a rule is about, in the words of others. */
export interface Frameworks {
  /** Risks of the OWASP MCP Top 10: `MCP06`. */
  readonly owasp: readonly string[];
  /** Tactics and techniques of MITRE ATT&CK: `exfiltration`, `T1110.003`. */
  readonly attack: readonly string[];
  /** Techniques of MITRE ATLAS: `AML.T0086`. */
  readonly atlas: readonly string[];
}

/** Sorts the tags of a Sigma rule; those of other namespaces are left out. */
export function frameworksOf(tags: readonly string[]): Frameworks {
  const of = (namespace: string): readonly string[] =>
    tags.filter((tag) => tag.startsWith(`${namespace}.`)).map((tag) => tag.slice(namespace.length + 1));
  return {
    owasp: of('owasp').map((risk) => risk.toUpperCase()),
    attack: of('attack').map((name) => (/^t\d/.test(name) ? name.toUpperCase() : name)),
    atlas: of('atlas').map((name) => name.toUpperCase()),
  };
}
