import { type ScanProblem, visible } from '@sallyport/audit';
import { complain } from '../complain.ts';
import { type ClosedFolder, closedText } from './open-journals.ts';

const MOST = 5;

/** Tells of what could not be read, and not more than a few times. */
export class ProblemLog {
  #count = 0;
  readonly #complain: (line: string) => void;

  constructor(tell: (line: string) => void = complain) {
    this.#complain = tell;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  readonly add = (problem: ScanProblem): void => {
    this.#tell(`${visible(problem.journal)}: ${meaningOf(problem)}`);
  };

  closed(folder: ClosedFolder): void {
    this.#tell(`${visible(folder.name)} was left out: ${closedText(folder)}`);
  }

  #tell(line: string): void {
    this.#count += 1;
    if (this.#count <= MOST) this.#complain(line);
    if (this.#count === MOST) this.#complain('more may be wrong; sallyport audit verify says what it means');
  }
}

function meaningOf({ why, sequence, until }: ScanProblem): string {
  switch (why) {
    case 'unreadable':
      return `record ${sequence} cannot be read, nor what follows it in its file; run sallyport audit verify`;
    case 'missing':
      return until === undefined || until === sequence + 1
        ? `record ${sequence} is missing; run sallyport audit verify`
        : `records ${sequence} to ${until - 1} are missing; run sallyport audit verify`;
    case 'order':
      return `record ${sequence} is not where it belongs; run sallyport audit verify`;
    case 'malformed':
      return `record ${sequence} is no audit record, and was left out; run sallyport audit verify`;
    case 'reread':
      return `what was shown last did not reach the disk; others took its place, from record ${sequence} on`;
  }
}
