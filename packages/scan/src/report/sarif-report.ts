import type { Severity } from '@sallyport/detection/secrets';
import type { ScanFinding, ScanProblem } from '../scan-finding.ts';
import { howToFix } from './how-to-fix.ts';
import type { Report, ReportInput } from './report-input.ts';
import { type RuleFacts, rulesById, wordsFor } from './rule-facts.ts';

/** GitHub takes no more of one run, and shows the first 5,000. */
const MOST_RESULTS = 25_000;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};
/** As code scanning sorts: over 9.0 critical, over 7.0 high, over 4.0 medium. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};
const ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** SARIF 2.1.0, one result in each line. Where there are too many, those of less severity are left out, and it says so. */
export function* sarifReport(input: ReportInput): Report {
  const { problems, version, fixes } = input;
  const findings = mostSevere(input.findings);
  const left = input.findings.length - findings.length;
  const facts = rulesById();
  const severities = new Map<string, ScanFinding>();
  for (const finding of findings) if (!severities.has(finding.rule)) severities.set(finding.rule, finding);
  const used = [...severities.values()];
  const driver = {
    name: 'Sallyport',
    version,
    informationUri: 'https://sallyport.dev',
    rules: used.map((finding) => descriptor(finding, facts.get(finding.rule))),
  };
  const notifications = problems.map(notification);
  if (left > 0) notifications.push(cutNotification(left));
  const invocation = {
    executionSuccessful: !problems.some(({ fatal }) => fatal),
    toolExecutionNotifications: notifications,
  };
  const head = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { description: { text: 'The root of what was scanned.' } } },
    invocations: [invocation],
  };
  yield `{"$schema":${JSON.stringify(SCHEMA)},"version":"2.1.0","runs":[${JSON.stringify(head).slice(0, -1)},"results":[`;
  const indices = new Map(used.map(({ rule }, index) => [rule, index]));
  let mark = '\n';
  for (const finding of findings) {
    const index = indices.get(finding.rule) ?? 0;
    yield `${mark}${JSON.stringify(resultOf(finding, index, facts.get(finding.rule), fixes?.get(finding)))}`;
    mark = ',\n';
  }
  yield '\n]}]}\n';
}

function mostSevere(findings: readonly ScanFinding[]): readonly ScanFinding[] {
  if (findings.length <= MOST_RESULTS) return findings;
  const kept = new Set(
    findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity)).slice(0, MOST_RESULTS),
  );
  return findings.filter((finding) => kept.has(finding));
}

function descriptor({ rule, entity, severity }: ScanFinding, facts: RuleFacts | undefined): object {
  const what = `${wordsFor(entity)}, found by ${rule}`;
  const [rotate, keep] = howToFix({ entity, group: facts?.group ?? '' });
  return {
    id: rule,
    name: rule,
    shortDescription: { text: what },
    fullDescription: { text: `${what}. Whoever can read the file can use it.` },
    ...(facts?.source !== undefined && { helpUri: facts.source }),
    help: { text: `${rotate} ${keep}`, markdown: `1. ${rotate}\n2. ${keep}\n` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'secret', ...(facts === undefined ? [] : [facts.group]), entity],
      precision: 'high',
      'security-severity': SCORES[severity],
    },
  };
}

function resultOf(
  finding: ScanFinding,
  ruleIndex: number,
  facts: RuleFacts | undefined,
  fix?: string,
): object {
  const { rule, entity, severity, score, fingerprint, excerpt, source, commit } = finding;
  const [rotate, keep] = howToFix({ entity, group: facts?.group ?? '' });
  const { line, column, endLine, endColumn } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    // No text of the file: brackets and braces in it would mean something (sections 3.11.5 and 3.11.6).
    message: { text: `${wordsFor(entity)} (${rule}). ${rotate} ${keep}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactOf(finding.path),
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    // The same credential in the same file is the same result, wherever its line goes.
    partialFingerprints: { 'secretFingerprint/v1': fingerprint },
    properties: {
      score,
      source,
      excerpt,
      ...(fix !== undefined && { fix }),
      ...(commit !== undefined && { commit: commit.id }),
    },
  };
}

function notification({ path, why, message, fatal }: ScanProblem): object {
  return {
    descriptor: { id: why },
    level: fatal ? 'error' : 'warning',
    message: { text: message },
    ...(path !== '' && {
      locations: [{ physicalLocation: { artifactLocation: artifactOf(path) } }],
    }),
  };
}

function cutNotification(left: number): object {
  const text = `There are ${left} findings more, none of them more severe; a SARIF file holds ${MOST_RESULTS} of them. Use --format json for all.`;
  return { descriptor: { id: 'results_cut' }, level: 'warning', message: { text } };
}

/** An absolute path is a URI of its own (RFC 8089), and so it has no base (section 3.4.4). */
function artifactOf(path: string): object {
  const drive = /^[A-Za-z]:(?=\/)/.exec(path)?.[0];
  if (drive !== undefined) return { uri: `file:///${drive}${uriOf(path.slice(drive.length))}` };
  return path.startsWith('/') ? { uri: `file://${uriOf(path)}` } : { uri: uriOf(path), uriBaseId: ROOT };
}

/** Each part is escaped, so that no name is taken for a scheme, a query or a fragment (RFC 3986, section 4.2). */
function uriOf(path: string): string {
  return path
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
