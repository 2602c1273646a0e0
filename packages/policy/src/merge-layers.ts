import { dirname, resolve } from 'node:path';
import { mergeAlerts, type MergedAlerts } from './alerts-plan.ts';
import { mergeAudit } from './audit-plan.ts';
import type { ProviderEntry, SecretRef, ServerEntry, StdioIdentity, ToolSchemas } from './policy-file.ts';
import type { Policy, SecretsPlan } from './policy.ts';
import type { Layer } from './read-layers.ts';
import { mergeRedaction } from './redaction-plan.ts';
import { mergeScan } from './scan-section.ts';
import { Settings } from './settings.ts';
import type { Path } from './yaml-source.ts';

/** Settings of a chain of policy files put together, before references are followed. */
export interface Merged extends Pick<
  Policy,
  'mode' | 'servers' | 'identity' | 'redaction' | 'schema' | 'audit' | 'bounds' | 'scan' | 'origins'
> {
  /** The model file named last, and the rules of all files, those of the extended file first. */
  readonly model: Reference | undefined;
  readonly rules: readonly RuleSource[];
  readonly secrets: Omit<SecretsPlan, 'references'>;
  readonly alerts: MergedAlerts | undefined;
}

/** A file that a policy names, and the place where it does. */
export interface Reference {
  readonly path: string;
  readonly layer: Layer;
  readonly at: Path;
}

type RuleSource = Reference | { readonly text: string; readonly layer: Layer; readonly at: Path };

/** Keys of a file win over those of what it extends; rules and tool schemas are added. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const settings = new Settings(layers);
  const servers = new Map<string, ServerEntry>();
  for (const layer of layers.toReversed()) {
    for (const [name, entry] of Object.entries(layer.file.servers ?? {})) {
      servers.set(name, entry.cwd === undefined ? entry : { ...entry, cwd: beside(layer, entry.cwd) });
      settings.note(`servers.${name}`, entry.command.join(' '), layer, ['servers', name]);
    }
  }
  const audit = mergeAudit(layers, settings);
  return {
    mode: settings.pickOr('enforce', ['mode'], (file) => file.mode),
    servers,
    identity: {
      stdio: settings.pick<StdioIdentity>(['identity', 'stdio'], (file) => file.identity?.stdio)?.value,
    },
    secrets: secretsOf(layers, settings),
    model: modelOf(settings),
    rules: rulesOf(layers, settings),
    schema: {
      arguments: settings.pickOr('strict', ['schema', 'arguments'], (file) => file.schema?.arguments),
      results: settings.pickOr('enforce', ['schema', 'results'], (file) => file.schema?.results),
      unknownTools: settings.pickOr(
        'refuse',
        ['schema', 'unknownTools'],
        (file) => file.schema?.unknownTools,
      ),
      tools: toolsOf(layers, settings),
    },
    redaction: mergeRedaction(layers, settings),
    audit,
    alerts: mergeAlerts(layers, settings, audit),
    bounds: {
      gateSeconds: settings.pickOr(30, ['bounds', 'gateSeconds'], (file) => file.bounds?.gateSeconds),
    },
    scan: mergeScan(layers, settings),
    origins: settings.origins,
  };
}

/** A path that stands in a policy file, from where the file is. */
function beside(layer: Layer, path: string): string {
  return resolve(layer.directory, path);
}

/** Providers and names of all files; of one that stands in two, the file nearer to the policy wins as a whole. */
function secretsOf(layers: readonly Layer[], settings: Settings): Omit<SecretsPlan, 'references'> {
  const providers = new Map<string, ProviderEntry>();
  const names: Record<string, SecretRef> = {};
  for (const layer of layers.toReversed()) {
    for (const [name, entry] of Object.entries(layer.file.secrets?.providers ?? {})) {
      providers.set(name, withPaths(layer, entry));
      settings.note(`secrets.providers.${name}`, 'configured', layer, ['secrets', 'providers', name]);
    }
    Object.assign(names, layer.file.secrets?.names);
  }
  return {
    providers,
    names,
    freshSeconds: settings.pickOr(300, ['secrets', 'freshSeconds'], (file) => file.secrets?.freshSeconds),
    staleSeconds: settings.pickOr(3600, ['secrets', 'staleSeconds'], (file) => file.secrets?.staleSeconds),
    timeoutSeconds: settings.pickOr(
      10,
      ['secrets', 'timeoutSeconds'],
      (file) => file.secrets?.timeoutSeconds,
    ),
    directory: dirname(layers[0]?.path ?? resolve('.')),
  };
}

function withPaths(layer: Layer, entry: ProviderEntry): ProviderEntry {
  const { file, ca, auth } = entry;
  const { certificate, tokenFile } = auth ?? {};
  return {
    ...entry,
    ...(file !== undefined && { file: beside(layer, file) }),
    ...(ca !== undefined && { ca: beside(layer, ca) }),
    ...(auth !== undefined && {
      auth: {
        ...auth,
        ...(certificate !== undefined && { certificate: beside(layer, certificate) }),
        ...(tokenFile !== undefined && { tokenFile: beside(layer, tokenFile) }),
      },
    }),
  };
}

function modelOf(settings: Settings): Reference | undefined {
  const at = ['authorization', 'model'];
  const model = settings.pick(at, (file) => file.authorization?.model);
  return model && { path: beside(model.layer, model.value), layer: model.layer, at };
}

function rulesOf(layers: readonly Layer[], settings: Settings): RuleSource[] {
  const rules: RuleSource[] = [];
  for (const layer of layers.toReversed()) {
    const { policy, rules: text } = layer.file.authorization ?? {};
    if (policy !== undefined) {
      const at = ['authorization', 'policy'];
      rules.push({ path: beside(layer, policy), layer, at });
      settings.note('authorization.policy', policy, layer, at);
    }
    if (text !== undefined) {
      const at = ['authorization', 'rules'];
      rules.push({ text, layer, at });
      settings.note('authorization.rules', 'written in the policy', layer, at);
    }
  }
  return rules;
}

function toolsOf(layers: readonly Layer[], settings: Settings): ToolSchemas[] {
  return layers.toReversed().flatMap((layer) => {
    const tools = layer.file.schema?.tools ?? [];
    for (const [index, { tool }] of tools.entries()) {
      settings.note(`schema.tools ${tool}`, 'a schema of its own', layer, ['schema', 'tools', index]);
    }
    return tools;
  });
}
