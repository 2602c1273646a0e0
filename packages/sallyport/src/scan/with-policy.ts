import { readyMadePolicies } from '../ready-made-policies.ts';
import type { SourceOptions } from './scan-options.ts';

const MEGABYTE = 2 ** 20;

/**
 * The options with what a policy says about scans: its allowances, the rules that it leaves out, besides those that the
 * command leaves out, and its limit, where the command has none.
 *
 * A policy counts only where it is named: one that lies in a folder that somebody else wrote could allow anything.
 *
 * @throws PolicyError; TypeError where the policy says nothing about scans
 */
export async function withPolicy<T extends SourceOptions>(options: T): Promise<T> {
  const { policy: file } = options;
  if (file === undefined) return options;
  // What reads policies is large, and most scans do without.
  const { loadPolicy } = await import('@sallyport/policy');
  const { scan } = await loadPolicy(file, { readyMade: readyMadePolicies() });
  if (scan === undefined)
    throw new TypeError(
      `${file} says nothing about scans; add "scan: { allow: [...] }", or leave out --policy`,
    );
  const maxFile = options.maxFile ?? bytesOf(scan.maxFileMegabytes);
  return {
    ...options,
    allow: [...(options.allow ?? []), ...scan.allow],
    without: [...(options.without ?? []), ...scan.without],
    ...(maxFile !== undefined && { maxFile }),
  };
}

function bytesOf(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : Math.max(1, Math.floor(megabytes * MEGABYTE));
}
