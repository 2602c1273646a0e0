import { readFileSync, statSync } from 'node:fs';
import { clientConfigFixes, type ScanFinding } from '@sallyport/scan';

/** A config of a client is no longer than that. */
const MOST_BYTES = 1 << 20;

/** For findings in the configs of MCP clients, how the entry could be written. Only of files that lie in the work tree. */
export function configFixes(findings: readonly ScanFinding[]): ReadonlyMap<ScanFinding, string> {
  const fixes = new Map<ScanFinding, string>();
  const byPath = new Map<string, ScanFinding[]>();
  for (const finding of findings) {
    const { path, source, rule } = finding;
    if (source !== 'tree' || !(/\.jsonc?$/i.test(path) || rule.startsWith('mcp-config-'))) continue;
    const known = byPath.get(path);
    if (known === undefined) byPath.set(path, [finding]);
    else known.push(finding);
  }
  for (const [path, here] of byPath) {
    const text = textOf(path);
    if (text === undefined) continue;
    const lines = lineStarts(text);
    const all = clientConfigFixes(path, text);
    for (const finding of here) {
      const start = offsetOf(lines, finding.line, finding.column);
      const end = offsetOf(lines, finding.endLine, finding.endColumn);
      const fix = all.find(({ places }) => places.some(([from, to]) => from < end && start < to));
      if (fix !== undefined) fixes.set(finding, fix.text);
    }
  }
  return fixes;
}

function offsetOf(lines: readonly number[], line: number, column: number): number {
  return (lines[line - 1] ?? 0) + column - 1;
}

function textOf(file: string): string | undefined {
  try {
    return statSync(file).size > MOST_BYTES ? undefined : readFileSync(file, 'utf8');
  } catch {
    // It was there when it was scanned; a fix is a courtesy.
    return undefined;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
