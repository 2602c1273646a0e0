import type { Layer } from './read-layers.ts';
import type { Settings } from './settings.ts';

/** `scan:` of a policy file, as it is written: what `sallyport scan` does not report. */
export interface ScanSection {
  readonly allow?: readonly ScanAllowance[];
  /** Ids of rules to leave out. */
  readonly without?: readonly string[];
  /** A longer file is not scanned, and the scan says so. Default: 4096. */
  readonly maxFileMegabytes?: number;
}

/** What is no leak, and why. Every condition that is given has to hold, and at least one has to be given. */
export interface ScanAllowance {
  readonly reason: string;
  /** As in a .gitignore, against paths from where the scan is started. */
  readonly paths?: readonly string[];
  /** Ids of rules. */
  readonly rules?: readonly string[];
  /** A regular expression of the linear subset for the whole credential. */
  readonly pattern?: string;
}

/** What a policy says about scans, put together from its files. */
export interface ScanSettings {
  readonly allow: readonly ScanAllowance[];
  readonly without: readonly string[];
  readonly maxFileMegabytes: number | undefined;
}

/** Undefined where no file has the section. Allowances and rules that are left out of all files are added. */
export function mergeScan(layers: readonly Layer[], settings: Settings): ScanSettings | undefined {
  const sections = layers.flatMap((layer) => {
    const section = layer.file.scan;
    return section === undefined ? [] : [{ layer, section }];
  });
  if (sections.length === 0) return undefined;
  return {
    allow: sections.flatMap(({ layer, section: { allow = [] } }) => {
      for (const [index, { reason }] of allow.entries())
        settings.note('scan.allow', reason, layer, ['scan', 'allow', index]);
      return allow;
    }),
    without: sections.flatMap(({ layer, section: { without = [] } }) => {
      if (without.length > 0) settings.note('scan.without', without.join(', '), layer, ['scan', 'without']);
      return without;
    }),
    maxFileMegabytes: settings.pick(['scan', 'maxFileMegabytes'], ({ scan }) => scan?.maxFileMegabytes)
      ?.value,
  };
}
