import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandExample } from '../../../detection/test/secrets/expand-example.ts';

const FOLDER = new URL('../../rules-data/client-configs/', import.meta.url).pathname;

/** A config with the places of the credentials in it. */
export interface LabelledConfig {
  readonly name: string;
  readonly text: string;
  readonly planted: readonly (readonly [start: number, end: number])[];
}

/** The configs of a folder; `⟦‹shape›⟧` has become a value of that shape, another one for another seed. */
export function labelledConfigs(folder: 'ok' | 'ng', seed = 0): readonly LabelledConfig[] {
  return readdirSync(join(FOLDER, folder)).map((name) => {
    const marked = expandExample(readFileSync(join(FOLDER, folder, name), 'utf8'), `${name} ${seed}`);
    const planted: [number, number][] = [];
    let text = '';
    for (const part of marked.split(/(⟦[^⟧]*⟧)/)) {
      const value = /^⟦(.*)⟧$/.exec(part)?.[1];
      if (value !== undefined) planted.push([text.length, text.length + value.length]);
      text += value ?? part;
    }
    return { name, text, planted };
  });
}
