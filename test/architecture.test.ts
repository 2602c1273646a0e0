import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which package may import which: the doors of the house. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  rbac: ['core'],
  schema: ['core'],
  audit: ['core'],
  anomaly: ['core', 'audit'],
  scan: ['detection'],
  telemetry: ['core'],
  secrets: ['core'],
  detection: [],
  redaction: ['core', 'detection'],
  policy: ['core', 'rbac', 'schema', 'audit', 'secrets', 'detection', 'redaction', 'anomaly'],
  gateway: ['core'],
  sallyport: ['core', 'policy', 'secrets', 'gateway', 'audit', 'anomaly', 'scan'],
};

/** The one package that may import a library. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  casbin: ['rbac'],
  // One validator for two things that must not know each other: tool schemas, and the shape of the policy file.
  ajv: ['schema', 'policy'],
  'ajv-formats': ['schema'],
  re2js: ['schema'],
  yaml: ['policy'],
  'node-vault': ['secrets'],
  dotenv: ['secrets'],
  ioredis: ['policy'],
  '@bufbuild/protobuf': ['audit'],
  '@nats-io/transport-node': ['audit'],
  '@nats-io/jetstream': ['audit'],
  pino: ['sallyport'],
  'pino-pretty': ['sallyport'],
  '@aws-sdk/client-secrets-manager': ['secrets'],
  '@azure/identity': ['secrets'],
  '@azure/keyvault-secrets': ['secrets'],
  '@google-cloud/secret-manager': ['secrets'],
  commander: ['sallyport'],
  picocolors: ['sallyport'],
  diff: ['sallyport'],
  // Client configs are changed by the one, and searched for credentials by the other.
  'jsonc-parser': ['sallyport', 'scan'],
  '@opentelemetry/api': ['telemetry'],
  ignore: ['scan'],
  tar: ['scan'],
  yauzl: ['scan'],
  '@modelcontextprotocol/client': ['sallyport'],
};

interface Manifest {
  readonly name: string;
  readonly type: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

const packages = readdirSync('packages');
const folderOf = new Map(packages.map((folder) => [manifestOf(folder).name, folder]));

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8')) as Manifest;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join('packages', folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('packages', folder, 'src', file));
}

/** Every module that a file imports, statically or not, and whether it is another package or a library. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)['"]([^'"]+)['"]/g,
  );
  return [...found].map(([, specifier = '']) => specifier);
}

function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const outside = (specifier: string): boolean =>
  !specifier.startsWith('.') && !specifier.startsWith('node:') && !builtinModules.includes(specifier);

describe('the house', () => {
  it('has a door plan for every package, and no package is an empty room', () => {
    expect(packages.toSorted()).toEqual(Object.keys(DOORS).toSorted());
    for (const folder of packages) expect(sourcesOf(folder).length, folder).toBeGreaterThan(1);
  });

  describe.each(packages)('packages/%s', (folder) => {
    const manifest = manifestOf(folder);
    const used = new Set(sourcesOf(folder).flatMap(importsOf).filter(outside).map(packageNameOf));

    it('imports only what the plan allows', () => {
      for (const name of used) {
        const neighbour = folderOf.get(name);
        if (neighbour !== undefined) expect(DOORS[folder], `${folder} -> ${name}`).toContain(neighbour);
        else expect(LIBRARIES[name] ?? [], `${folder} -> ${name}`).toContain(folder);
      }
    });

    it('declares exactly what it imports', () => {
      const { dependencies = {}, peerDependencies = {} } = manifest;
      const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
      expect(declared.toSorted()).toEqual([...used].toSorted());
    });

    it('makes every peer an optional one, and loads it when it is needed', () => {
      for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
        expect(manifest.peerDependenciesMeta?.[peer]?.optional, peer).toBe(true);
        for (const file of sourcesOf(folder)) {
          expect(readFileSync(file, 'utf8'), file).not.toMatch(
            new RegExp(`^import (?!type )[^;]*from '${peer}'`, 'm'),
          );
        }
      }
    });

    it('never reaches into another package by path', () => {
      for (const file of sourcesOf(folder)) {
        const depth = file.split('/').length - 3;
        for (const specifier of importsOf(file)) {
          const climbs = specifier.split('/').filter((step) => step === '..').length;
          expect(climbs, `${file} -> ${specifier}`).toBeLessThan(depth + 1);
        }
      }
    });

    it('says what it is to npm: ESM, Apache-2.0, Node 20', () => {
      expect(manifest).toMatchObject({ type: 'module', license: 'Apache-2.0', engines: { node: '>=20' } });
    });

    it('names every export in index.ts, and has no default export', () => {
      expect(readFileSync(join('packages', folder, 'src', 'index.ts'), 'utf8')).not.toMatch(/export \*/);
      for (const file of sourcesOf(folder))
        expect(readFileSync(file, 'utf8'), file).not.toMatch(/^export default/m);
    });

    it('keeps no module-level state', () => {
      for (const file of sourcesOf(folder)) {
        const text = readFileSync(file, 'utf8');
        expect(text, file).not.toMatch(/^(?:export )?(?:let|var) /m);
      }
    });

    it('switches no check off', () => {
      for (const file of sourcesOf(folder)) {
        expect(readFileSync(file, 'utf8'), file).not.toMatch(
          /@ts-ignore|@ts-expect-error|oxlint-disable|eslint-disable/,
        );
      }
    });
  });

  it('gives core no runtime dependency', () => {
    expect(manifestOf('core').dependencies).toBeUndefined();
  });
});
