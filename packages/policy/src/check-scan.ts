import { checkPattern, SECRET_RULES } from '@sallyport/detection';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import type { ScanAllowance } from './scan-section.ts';
import type { Path } from './yaml-source.ts';

/** Rules of the scan itself, for literal values in the configs of clients. */
const CONFIG_RULES = [
  'mcp-config-env',
  'mcp-config-header',
  'mcp-config-argument',
  'mcp-config-url',
  'mcp-config-value',
];
const KNOWN: readonly string[] = [...SECRET_RULES.map(({ id }) => id), ...CONFIG_RULES];

/** What is wrong with what a policy says about scans, each with its place. */
export function checkScan(layers: readonly Layer[]): readonly Problem[] {
  return layers.flatMap(({ file: { scan = {} }, source }) => {
    const problem = ({ at, message }: Complaint): Problem => ({
      file: source.file,
      ...source.at(['scan', ...at]),
      message,
      severity: 'error',
    });
    const { allow = [], without = [] } = scan;
    return [
      ...allow.flatMap((entry, index) => checkEntry(entry, ['allow', index])),
      ...unknownIn(without, ['without']),
    ].map(problem);
  });
}

interface Complaint {
  readonly at: Path;
  readonly message: string;
}

function checkEntry({ reason, paths, rules, pattern }: ScanAllowance, at: Path): readonly Complaint[] {
  const found: Complaint[] = [];
  if (reason.trim() === '')
    found.push({ at: [...at, 'reason'], message: 'say why, such as "keys of the test server"' });
  if (paths === undefined && rules === undefined && pattern === undefined)
    found.push({ at, message: 'this would allow everything; give it paths, rules or a pattern' });
  for (const [index, path] of (paths ?? []).entries()) {
    const message = wrongPath(path);
    if (message !== undefined) found.push({ at: [...at, 'paths', index], message });
  }
  if (pattern !== undefined) {
    const checked = checkPattern(pattern);
    if (!checked.usable) found.push({ at: [...at, 'pattern'], message: checked.reason });
  }
  return [...found, ...unknownIn(rules ?? [], [...at, 'rules'])];
}

/** A pattern that no path could agree with would allow nothing, and nobody would know. */
function wrongPath(path: string): string | undefined {
  if (/^\.{1,2}\//.test(path))
    return `"${path}" agrees with nothing; write it from where the scan is started, such as test/fixtures/`;
  if (path.includes('\\')) return `"${path}" has a backslash; write / between folders`;
  return path.trim() === '' ? 'an empty path agrees with nothing; remove it' : undefined;
}

function unknownIn(rules: readonly string[], at: Path): readonly Complaint[] {
  return rules.flatMap((rule, index) => {
    if (KNOWN.includes(rule)) return [];
    const close = nearest(rule, KNOWN);
    const hint = close === undefined ? 'SECRETS.md lists them' : `did you mean "${close}"?`;
    return [{ at: [...at, index], message: `there is no rule "${rule}"; ${hint}` }];
  });
}
