export { createNameContext, type NameContext } from './name-context.ts';
export { createNameTagger, type NameSpan, type NameTagger } from './name-tagger.ts';
export { createPersonDetector, type PersonDetector } from './person-detector.ts';
export { decodeWeights, encodeWeights, type NameWeights } from './weights-format.ts';
