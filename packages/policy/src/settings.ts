import type { PolicyFile } from './policy-file.ts';
import type { Origin } from './policy.ts';
import type { Layer } from './read-layers.ts';
import type { Path } from './yaml-source.ts';

/** Picks settings out of the layers, and remembers where each came from. */
export class Settings {
  readonly origins: Origin[] = [];
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
  }

  /** The setting of the first layer that has it. */
  pick<T>(
    at: Path,
    read: (file: PolicyFile) => T | undefined,
    describe: (value: T) => string = shown,
  ): { value: T; layer: Layer } | undefined {
    for (const layer of this.layers) {
      const value = read(layer.file);
      if (value === undefined) continue;
      this.note(at.join('.'), describe(value), layer, at);
      return { value, layer };
    }
    return undefined;
  }

  pickOr<T extends string | number | boolean>(
    fallback: T,
    at: Path,
    read: (file: PolicyFile) => T | undefined,
  ): T {
    const picked = this.pick(at, read);
    if (picked !== undefined) return picked.value;
    this.origins.push({ setting: at.join('.'), value: String(fallback), at: 'default' });
    return fallback;
  }

  note(setting: string, value: string, layer: Layer, at: Path): void {
    this.origins.push({ setting, value, at: `${layer.source.file}:${layer.source.at(at).line}` });
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
