import { DETECTOR_IDS, type DetectorId } from '@sallyport/anomaly';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeAlerts } from '../src/alerts-plan.ts';
import type { AlertsSection } from '../src/alerts-section.ts';
import { mergeAudit } from '../src/audit-plan.ts';
import type { Layer } from '../src/read-layers.ts';
import { Settings } from '../src/settings.ts';
import { readYaml } from '../src/yaml-source.ts';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const severity = fc.constantFrom('low', 'medium', 'high', 'critical');
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** Sections as the schema lets them through. */
const section: fc.Arbitrary<AlertsSection> = fc
  .record({
    folder: optional(word.map((name) => `./${name}`)),
    learning: optional(
      fc.record({ days: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] }) as fc.Arbitrary<{
        days: number;
      }>,
    ),
    detectors: optional(
      fc.dictionary(
        fc.constantFrom(...DETECTOR_IDS),
        fc.oneof(fc.constant('off' as const), fc.record({ tolerance: fc.integer({ min: 1, max: 9 }) })),
      ),
    ),
    tools: optional(fc.record({ sending: fc.array(word) })),
    allow: optional(fc.array(fc.record({ subject: word, reason: word }), { maxLength: 3 })),
    rules: optional(fc.array(fc.oneof(fc.constant('ready-made'), word), { maxLength: 3 })),
    placeholders: optional(fc.dictionary(word, fc.array(word, { minLength: 1, maxLength: 2 }))),
    severities: optional(fc.dictionary(word, severity)),
    least: optional(severity),
    suppress: optional(fc.array(fc.record({ rule: word, reason: word }), { maxLength: 3 })),
    repeatMinutes: optional(fc.integer({ min: 1, max: 99 })),
    groupMinutes: optional(fc.integer({ min: 1, max: 99 })),
    runbooks: optional(word),
    responses: optional(
      fc.array(fc.record({ rule: word, quarantine: fc.constant('subject' as const) }), { maxLength: 3 }),
    ),
    never: optional(fc.array(word, { maxLength: 3 })),
    sinks: optional(fc.dictionary(word, fc.record({ type: fc.constant('file' as const), file: word }))),
  })
  // What is left out is not there, as in a file.
  .map((written) => JSON.parse(JSON.stringify(written)) as AlertsSection);

function layerOf(alerts: AlertsSection | undefined, name: string): Layer {
  const file = { version: 1 as const, ...(alerts !== undefined && { alerts }) };
  const text = JSON.stringify(file);
  return {
    path: `/${name}/p.yaml`,
    directory: `/${name}`,
    text,
    source: readYaml(`${name}.yaml`, text),
    file,
  };
}

function merged(near: AlertsSection | undefined, far: AlertsSection | undefined) {
  const layers = [layerOf(near, 'near'), layerOf(far, 'far')];
  const settings = new Settings(layers);
  return { plan: mergeAlerts(layers, settings, mergeAudit(layers, settings)), origins: settings.origins };
}

test('without the section in any file there is no plan', () => {
  expect(merged(undefined, undefined).plan).toBeUndefined();
});

test('lists of all files are added, those of the nearer file first', () => {
  fc.assert(
    fc.property(section, section, (near, far) => {
      const { plan } = merged(near, far);
      for (const key of ['allow', 'suppress', 'responses', 'never'] as const)
        expect(plan?.[key]).toEqual([...(near[key] ?? []), ...(far[key] ?? [])]);
    }),
  );
});

test('what has a name, and what there is once, is that of the nearer file', () => {
  fc.assert(
    fc.property(section, section, (near, far) => {
      const { plan } = merged(near, far);
      for (const key of ['detectors', 'placeholders', 'severities'] as const)
        expect(plan?.[key]).toEqual({ ...far[key], ...near[key] });
      const defaults = { least: 'medium', repeatMinutes: 60, groupMinutes: 10, runbooks: undefined };
      for (const key of ['least', 'repeatMinutes', 'groupMinutes', 'runbooks'] as const)
        expect(plan?.[key]).toBe(near[key] ?? far[key] ?? defaults[key]);
      expect(plan?.learning.days).toBe(near.learning?.days ?? far.learning?.days ?? 7);
      expect(plan?.tools.sending).toEqual(near.tools?.sending ?? far.tools?.sending);
      const sinks = { ...far.sinks, ...near.sinks };
      expect([...(plan?.sinks.keys() ?? [])].toSorted()).toEqual(Object.keys(sinks).toSorted());
    }),
  );
});

test('the first of the severities that agree is that of the nearer file', () => {
  const { plan } = merged({ severities: { 'a*': 'high' } }, { severities: { b: 'low', '*': 'medium' } });
  expect(Object.keys(plan?.severities ?? {})).toEqual(['a*', 'b', '*']);
});

test('paths are those of the file in which they stand', () => {
  fc.assert(
    fc.property(section, section, (near, far) => {
      const { plan } = merged(near, far);
      for (const [name, { file }] of plan?.sinks ?? [])
        expect(file).toBe(
          near.sinks?.[name] !== undefined
            ? `/near/${near.sinks[name].file ?? ''}`
            : `/far/${far.sinks?.[name]?.file ?? ''}`,
        );
      if (near.folder !== undefined) expect(plan?.folder).toBe(`/near/${near.folder.slice(2)}`);
    }),
  );
});

test('rules of all files are read, each of them once; without any the ready-made ones', () => {
  fc.assert(
    fc.property(section, section, (near, far) => {
      const paths = merged(near, far).plan?.rules.map(({ path }) => path) ?? [];
      if (near.rules === undefined && far.rules === undefined) {
        expect(paths).toEqual([undefined]);
        return;
      }
      const at = (folder: string) => (name: string) =>
        name === 'ready-made' ? undefined : `/${folder}/${name}`;
      const written = [...(near.rules ?? []).map(at('near')), ...(far.rules ?? []).map(at('far'))];
      expect(paths).toEqual([...new Set(written)]);
    }),
  );
});

test('each setting that is written has its origin', () => {
  fc.assert(
    fc.property(section, section, (near, far) => {
      const { origins } = merged(near, far);
      const known = new Set(origins.map(({ setting, at }) => `${setting} ${at.split(':')[0] ?? ''}`));
      for (const key of ['folder', 'least', 'repeatMinutes', 'groupMinutes', 'runbooks'] as const)
        if (near[key] !== undefined) expect(known).toContain(`alerts.${key} near.yaml`);
      for (const key of ['detectors', 'severities', 'placeholders', 'sinks'] as const) {
        for (const name of Object.keys(near[key] ?? {}))
          expect(known).toContain(`alerts.${key}.${name} near.yaml`);
        for (const name of Object.keys(far[key] ?? {}))
          if (near[key]?.[name as DetectorId] === undefined)
            expect(known).toContain(`alerts.${key}.${name} far.yaml`);
      }
      for (const key of ['allow', 'suppress', 'responses', 'never'] as const)
        expect(origins.filter(({ setting }) => setting === `alerts.${key}`)).toHaveLength(
          (near[key]?.length ?? 0) + (far[key]?.length ?? 0),
        );
    }),
  );
});
