/** Writes PACKS.md from the packs: `tsx --conditions=@sallyport/source scripts/packs-page.ts`. */
import { writeFileSync } from 'node:fs';

import { packsPage } from '../test/packs/packs-table.ts';

writeFileSync(new URL('../PACKS.md', import.meta.url), packsPage());
