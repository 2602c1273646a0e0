import { dirname, relative, resolve } from 'node:path';
import type { CheckShape } from './check-shape.ts';
import type { PolicyFile } from './policy-file.ts';
import type { Problem } from './problem.ts';
import { readText } from './read-text.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** One policy file of a chain of `extends`. */
export interface Layer {
  /** Absolute path. */
  readonly path: string;
  /**
   * What paths in it are relative to: where it is. For a ready-made policy, where the file is that extends it: nothing is
   * ever written beside a ready-made one.
   */
  readonly directory: string;
  readonly text: string;
  readonly source: YamlSource;
  readonly file: PolicyFile;
}

export interface ReadOptions {
  /** The directory of the ready-made policies, for `extends: sallyport/policies/...`. */
  readonly readyMade?: string | undefined;
}

const READY_MADE = 'sallyport/policies/';
const MAX_LAYERS = 16;

/** Reads a policy file and what it extends: the file itself first, the last is extended by all. */
export async function readLayers(
  path: string,
  checkShape: CheckShape,
  options: ReadOptions,
): Promise<{ readonly layers: readonly Layer[]; readonly problems: readonly Problem[] }> {
  const layers: Layer[] = [];
  const problems: Problem[] = [];
  let next: { path: string; from: Layer | undefined } | undefined = { path: resolve(path), from: undefined };
  while (next !== undefined) {
    const { path: here, from }: NonNullable<typeof next> = next;
    next = undefined;
    const complain = (message: string): void => {
      const place = from?.source.at(['extends']) ?? { line: 1, column: 1 };
      problems.push({ file: from?.source.file ?? display(here), ...place, message, severity: 'error' });
    };
    if (layers.some((layer) => layer.path === here))
      complain('"extends" leads back to this policy; remove one of the links');
    else if (layers.length === MAX_LAYERS)
      complain(`"extends" goes deeper than ${MAX_LAYERS} files; flatten them`);
    else {
      const text = await readText(here);
      if (typeof text !== 'string') {
        complain(`${display(here)} cannot be read (${text.code}); write the path of a policy file`);
        continue;
      }
      const source = readYaml(display(here), text);
      const checked = checkShape(source);
      problems.push(...checked.problems);
      if (checked.file === undefined) continue;
      const isReadyMade = from?.file.extends?.startsWith(READY_MADE) === true;
      const directory = isReadyMade ? from.directory : dirname(here);
      const layer: Layer = { path: here, directory, text, source, file: checked.file };
      layers.push(layer);
      const base = checked.file.extends;
      if (base === undefined) continue;
      const found = locate(base, here, options);
      if (found === undefined) {
        const place = source.at(['extends']);
        const message = `"${base}" is not a ready-made policy here; write a path such as ./base.yaml`;
        problems.push({ file: source.file, ...place, message, severity: 'error' });
      } else next = { path: found, from: layer };
    }
  }
  return { layers, problems };
}

/** A path as people know it: relative to where they are, when that is shorter. */
export function display(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length > 0 && near.length < path.length ? near : path;
}

function locate(base: string, from: string, { readyMade }: ReadOptions): string | undefined {
  if (!base.startsWith(READY_MADE)) return resolve(dirname(from), base);
  const name = base.slice(READY_MADE.length);
  if (readyMade === undefined || !/^[a-z0-9-]+\.yaml$/.test(name)) return undefined;
  return resolve(readyMade, name);
}
