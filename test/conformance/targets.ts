import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gatewayCommand, protectForConformance } from './guard.ts';
import type { RunningServer } from './http-listener.ts';
import type { OfficialSuite } from './official-suite.ts';
import { startReferenceServerV1 } from './reference-server-v1.ts';
import { startReferenceServerV2 } from './reference-server-v2.ts';
import { bridgeToHttp } from './stdio-to-http.ts';

/** Something that the official suite tests twice: as it is, and guarded. */
export interface Target {
  readonly name: string;
  readonly suites: readonly OfficialSuite[];
  start(guarded: boolean): Promise<RunningServer>;
}

/** The newer release of the suite tests the older revision too, with more checks. */
const OLDER: readonly OfficialSuite[] = [
  { alias: 'conformance-2025', revision: '2025-11-25' },
  { alias: 'conformance-2026', revision: '2025-11-25' },
];
const BOTH: readonly OfficialSuite[] = [...OLDER, { alias: 'conformance-2026', revision: '2026-07-28' }];

export async function conformanceTargets(): Promise<Target[]> {
  const protect = await protectForConformance();
  return [
    {
      name: 'protect, SDK v1',
      suites: OLDER,
      start: (guarded) => startReferenceServerV1(guarded ? { protect } : {}),
    },
    {
      name: 'protect, SDK v2',
      suites: BOTH,
      start: (guarded) => startReferenceServerV2(guarded ? { protect } : {}),
    },
    behindGateway('stdio gateway', BOTH, [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('reference-stdio.ts', import.meta.url)),
    ]),
    behindGateway('stdio gateway, server-everything', OLDER, [
      process.execPath,
      createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js'),
      'stdio',
    ]),
  ];
}

function behindGateway(name: string, suites: readonly OfficialSuite[], command: readonly string[]): Target {
  return { name, suites, start: (guarded) => bridgeToHttp(guarded ? gatewayCommand(command) : command) };
}
