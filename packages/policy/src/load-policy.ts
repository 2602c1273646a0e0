import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { compileRbacAsync, type PolicySource } from '@sallyport/rbac';
import type { AlertsPlan } from './alerts-plan.ts';
import { checkAudit } from './check-audit.ts';
import { type CheckShape, shapeChecker } from './check-shape.ts';
import { mergeLayers, type Merged, type Reference } from './merge-layers.ts';
import type { Policy } from './policy.ts';
import { PolicyError, type Problem } from './problem.ts';
import { display, type Layer, type ReadOptions, readLayers } from './read-layers.ts';
import { type ReadPlace, readPlace } from './read-place.ts';
import { readText } from './read-text.ts';
import { checkReferences } from './secret-references.ts';
import { checkToolSchemas } from './tool-schemas.ts';
import { inPlace } from './yaml-source.ts';

export interface LoadOptions extends ReadOptions {
  /** A checker that was compiled before, for whoever loads again and again. Default: one is compiled. */
  readonly checkShape?: CheckShape | undefined;
  /** The directory of the ready-made Sigma rules. Default: `rules` in that of the ready-made policies. */
  readonly readyMadeRules?: string | undefined;
  /** Compiles the Sigma rules of `alerts`, and tells what is wrong with them. Default: `checkPolicy` does, `loadPolicy` not. */
  readonly compileRules?: boolean | undefined;
  /** Milliseconds since the epoch: for periods that are over. Default: the time of the system. */
  readonly now?: (() => number) | undefined;
}

export interface Checked {
  /** Undefined when there are errors. */
  readonly policy: Policy | undefined;
  /** Errors and warnings, in the order of the files. */
  readonly problems: readonly Problem[];
}

/**
 * Reads, checks and compiles a policy. Sigma rules are read alone: a server waits for its policy, and not for what watches it.
 *
 * @throws PolicyError with every problem at once
 */
export async function loadPolicy(path: string, options: LoadOptions = {}): Promise<Policy> {
  const { policy, problems } = await checkPolicy(path, { compileRules: false, ...options });
  if (policy === undefined) throw new PolicyError(problems);
  return policy;
}

/** Reads, checks and compiles a policy, and reports everything wrong or odd: shape, references, rules, schemas. */
export async function checkPolicy(path: string, options: LoadOptions = {}): Promise<Checked> {
  const { layers, problems: shape } = await readLayers(path, options.checkShape ?? shapeChecker(), options);
  const problems: Problem[] = [...shape];
  const merged = mergeLayers(layers);
  const { model, rules, files } = await followReferences(merged, problems);
  problems.push(...checkToolSchemas(layers));
  if (merged.redaction !== undefined) {
    // What finds things is large, and most policies do without.
    const [{ checkRedaction }, { redactionWarnings }] = await Promise.all([
      import('./check-redaction.ts'),
      import('./redaction-warnings.ts'),
    ]);
    const wrong = checkRedaction(layers, merged.redaction);
    problems.push(...wrong);
    if (!wrong.some(({ severity }) => severity === 'error')) {
      const around = { servers: [...merged.servers.keys()], roles: rolesIn(rules, merged.identity.stdio) };
      problems.push(...redactionWarnings(layers, merged.redaction, around));
    }
  }
  problems.push(...checkAudit(layers, merged.audit));
  if (merged.scan !== undefined) problems.push(...(await import('./check-scan.ts')).checkScan(layers));
  const alerts = await followAlerts(layers, merged, options);
  problems.push(...alerts.problems);
  const secrets = checkReferences(layers, merged.secrets);
  problems.push(...secrets.problems);
  const compiled = await compileRbacAsync({ model, policy: rules });
  problems.push(...(compiled.problems ?? []).map((problem) => ({ ...problem, severity: 'error' as const })));
  problems.push(...compiled.warnings.map((problem) => ({ ...problem, severity: 'warning' as const })));
  if (compiled.rbac === undefined || problems.some(({ severity }) => severity === 'error')) {
    return { policy: undefined, problems };
  }
  if (rules.length === 0 && layers[0] !== undefined) problems.push(deniesEverything(layers[0]));
  const read = [...layers, ...files, ...alerts.files];
  const policy: Policy = {
    digest: await digestOf(read.map(({ text }) => text)),
    files: read.map((file) => file.path),
    mode: merged.mode,
    servers: merged.servers,
    identity: merged.identity,
    secrets: { ...merged.secrets, references: secrets.references },
    rbac: compiled.rbac,
    redaction: merged.redaction,
    schema: merged.schema,
    audit: merged.audit,
    alerts: alerts.plan,
    bounds: merged.bounds,
    scan: merged.scan,
    origins: merged.origins,
    warnings: problems,
  };
  return { policy, problems };
}

interface FollowedAlerts {
  readonly plan: AlertsPlan | undefined;
  /** Rule files and their folders. */
  readonly files: readonly ReadPlace[];
  readonly problems: readonly Problem[];
}

/** What checks alerts is loaded where a policy has them. */
async function followAlerts(
  layers: readonly Layer[],
  { alerts, audit }: Merged,
  { readyMade, readyMadeRules, compileRules = true, now = Date.now }: LoadOptions,
): Promise<FollowedAlerts> {
  if (alerts === undefined) return { plan: undefined, files: [], problems: [] };
  const [{ checkAlerts }, { followRules }] = await Promise.all([
    import('./check-alerts.ts'),
    import('./follow-rules.ts'),
  ]);
  const shipped = readyMadeRules ?? (readyMade && join(readyMade, 'rules'));
  const followed = await followRules(alerts, shipped);
  const problems = [...checkAlerts(layers, alerts, { audit, now: now() }), ...followed.problems];
  const { plan, files } = followed;
  if (!compileRules) return { plan, files, problems };
  const { checkAlertRules } = await import('./check-alert-rules.ts');
  return { plan, files, problems: [...problems, ...(await checkAlertRules(layers, plan))] };
}

/** Every role that a rule or the identity of the process names. */
function rolesIn(rules: readonly PolicySource[], stdio: Policy['identity']['stdio']): ReadonlySet<string> {
  const named = rules.flatMap(({ text }) =>
    text
      .split('\n')
      .filter((line) => !line.trimStart().startsWith('#'))
      .flatMap((line) => [...line.matchAll(/\brole:([^\s,"']+)/g)].map(([, role = '']) => role)),
  );
  return new Set([...named, ...(stdio?.roles ?? [])]);
}

interface Followed {
  readonly model: PolicySource | undefined;
  readonly rules: readonly PolicySource[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** Reads the files that a policy names; one that cannot be read is a problem at the place where it is named. */
async function followReferences(merged: Merged, problems: Problem[]): Promise<Followed> {
  const files: { path: string; text: string }[] = [];
  const follow = async ({ path, layer, at }: Reference): Promise<PolicySource | undefined> => {
    const text = await readText(path);
    if (typeof text === 'string') {
      files.push({ path, text });
      return { file: display(path), text };
    }
    const message = `${display(path)} cannot be read (${text.code}); write a path that is relative to this file`;
    problems.push({ file: layer.source.file, ...layer.source.at(at), message, severity: 'error' });
    return undefined;
  };
  const model = merged.model && (await follow(merged.model));
  const rules: PolicySource[] = [];
  for (const source of merged.rules) {
    if (source.layer.source.isFolded(source.at)) {
      const message =
        'YAML joins these lines to one, and a comment would swallow the rules after it; write "rules: |"';
      const { file } = source.layer.source;
      problems.push({ file, ...source.layer.source.at(source.at), message, severity: 'error' });
      continue;
    }
    const followed =
      'path' in source
        ? await follow(source)
        : { file: source.layer.source.file, text: inPlace(source.layer.source, source.at, source.text) };
    if (followed !== undefined) rules.push(followed);
  }
  return { model, rules, files };
}

/** Whether the files of a policy still say what was read: false while somebody is writing one of them. */
export async function isUnchanged({ files, digest }: Policy): Promise<boolean> {
  const texts: string[] = [];
  // One after the other: so many files may not be open at once as a folder of rules can have.
  for (const file of files) {
    const text = await readPlace(file);
    if (typeof text !== 'string') return false;
    texts.push(text);
  }
  return (await digestOf(texts)) === digest;
}

function deniesEverything({ source }: Layer): Problem {
  return {
    file: source.file,
    ...source.at(['authorization']),
    message:
      'this policy has no rules and denies everything; add "authorization: { policy: rbac_policy.csv }", or start ' +
      'from what the server offers with "sallyport init"',
    severity: 'warning',
  };
}

const HASHED_AT_ONCE = 1_048_576;

/**
 * Lengths are part of it, so that text cannot move from one file to the next unnoticed. Between pieces of a megabyte the
 * event loop has its turn: rules can be many, and calls are answered meanwhile.
 */
async function digestOf(texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) {
    const bytes = Buffer.from(text);
    hash.update(`${bytes.length}\n`);
    for (let from = 0; from < bytes.length; from += HASHED_AT_ONCE) {
      hash.update(bytes.subarray(from, from + HASHED_AT_ONCE));
      if (bytes.length > HASHED_AT_ONCE) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return hash.digest('hex');
}
