import { createDetector, SECRET_ENTITIES } from '@sallyport/detection';
import { withClientConfigs } from '../src/client-config/with-client-configs.ts';
import { createByteScanner } from '../src/engine/byte-scanner.ts';
import { createChunkScanner } from '../src/engine/chunk-scanner.ts';
import type { LabelledFile, Planted } from './labelled-file.ts';
import type { EvaluationSet } from './sets.ts';

/** What a scan finds in a set. */
export interface Measured {
  readonly name: string;
  readonly files: number;
  /** Of all files, in bytes. */
  readonly bytes: number;
  readonly planted: number;
  /** Of what is planted: covered from end to end, by any rule. */
  readonly found: number;
  /** Of that: by the rule whose kind it is of. */
  readonly byItsRule: number;
  /** Findings that have no part of what is planted, by file. */
  readonly alarms: readonly Alarm[];
  /** Files with such a finding. */
  readonly alarmed: number;
  readonly findings: number;
  readonly missed: readonly { readonly file: LabelledFile; readonly planted: Planted }[];
}

export interface Alarm {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

interface Found {
  readonly rule: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** Scans each file of each set as `sallyport scan` does. */
export function measure(sets: readonly EvaluationSet[]): readonly Measured[] {
  const detector = createDetector({ entities: SECRET_ENTITIES });
  const scanner = createByteScanner(createChunkScanner(withClientConfigs(detector)));
  const scan = ({ text }: LabelledFile): readonly Found[] => {
    const lines = lineStarts(text);
    return scanner.scanAll(Buffer.from(text)).hits.map(({ rule, line, column, endLine, endColumn }) => ({
      rule,
      line,
      start: (lines[line - 1] ?? 0) + column - 1,
      end: (lines[endLine - 1] ?? 0) + endColumn - 1,
    }));
  };
  return sets.map((set) => measureSet(set, scan));
}

function measureSet(
  { name, files }: EvaluationSet,
  scan: (file: LabelledFile) => readonly Found[],
): Measured {
  let [bytes, planted, found, byItsRule, findings, alarmed] = [0, 0, 0, 0, 0, 0];
  const alarms: Alarm[] = [];
  const missed: Measured['missed'][number][] = [];
  for (const file of files) {
    const all = scan(file);
    bytes += Buffer.byteLength(file.text);
    findings += all.length;
    planted += file.planted.length;
    for (const one of file.planted) {
      const covering = all.filter(({ start, end }) => start <= one.start && end >= one.end);
      if (covering.length === 0) missed.push({ file, planted: one });
      else found += 1;
      if (covering.some(({ rule }) => rule === one.rule)) byItsRule += 1;
    }
    const beside = all.filter(
      (one) => !file.planted.some(({ start, end }) => one.start < end && start < one.end),
    );
    alarmed += beside.length > 0 ? 1 : 0;
    for (const { rule, line } of beside) alarms.push({ file: file.name, line, rule });
  }
  return { name, files: files.length, bytes, planted, found, byItsRule, alarms, alarmed, findings, missed };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
