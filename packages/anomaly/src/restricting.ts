// What a guard needs for every call: what is restricted, and where records go that are watched later, without what watches,
// learns and tells. A program that has to start fast imports this, and the rest when it watches.
export { restrict, type RestrictOptions } from './response/restrict.ts';
export { RestrictionBook, type RestrictionBookOptions } from './response/restriction-book.ts';
export { imposing } from './response/change-restrictions.ts';
export { RestrictionFile } from './response/restriction-file.ts';
export type { Restrictions } from './response/restrictions.ts';
export { type RestrictionChange, restrictionsDiff, stillStanding } from './response/restrictions-diff.ts';
export type { Restriction } from './response/restriction.ts';
export { RecordStream } from './lookout/record-stream.ts';
