import { createDetector } from '../src/detector.ts';
import { createKeyReader } from '../src/keys/create-key-reader.ts';
import { createPersonDetector } from '../src/names/index.ts';
import { CORPORA, type CorpusName, type LabelledText, readCorpus, readFhir } from './corpora.ts';
import { type Generated, generate } from './generate/documents.ts';
import { HELD_OUT } from './generate/held-out.ts';
import { SEEN } from './generate/sentences.ts';
import { entitiesOf } from './labels.ts';
import { damaged, type Measured, measure, type Miss, type Scan } from './measure.ts';
import { type FhirMeasured, leavesAsDocuments, measureFhir } from './measure-json.ts';

interface Damage {
  readonly documents: number;
  readonly damaged: number;
}
export interface Evaluation {
  readonly corpora: ReadonlyMap<string, Measured>;
  readonly clean: ReadonlyMap<string, Damage>;
  readonly fhir: FhirMeasured;
}
export interface EvaluationOptions {
  /** Documents of each generated kind. Default 200. */
  readonly size?: number;
  /** Documents of each frozen corpus. Default all. */
  readonly most?: number;
  readonly report?: (corpus: string, miss: Miss) => void;
}

const SEED_SEEN = 1;
const SEED_HELD_OUT = 2;

/** Everything that `EVAL.md` shows; the same every time. */
export function evaluate(options: EvaluationOptions = {}): Evaluation {
  const { size = 200, most = Infinity, report = () => {} } = options;
  const detector = createDetector({ proseDetector: createPersonDetector() });
  const scan: Scan = (text) => detector.scan(text);
  const reader = createKeyReader();
  const corpora = new Map<string, Measured>();
  const clean = new Map<string, Damage>();
  const measured = (name: string, documents: readonly LabelledText[], by: Scan = scan): void => {
    corpora.set(
      name,
      measure(
        documents,
        by,
        (label) => entitiesOf(name, label),
        (miss) => report(name, miss),
      ),
    );
  };
  const cleaned = (name: string, documents: readonly LabelledText[]): void => {
    clean.set(name, {
      documents: documents.length,
      damaged: damaged(documents, scan, (miss) => report(`clean ${name}`, miss)),
    });
  };
  const generated = (name: string, set: Generated): void => {
    measured(`generated ${name}: mixed`, set.mixed);
    measured(`generated ${name}: clinical queries`, set.queries);
    const leaves = leavesAsDocuments(set.records, reader, scan);
    measured(`generated ${name}: records`, leaves.documents, leaves.scan);
    for (const [kind, documents] of Object.entries(set.clean))
      cleaned(`generated ${name}: ${kind}`, documents);
  };
  generated('seen', generate(SEEN, SEED_SEEN, size));
  generated('held out', generate(HELD_OUT, SEED_HELD_OUT, size));
  for (const name of CORPORA) {
    const documents = readCorpus(name).slice(0, most);
    measured(name, documents);
    const without = documents.filter((document) => document.spans.length === 0);
    if (isLabelledThroughout(name)) cleaned(name, without);
  }
  return { corpora, clean, fhir: measureFhir(readFhir().slice(0, most), reader, scan) };
}

/** The corpora of names label persons, places and firms only: a date in them is no damage. */
function isLabelledThroughout(name: CorpusName): boolean {
  return name === 'presidio' || name === 'datafog';
}
